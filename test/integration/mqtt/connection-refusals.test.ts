import { mqttConnector } from 'pulsegate/mqtt';
import { describe, expect, it } from 'vitest';
import { TESTBED } from '../../support/live-gateway.js';
import { CuttableProxy } from '../../support/mqtt/cuttable-proxy.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { startBroker } from '../../support/mqtt/embedded-broker.js';
import { GATEWAY, GatewayOnBroker, ROOT } from '../../support/mqtt/gateway-on-broker.js';
import { pausesOf, servesOthers, warningsOf } from '../../support/mqtt/gateway-says.js';
import { HandClient, somebody } from '../../support/mqtt/hand-client.js';
import { Mosquitto } from '../../support/mqtt/mosquitto.js';
import { withoutSubscribing, withWritable } from '../../support/mqtt/mosquitto-rules.js';
import { decode } from '../../support/stop/outputs.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** Brokers that let the gateway in, or not, and do not let it do everything. */

const soon = { interval: 5, timeout: PATIENCE_MS };
/** So that the pauses of a broker that is away, at most this long, are not mistaken for those of one that says no. */
const QUICK = { reconnect: { maxDelay: 100 } };
/** Everything that the gateway publishes to, and clients of a test with it. */
const ALL = ['status', 'info', 'heartbeat', 'sync', 'device-count', 'scan', 'errors', 'devices/#', 'clients/#'];
const DEVICES = 'devices/#';

const allBut = (denied: string) =>
  withWritable([...ALL.filter((topic) => topic !== denied).map((topic) => `${ROOT}/${topic}`), 'homeassistant/#']);

/** A broker that says no is not pestered: the first pauses are 500 ms and a second, or half of that. */
async function isAskedSlowly({ live }: GatewayOnBroker): Promise<void> {
  await expect.poll(() => pausesOf(live).length, soon).toBeGreaterThan(1);
  const [first = 0, second = 0] = pausesOf(live);
  // A timer may be a millisecond early.
  expect(first).toBeGreaterThanOrEqual(249);
  expect(second).toBeGreaterThanOrEqual(499);
}

/** What holds for everybody else while the connection is not there. */
async function isDown(gateway: GatewayOnBroker): Promise<void> {
  expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down', devices: 1 });
  await servesOthers(gateway.live);
}

/** Everything over MQTT but what is refused. */
async function drivesOverMqtt(gateway: GatewayOnBroker, url: string): Promise<void> {
  await using hand = await HandClient.connect(url, ROOT);
  await hand.drive(0, { Vibrate: { Value: 9 } });
  await gateway.live.simulated.reaches(TESTBED, 0, 9);
  hand.vanish();
  await gateway.live.simulated.reaches(TESTBED, 0, 0);
}

describeMosquitto('a broker that does not let the gateway publish', () => {
  it('what its devices do: it says so once, and all else works', async () => {
    await using broker = await allBut(DEVICES);
    await using line = await CuttableProxy.start(broker.port);
    await using gateway = await GatewayOnBroker.start({ broker: line.url, ...QUICK });
    await gateway.reaches('up');
    const told = () => warningsOf(gateway.live, 'does not let');
    await expect.poll(told, soon).toHaveLength(1);
    expect(told()[0]).toMatch(
      /^mqtt: The MQTT broker does not let this gateway publish to "pulsegate\/kitchen\/devices\/pulsegate-testbed-\w+\/info"; of others like it the log tells at level debug$/,
    );
    await gateway.logs('/0/state');
    expect(await gateway.health()).toMatchObject({ status: 'ok', mqtt: 'up' });
    await servesOthers(gateway.live);
    await drivesOverMqtt(gateway, broker.url);
    const retained = await broker.retained(`${ROOT}/#`);
    expect(retained.get(`${ROOT}/status`)).toBe('online');
    expect(retained.get(`${ROOT}/device-count`)).toBe('1');
    expect([...retained.keys()].filter((topic) => topic.startsWith(`${ROOT}/devices/`))).toEqual([]);
    // Nor again with the next connection.
    line.cut();
    await gateway.reaches('down');
    await gateway.reaches('up');
    const before = gateway.live.log.length;
    await expect
      .poll(() => gateway.live.log.slice(before).some((text) => text.includes('does not let')), soon)
      .toBe(true);
    expect(told()).toHaveLength(1);
  });

  it('the mark between old and new: it says so', async () => {
    await using broker = await allBut('sync');
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, ...QUICK });
    await gateway.reaches('up');
    await expect
      .poll(() => warningsOf(gateway.live, 'does not let'), soon)
      .toEqual([expect.stringContaining(`does not let this gateway publish to "${ROOT}/sync"`)]);
    await drivesOverMqtt(gateway, broker.url);
  });

  it.each(['status', 'info'])('its %s: it says which, and asks slowly', async (topic) => {
    await using broker = await allBut(topic);
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, ...QUICK });
    await isAskedSlowly(gateway);
    expect(gateway.client.state).toBe('down');
    expect(warningsOf(gateway.live)).toEqual([
      `mqtt: no connection to ${broker.url}: The MQTT broker does not let this gateway publish to "${ROOT}/${topic}"; it is tried again and again`,
    ]);
    await isDown(gateway);
  });

  it('its heartbeat: it says what does not come back, and goes on serving others', async () => {
    await using broker = await allBut('heartbeat');
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, stallAfter: 1_000, ...QUICK });
    await gateway.logs(`the broker passes on nothing that is published to ${ROOT}/heartbeat`);
    await servesOthers(gateway.live);
  });
});

