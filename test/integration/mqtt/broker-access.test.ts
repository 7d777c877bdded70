import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BrokerStage, packets, startBroker, USERS } from '../../support/mqtt/embedded-broker.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** Topics and filters that reach into Bob's tree, or further; Ada has `home/ada/#`. */
const FILTERS_BEYOND = [
  '#',
  '+',
  '+/#',
  'home/#',
  'home/+/#',
  'home/+/door',
  'home/bob/#',
  'home/bob/door',
  'home/ada#',
  'home/adam/#',
  'HOME/ada/#',
  '/home/ada/#',
  '$share/group/home/bob/#',
  '$share/group/home/ada/#',
  '$share/group/#',
  '$SYS/#',
  '$SYS/+/new/clients',
  '$queue/home/ada/#',
];

describe('a client of the embedded broker that is allowed on one tree', () => {
  let stage: BrokerStage;
  beforeEach(async () => {
    stage = await startBroker({ users: USERS });
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  it('has all of its own', async () => {
    await using ada = await stage.as('ada');
    for (const filter of ['home/ada/#', 'home/ada', 'home/ada/+/state', 'home/ada/../door']) {
      expect(await ada.subscribe(filter)).toBe(true);
    }
    await ada.client.publishAsync('home/ada/door', 'open', { qos: 1 });
    await ada.hears('home/ada/door');
  });

  it.each(FILTERS_BEYOND)('is refused %s, and hears nothing by it', async (filter) => {
    await using ada = await stage.as('ada');
    await using bob = await stage.as('bob');
    expect(await ada.subscribe('home/ada/#')).toBe(true);
    // Some of them no client library would send. Aedes closes the connection for some, which is as good as a refusal.
    const socket = await stage.raw(
      packets.login('ada', 'ada-secret', { clientId: 'raw ada' }),
      packets.subscribe([filter]),
      packets.ping,
    );
    const said: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => said.push(bytes));
    const answer = () => Buffer.concat(said).toString('hex');
    await expect.poll(() => socket.readableEnded || answer().endsWith('d000'), { timeout: PATIENCE_MS }).toBe(true);
    expect(['20020000', '200200009003000780d000', '20020000d000']).toContain(answer());
    await bob.client.publishAsync('home/bob/door', 'secret', { qos: 1, retain: true });
    await bob.client.publishAsync('home/bob/door', '', { qos: 1, retain: true });
    await using root = await stage.as('root');
    await root.client.publishAsync('home/ada/last', 'x', { qos: 1 });
    await ada.hears('home/ada/last');
    expect(ada.topics).toEqual(['home/ada/last']);
    expect(Buffer.concat(said).toString()).not.toContain('secret');
    socket.destroy();
  });

  it('is refused one filter among others, also by the offline queue', async () => {
    const session = { clientId: 'ada away', clean: false };
    {
      await using ada = await stage.as('ada', session);
      const granted = await ada.client
        .subscribeAsync({ 'home/ada/#': { qos: 1 }, 'home/bob/#': { qos: 1 } })
        .catch((error: unknown) => error);
      expect(granted).toBeDefined();
    }
    await using root = await stage.as('root');
    await root.client.publishAsync('home/bob/while-away', 'secret', { qos: 1 });
    await root.client.publishAsync('home/ada/while-away', 'x', { qos: 1 });
    await using ada = await stage.as('ada', session);
    await ada.hears('home/ada/while-away');
    await root.client.publishAsync('home/bob/now', 'secret', { qos: 1 });
    await root.client.publishAsync('home/ada/now', 'x', { qos: 1 });
    await ada.hears('home/ada/now');
    expect(ada.topics).toEqual(['home/ada/while-away', 'home/ada/now']);
  });

  it('hears nothing retained of another tree, and all of its own', async () => {
    await using root = await stage.as('root');
    await root.client.publishAsync('home/bob/kept', 'secret', { qos: 1, retain: true });
    await root.client.publishAsync('home/ada/kept', 'mine', { qos: 1, retain: true });
    await using ada = await stage.as('ada');
    await ada.subscribe('#');
    await ada.subscribe('home/+/kept');
    await ada.subscribe('home/ada/+');
    await ada.hears('home/ada/kept');
    expect(ada.heard).toEqual([{ topic: 'home/ada/kept', payload: 'mine', retain: true }]);
    for (const name of ['ada', 'bob'])
      await root.client.publishAsync(`home/${name}/kept`, '', { qos: 1, retain: true });
  });

  it.each(['home/bob/door', 'home', 'home/adam', '$SYS/x', '$share/g/home/ada/x', 'homeassistant/device/x/config'])(
    'publishes nothing to %s, neither now nor retained, and is put out',
    async (topic) => {
      await using root = await stage.as('root');
      await root.subscribe('#');
      for (const options of [{ qos: 0 }, { qos: 1, retain: true }] as const) {
        await using ada = await stage.as('ada');
        ada.client.publish(topic, 'from ada', options);
        await ada.isCut();
      }
      await root.client.publishAsync('last', 'x', { qos: 1 });
      await root.hears('last');
      expect(root.heard).toEqual([{ topic: 'last', payload: 'x', retain: false }]);
      await using late = await stage.as('root');
      await late.subscribe(topic);
      await late.client.publishAsync('last', 'x', { qos: 1 });
      expect(late.topics).toEqual([]);
    },
  );

  it.each(['home/bob/will', 'home/#', 'home/ada/+', '$SYS/will', ''])(
    'does not get in with a last will for "%s"',
    async (topic) => {
      const will = { topic, payload: Buffer.from('boo'), qos: 1, retain: true } as const;
      await expect(
        stage.connectRaw(packets.login('ada', 'ada-secret', { clientId: 'with a will', will })),
      ).resolves.toBe(5);
    },
  );

  it('gets in with a last will of its own tree', async () => {
    const will = { topic: 'home/ada/will', payload: Buffer.from('boo'), qos: 1, retain: false } as const;
    await using root = await stage.as('root');
    await root.subscribe('#');
    const ada = await stage.as('ada', { will });
    ada.client.stream.destroy();
    await root.hears('home/ada/will');
  });

  it('does not get another’s session or place by taking its client id', async () => {
    const session = { clientId: 'bob’s own', clean: false };
    await using bob = await stage.as('bob', session);
    await bob.subscribe('home/bob/#', 1);
    await expect(stage.as('ada', session)).rejects.toThrow('Identifier rejected');
    expect(bob.client.connected).toBe(true);
    await bob.client.endAsync();
    await expect(stage.as('ada', session)).rejects.toThrow('Identifier rejected');
    await using again = await stage.as('bob', session);
    expect(again.client.connected).toBe(true);
  });

  it('does not become the gateway by taking its client id', async () => {
    await using own = await stage.own({ clientId: 'the gateway' });
    await own.subscribe('#');
    await expect(stage.as('ada', { clientId: 'the gateway' })).rejects.toThrow('Identifier rejected');
    expect(own.client.connected).toBe(true);
  });

  it('gives its client id up to the gateway, if that is what it takes', async () => {
    await using ada = await stage.as('ada', { clientId: 'wanted' });
    await using own = await stage.own({ clientId: 'wanted' });
    await ada.isCut();
    expect(own.client.connected).toBe(true);
  });

  it.each([
    ['a wrong password', { username: 'ada', password: 'bob-secret' }, 'Bad username or password'],
    ['no password', { username: 'ada' }, 'Bad username or password'],
    ['an unknown name', { username: 'mallory', password: 'ada-secret' }, 'Bad username or password'],
    ['a name every object has', { username: 'constructor', password: 'x' }, 'Bad username or password'],
    ['no name', {}, 'Not authorized'],
  ])('does not get in with %s', async (_what, credentials, sentence) => {
    await expect(stage.connect(credentials)).rejects.toThrow(sentence);
  });

  it('reads a grant with a wildcard in the middle as it stands', async () => {
    await using eve = await stage.as('eve');
    for (const filter of ['home/+/mail', 'home/bob/mail', 'shared/#']) expect(await eve.subscribe(filter)).toBe(true);
    for (const filter of ['home/#', 'home/bob/#', 'home/bob/door', 'home/bob/mail/sub']) {
      expect(await eve.subscribe(filter)).toBe(false);
    }
    eve.client.publish('shared/x', 'she may hear it, not say it');
    await eve.isCut();
  });
});

describe('clients without a name', () => {
  it('may do everything but reach the broker’s own topics as long as nobody has a name', async () => {
    await using stage = await startBroker();
    await using client = await stage.connect();
    expect(await client.subscribe('#')).toBe(true);
    for (const filter of ['$SYS/#', '$share/g/#']) expect(await client.subscribe(filter)).toBe(false);
    await client.client.publishAsync('any/thing', 'x', { qos: 1 });
    await client.hears('any/thing');
    expect(client.topics.filter((topic) => topic.startsWith('$'))).toEqual([]);
  });

  it('may do what they were granted, beside those who have one', async () => {
    await using stage = await startBroker({ users: USERS, anonymous: { subscribe: ['public/#'] } });
    await using guest = await stage.connect();
    await using root = await stage.as('root');
    expect(await guest.subscribe('public/#')).toBe(true);
    expect(await guest.subscribe('home/#')).toBe(false);
    await root.client.publishAsync('public/news', 'x');
    await guest.hears('public/news');
    guest.client.publish('public/news', 'x');
    await guest.isCut();
  });

  it('do not get in when nothing is granted to them', async () => {
    await using stage = await startBroker({ anonymous: {} });
    await expect(stage.connect()).rejects.toThrow('Not authorized');
  });
});
