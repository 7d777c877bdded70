import { describe, expect, it } from 'vitest';
import { startLive } from '../../support/live-gateway.js';
import { packets, startBroker, USERS } from '../../support/mqtt/embedded-broker.js';
import { PATIENCE_MS } from '../../support/timing.js';

describe('the embedded broker', () => {
  it('sleeps until somebody connects, and says once that it is awake', async () => {
    await using stage = await startBroker();
    let awoken = 0;
    stage.broker.on('awake', () => {
      awoken += 1;
    });
    expect(stage.broker).toMatchObject({ isAwake: false });
    expect(stage.broker.address).toMatch(/^127\.0\.0\.1:\d+$/);
    await using first = await stage.connect();
    await using _second = await stage.connect();
    await using _own = await stage.own();
    expect(stage.broker.isAwake).toBe(true);
    expect(awoken).toBe(1);
    expect(first.client.connected).toBe(true);
  });

  it('wakes for the gateway’s own line too', async () => {
    await using stage = await startBroker();
    await using own = await stage.own();
    expect(stage.broker.isAwake).toBe(true);
    expect(await own.subscribe('a')).toBe(true);
  });

  it('loses nothing of what clients send while it wakes up', async () => {
    await using stage = await startBroker();
    const sockets = await Promise.all(
      [...Array(10).keys()].map((n) =>
        stage.raw(packets.connect(`early-${n}`), packets.publish(`early/${n}`, 'x', true), packets.ping),
      ),
    );
    await stage.reaches('retained', 10);
    await using late = await stage.connect();
    await late.subscribe('early/+');
    await expect.poll(() => late.topics.toSorted(), { timeout: PATIENCE_MS }).toHaveLength(10);
    expect(sockets).toHaveLength(10);
  });

  it('passes messages on at every quality of service, and to a client that was away', async () => {
    await using stage = await startBroker();
    const away = { clientId: 'sleeper', clean: false };
    {
      await using sleeper = await stage.connect(away);
      for (const qos of [0, 1, 2] as const) await sleeper.subscribe(`q/${qos}`, qos);
    }
    await using talker = await stage.connect();
    for (const qos of [0, 1, 2] as const) {
      await talker.client.publishAsync(`q/${qos}`, `first ${qos}`, { qos });
    }
    await using sleeper = await stage.connect(away);
    for (const qos of [0, 1, 2] as const) {
      await talker.client.publishAsync(`q/${qos}`, `second ${qos}`, { qos });
    }
    await expect.poll(() => sleeper.heard.length, { timeout: PATIENCE_MS }).toBe(5);
    expect(sleeper.heard.map(({ payload }) => payload).toSorted()).toEqual([
      'first 1',
      'first 2',
      'second 0',
      'second 1',
      'second 2',
    ]);
  });

  it('publishes the last will of a client that breaks off, and not that of one that says goodbye', async () => {
    await using stage = await startBroker();
    await using listener = await stage.connect();
    await listener.subscribe('gone/#');
    const polite = await stage.connect({
      will: { topic: 'gone/polite', payload: Buffer.from('x'), qos: 0, retain: false },
    });
    await polite.client.endAsync();
    const rude = await stage.connect({
      will: { topic: 'gone/rude', payload: Buffer.from('x'), qos: 0, retain: false },
    });
    rude.client.stream.destroy();
    await listener.hears('gone/rude');
    expect(listener.topics).toEqual(['gone/rude']);
  });

  it('lets a client with the same id take over, also when both come at once', async () => {
    await using stage = await startBroker();
    await using first = await stage.connect({ clientId: 'same' });
    await using second = await stage.connect({ clientId: 'same' });
    await first.isCut();
    expect(second.client.connected).toBe(true);
    const crowd = await Promise.allSettled([...Array(20)].map(() => stage.connect({ clientId: 'same' })));
    await stage.reaches('connections', 1);
    for (const one of crowd) if (one.status === 'fulfilled') await one.value[Symbol.asyncDispose]();
  });

  it('has a line of the gateway’s own that no account limits', async () => {
    await using stage = await startBroker({ users: USERS });
    await using own = await stage.own();
    for (const filter of ['#', '$SYS/#']) expect(await own.subscribe(filter)).toBe(true);
    await using ada = await stage.as('ada');
    await ada.client.publishAsync('home/ada/x', 'hello');
    await own.hears('home/ada/x');
    await ada.subscribe('home/ada/y');
    await own.client.publishAsync('home/ada/y', 'hello yourself');
    await ada.hears('home/ada/y');
    await expect.poll(() => own.topics.some((topic) => topic.startsWith('$SYS/'))).toBe(true);
  });

  it('ends the gateway’s line when either end goes', async () => {
    await using stage = await startBroker();
    const line = await stage.broker.connect();
    line.destroy();
    await using own = await stage.own();
    await using usurper = await stage.own();
    await own.isCut();
    expect(usurper.client.connected).toBe(true);
  });

  it('tells where it is listened to when its port is taken, and everything else runs', async () => {
    await using stage = await startBroker();
    const { port } = stage;
    await using second = await startLive({ config: { plugins: { 'mqtt-broker': { port } } } });
    expect(second.gateway.plugins.find(({ name }) => name === 'mqtt-broker')).toMatchObject({
      state: 'unavailable',
      reason: `127.0.0.1:${port} is in use, perhaps by another broker; to use that one set plugins.transport-mqtt.broker to mqtt://127.0.0.1:${port}, or give this one another port with plugins.mqtt-broker.port`,
    });
  });

  it.each([
    ['nobody has a name', {}, 'On 0.0.0.0 anyone in the network could drive the devices'],
    [
      'clients without a name may do something',
      { users: USERS, anonymous: { subscribe: ['#'] } },
      'On 0.0.0.0 anyone in the network could come in without a name',
    ],
  ])('does not listen to the network where %s', async (_why, config, sentence) => {
    await using live = await startLive({
      config: { plugins: { 'mqtt-broker': { host: '0.0.0.0', port: 0, ...config } } },
    });
    const plugin = live.gateway.plugins.find(({ name }) => name === 'mqtt-broker');
    expect(plugin?.state).toBe('unavailable');
    expect(plugin?.reason).toContain(sentence);
  });

  it('listens to the network when there are users and nobody else', async () => {
    await using stage = await startBroker({ host: '0.0.0.0', users: USERS });
    await using ada = await stage.as('ada');
    expect(ada.client.connected).toBe(true);
    await expect(stage.connect()).rejects.toThrow('Not authorized');
  });
});