describeMosquitto('a broker that does not let the gateway subscribe', () => {
  it.each([`${ROOT}/status`, `${ROOT}/info`, 'homeassistant/status'])(
    'to %s: it says so once, and all else works',
    async (filter) => {
      await using broker = await withoutSubscribing([filter]);
      await using line = await CuttableProxy.start(broker.port);
      await using gateway = await GatewayOnBroker.start({ broker: line.url, ...QUICK });
      await gateway.reaches('up');
      line.cut();
      await gateway.reaches('down');
      await gateway.reaches('up');
      expect(warningsOf(gateway.live, 'does not let')).toEqual([
        `mqtt: The MQTT broker does not let this gateway subscribe to "${filter}"`,
      ]);
      expect(await gateway.health()).toMatchObject({ status: 'ok', mqtt: 'up' });
      // The rules are for all: nobody may ask for the one topic, and everybody for all below it.
      expect((await broker.retained(`${ROOT}/#`)).get(`${ROOT}/status`)).toBe('online');
      await drivesOverMqtt(gateway, broker.url);
    },
  );

  it('nor an app: its connector says to what', async () => {
    await using broker = await withoutSubscribing([`${ROOT}/status`]);
    for (const protocolVersion of [4, 5] as const) {
      const connector = mqttConnector({ broker: broker.url, gateway: GATEWAY, protocolVersion });
      await expect(connector.connect()).rejects.toThrow(
        `The MQTT broker does not let this client subscribe to ${ROOT}/status`,
      );
    }
  });

  it('to the orders of plain topics: sessions work, and orders reach nobody', async () => {
    await using broker = await withoutSubscribing([`${ROOT}/devices/+/+/set`]);
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, ...QUICK });
    await gateway.reaches('up');
    await using other = await somebody(broker.url);
    const ids = async () => [...(await broker.retained(`${ROOT}/devices/+/info`)).keys()];
    await expect.poll(ids, soon).toHaveLength(1);
    const [info = ''] = await ids();
    await other.publishAsync(info.replace(/info$/, '0/set'), '1', { qos: 1 });
    // What was published before it would have come before it.
    await drivesOverMqtt(gateway, broker.url);
    const { packets } = await gateway.live.simulated.state(TESTBED);
    const levels = packets
      .map(({ time, hex }) => decode(Date.parse(time), hex))
      .filter(({ feature }) => feature === 0)
      .map(({ level }) => level);
    expect(levels).toContain(9);
    expect(levels).not.toContain(20);
    expect(warningsOf(gateway.live, 'does not let')).toEqual([
      `mqtt: The MQTT broker does not let this gateway subscribe to "${ROOT}/devices/+/+/set"`,
    ]);
  });

  it.each(['heartbeat', 'sync'])('to its own %s: it says which, and asks slowly', async (topic) => {
    await using broker = await withoutSubscribing([`${ROOT}/${topic}`]);
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, ...QUICK });
    await isAskedSlowly(gateway);
    expect(gateway.client.state).toBe('down');
    expect(warningsOf(gateway.live)).toEqual([
      `mqtt: no connection to ${broker.url}: The MQTT broker does not let this gateway subscribe to "${ROOT}/${topic}"; it is tried again and again`,
    ]);
    await isDown(gateway);
  });

  it('tells a script that wants to, and goes on', async () => {
    await using broker = await withoutSubscribing(['home/secret']);
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, ...QUICK });
    await gateway.reaches('up');
    await expect(gateway.client.subscribe('home/secret', () => {})).rejects.toThrow(
      'The MQTT broker does not let this gateway subscribe to "home/secret"',
    );
    const heard: string[] = [];
    await using _listening = await gateway.client.subscribe('home/lamp', ({ topic }) => heard.push(topic));
    await gateway.client.publish('home/secret', 'x');
    await gateway.client.publish('home/lamp', 'x');
    await expect.poll(() => heard, soon).toEqual(['home/lamp']);
  });
});

describe('the embedded broker of another gateway', () => {
  /** With an account for this gateway. */
  const start = (publish: readonly string[], subscribe: readonly string[]) =>
    startBroker({
      users: {
        kitchen: { password: 'kitchen-secret', publish, subscribe },
        app: { password: 'app-secret', publish: ['#'], subscribe: ['#'] },
      },
    });
  const login = { username: 'kitchen', password: 'kitchen-secret' };

  it('does not let it subscribe to something: it says so once, and all else works', async () => {
    await using stage = await start([`${ROOT}/#`, 'homeassistant/#'], [`${ROOT}/#`]);
    const broker = `mqtt://127.0.0.1:${stage.port}`;
    await using gateway = await GatewayOnBroker.start({ broker, ...login, ...QUICK });
    await gateway.reaches('up');
    await gateway.logs('(MQTT 3.1.1)');
    await using app = await stage.as('app');
    await app.subscribe(`${ROOT}/#`);
    await app.hears(`${ROOT}/device-count`);
    expect(warningsOf(gateway.live, 'does not let')).toEqual([
      'mqtt: The MQTT broker does not let this gateway subscribe to "homeassistant/status"',
    ]);
    await servesOthers(gateway.live);
  });

  it('hangs up on what it may not publish: the log is not flooded, and everybody else is served', async () => {
    await using stage = await start([`${ROOT}/#`], [`${ROOT}/#`, 'homeassistant/#']);
    const broker = `mqtt://127.0.0.1:${stage.port}`;
    await using gateway = await GatewayOnBroker.start({ broker, ...login, ...QUICK });
    await expect.poll(() => gateway.live.metric('pulsegate_mqtt_reconnects_total'), soon).toBeGreaterThan(12);
    expect(warningsOf(gateway.live, 'no connection lasts')).toHaveLength(1);
    expect(warningsOf(gateway.live).length).toBeLessThan(8);
    await servesOthers(gateway.live);
    expect(stage.live.log.join()).toContain('kitchen at 127.0.0.1');
  });
});

describeMosquitto('a broker that does not know the gateway', () => {
  it.each([
    ['a wrong password', { username: 'home', password: 'wrong' }],
    ['a wrong name', { username: 'nobody', password: 'secret' }],
    ['no name', {}],
  ])('by %s is asked slowly; everybody else is served', async (_which, login) => {
    await using broker = await Mosquitto.start({ users: { home: 'secret' } });
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, ...login, ...QUICK });
    await isAskedSlowly(gateway);
    expect(gateway.client.state).toBe('down');
    expect(warningsOf(gateway.live)).toEqual([
      `mqtt: no connection to ${broker.url}: it does not let this client in (username and password of plugins.transport-mqtt); it is tried again and again`,
    ]);
    expect(gateway.live.log.join()).not.toContain('secret');
    await isDown(gateway);
    await using known = await GatewayOnBroker.start({ broker: broker.url, username: 'home', password: 'secret' });
    await known.reaches('up');
  });
});
