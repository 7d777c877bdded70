import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import type { MqttMessage } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { CuttableProxy } from '../../support/mqtt/cuttable-proxy.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { GATEWAY, GatewayOnBroker, ROOT } from '../../support/mqtt/gateway-on-broker.js';
import { Mosquitto } from '../../support/mqtt/mosquitto.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** The connection that everybody in the gateway shares, on a real broker. */

const PASSWORD = 'a-password-that-nobody-may-see';
const soon = { interval: 5, timeout: PATIENCE_MS };

/** Somebody else on the broker. */
async function somebody(url: string) {
  const client = await connectAsync(url, { reconnectPeriod: 0 });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.endAsync(true) });
}

describeMosquitto('on Mosquitto', () => {
  it('says who it is, and that it is there, until it is not', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    await gateway.reaches('up');
    expect((await broker.retained(`${ROOT}/#`)).get(`${ROOT}/status`)).toBe('online');
    expect(JSON.parse((await broker.retained(`${ROOT}/#`)).get(`${ROOT}/info`) ?? '')).toMatchObject({
      gateway: GATEWAY,
      maxPingTime: 10_000,
    });
    await gateway.logs(`mqtt: connected to ${broker.url} (MQTT 5), topics under ${ROOT}`);
    expect(await gateway.health()).toMatchObject({ status: 'ok', mqtt: 'up' });
    await gateway.live.gateway.stop();
    expect((await broker.retained(`${ROOT}/#`)).get(`${ROOT}/status`)).toBe('offline');
  });

  it('serves everybody else while the broker is not there, and comes when it is', async () => {
    await using broker = await Mosquitto.start();
    await broker.stop();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    await gateway.logs('it is tried again and again');
    expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down', devices: 1 });
    await expect(gateway.client.publish('a', 'b')).rejects.toThrow('The MQTT broker is away');
    await broker.restart();
    await gateway.reaches('up');
  });

  it('leaves its last will when the connection breaks, and takes it back', async () => {
    await using broker = await Mosquitto.start();
    await using proxy = await CuttableProxy.start(broker.port);
    await using gateway = await GatewayOnBroker.start({ broker: proxy.url });
    await gateway.reaches('up');
    await using other = await somebody(broker.url);
    const said: string[] = [];
    other.on('message', (_topic, payload) => said.push(payload.toString()));
    await other.subscribeAsync(`${ROOT}/status`);
    const lost = new Promise<string>((resolve) => gateway.client.on('disconnected', resolve));
    proxy.cut();
    expect(await lost).toBe('the connection broke');
    await expect.poll(() => said, soon).toEqual(['online', 'offline', 'online']);
  });

  it('takes a broker that does not answer for lost, and comes back when it does', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, stallAfter: 200 });
    await gateway.reaches('up');
    broker.pause();
    await gateway.reaches('down');
    await gateway.logs('the broker does not answer');
    broker.resume();
    await gateway.reaches('up');
  });

  it('says plainly that a password is wrong, without the password', async () => {
    await using broker = await Mosquitto.start({ users: { home: 'another' } });
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, username: 'home', password: PASSWORD });
    await gateway.logs('it does not let this client in (username and password of plugins.transport-mqtt)');
    expect(gateway.live.log.filter((line) => line.includes(PASSWORD))).toEqual([]);
  });

  it('gives way to another gateway with its name, slowly, and says what to do', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    await gateway.reaches('up');
    await using other = await GatewayOnBroker.start({ broker: broker.url });
    const sentence = `another client on the broker uses the id \\"pulsegate-${GATEWAY}\\"; give each gateway a name of its own: plugins.transport-mqtt.gateway`;
    await gateway.logs(sentence);
    await other.logs(sentence);
    const attempts = async () =>
      (await gateway.live.metric('pulsegate_mqtt_reconnects_total')) +
      (await other.live.metric('pulsegate_mqtt_reconnects_total'));
    // One has the connection, the other waits.
    await expect.poll(() => [gateway.client.state, other.client.state].toSorted(), soon).toEqual(['down', 'up']);
    expect(await attempts()).toBeLessThan(12);
  });

  it('says what may be wrong when no connection lasts, and does not hurry', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    await gateway.reaches('up');
    const other = await connectAsync(broker.url, { clientId: `pulsegate-${GATEWAY}`, reconnectPeriod: 20 });
    await gateway.logs(`perhaps another client on the broker uses the id \\"pulsegate-${GATEWAY}\\"`);
    await other.endAsync();
    await gateway.reaches('up');
  });

  it('hears nothing twice where filters overlap', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    await gateway.reaches('up');
    const heard: string[] = [];
    const hear = (name: string) => (message: MqttMessage) => heard.push(`${name} ${message.payload}`);
    const { client } = gateway;
    await client.subscribe('home/#', hear('all'));
    await client.subscribe('home/+/state', hear('state'));
    await client.subscribe('home/lamp/state', hear('lamp'));
    await using other = await somebody(broker.url);
    await other.publishAsync('home/lamp/state', 'on', { qos: 1 });
    await expect.poll(() => heard.toSorted(), soon).toEqual(['all on', 'lamp on', 'state on']);
    await other.publishAsync('home/door/open', 'now', { qos: 1 });
    await expect.poll(() => heard.at(-1), soon).toBe('all now');
    expect(heard).toHaveLength(4);
  });

  it('carries out nothing that was retained, or that may have waited', async () => {
    await using broker = await Mosquitto.start();
    await using other = await somebody(broker.url);
    await other.publishAsync('order/1', 'retained', { qos: 1, retain: true });
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, settle: 300 });
    await gateway.reaches('up');
    const heard: string[] = [];
    gateway.client.listen('order/+', ({ payload }) => heard.push(payload.toString()), { onlyFresh: true });
    const ignored = (reason: string) => gateway.live.metric(`pulsegate_mqtt_ignored_total{reason="${reason}"}`);
    await expect.poll(() => ignored('retained').catch(() => 0), soon).toBe(1);
    await expect
      .poll(
        async () => {
          await other.publishAsync('order/2', 'fresh', { qos: 1 });
          return heard.includes('fresh');
        },
        { interval: 50, timeout: PATIENCE_MS },
      )
      .toBe(true);
    expect(heard).not.toContain('retained');
    expect(await ignored('late')).toBeGreaterThan(0);
  });

  it('leaves alone what is too large', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, maxPayload: 1024 });
    await gateway.reaches('up');
    const heard: number[] = [];
    await gateway.client.subscribe('a', ({ payload }) => heard.push(payload.length));
    await using other = await somebody(broker.url);
    for (const size of [1024, 1025, 1_000_000, 3]) await other.publishAsync('a', Buffer.alloc(size), { qos: 1 });
    await expect.poll(() => heard, soon).toEqual([1024, 3]);
  });
});

describeMosquitto('retained topics', () => {
  const scope = { filter: 'shelf/+/config', prefix: 'shelf/pulsegate_' };

  /** Everything that is published in the scope from now on. */
  async function watch(url: string) {
    const client = await somebody(url);
    const seen: string[] = [];
    client.on('message', (topic, payload, { retain }) => {
      if (!retain) seen.push(`${topic} ${payload}`);
    });
    await client.subscribeAsync('shelf/#');
    return Object.assign(seen, { [Symbol.asyncDispose]: () => client.endAsync(true) });
  }

  it('are published, changed and cleared, and each only when it differs', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    await gateway.reaches('up');
    await using seen = await watch(broker.url);
    const topics = gateway.client.retain(scope);
    topics.set('shelf/pulsegate_a/config', '1');
    topics.set('shelf/pulsegate_b/config', '1');
    await expect
      .poll(() => seen.toSorted(), soon)
      .toEqual(['shelf/pulsegate_a/config 1', 'shelf/pulsegate_b/config 1']);
    topics.set('shelf/pulsegate_a/config', '1');
    topics.set('shelf/pulsegate_b/config', '2');
    topics.delete('shelf/pulsegate_a/config');
    await expect.poll(() => seen.length, soon).toBe(4);
    expect(await broker.retained('shelf/#')).toEqual(new Map([['shelf/pulsegate_b/config', '2']]));
    topics.republish();
    await expect.poll(() => seen.length, soon).toBe(5);
  });

  it('are whole again after an outage: what the broker kept is not sent, what it lost is, what is stale goes', async () => {
    await using broker = await Mosquitto.start({ persistence: true });
    await using proxy = await CuttableProxy.start(broker.port);
    await using gateway = await GatewayOnBroker.start({ broker: proxy.url });
    await gateway.reaches('up');
    const topics = gateway.client.retain(scope);
    for (const name of ['a', 'b', 'c']) topics.set(`shelf/pulsegate_${name}/config`, name);
    await expect.poll(async () => (await broker.retained('shelf/#')).size, soon).toBe(3);
    await using other = await somebody(broker.url);
    proxy.refuse();
    await gateway.reaches('down');
    const retain = { qos: 1, retain: true } as const;
    await other.publishAsync('shelf/pulsegate_b/config', '', retain);
    await other.publishAsync('shelf/pulsegate_stale/config', 'x', retain);
    await other.publishAsync('shelf/somebody_else/config', 'theirs', retain);
    topics.set('shelf/pulsegate_c/config', 'changed');
    await using seen = await watch(broker.url);
    proxy.accept();
    const whole = new Map([
      ['shelf/pulsegate_a/config', 'a'],
      ['shelf/pulsegate_b/config', 'b'],
      ['shelf/pulsegate_c/config', 'changed'],
      ['shelf/somebody_else/config', 'theirs'],
    ]);
    await expect.poll(() => broker.retained('shelf/#'), { interval: 20, timeout: PATIENCE_MS }).toEqual(whole);
    expect(seen.toSorted()).toEqual([
      'shelf/pulsegate_b/config b',
      'shelf/pulsegate_c/config changed',
      'shelf/pulsegate_stale/config ',
    ]);
  });

  it('of an empty broker are all published anew', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    await gateway.reaches('up');
    const topics = gateway.client.retain(scope);
    for (let n = 0; n < 500; n += 1) topics.set(`shelf/pulsegate_${n}/config`, `${n}`);
    await expect.poll(async () => (await broker.retained('shelf/#')).size, soon).toBe(500);
    await broker.restart();
    await expect
      .poll(async () => (await broker.retained('shelf/#')).size, { interval: 50, timeout: PATIENCE_MS })
      .toBe(500);
  });
});

describe('the name of a gateway', () => {
  it('is that of the machine, and stays when that changes', async () => {
    await using gateway = await GatewayOnBroker.start({ gateway: undefined });
    const state = join(gateway.live.folder, 'data/mqtt.json');
    await expect.poll(() => readFile(state, 'utf8').catch(() => ''), soon).toContain('"gateway"');
    expect(JSON.parse(await readFile(state, 'utf8')).gateway).toBe(gateway.client.gateway);
    expect(gateway.client.gateway).toMatch(/^[a-z0-9-]{1,40}$/);
  });
});

describe('the embedded broker', () => {
  it('is connected to when somebody else is', async () => {
    await using gateway = await GatewayOnBroker.start({});
    expect(await gateway.health()).toMatchObject({ status: 'ok', mqtt: 'idle' });
    const line = gateway.live.log.find((text) => text.includes('MQTT clients are welcome'));
    const url = /mqtt:\/\/[\d.:]+/.exec(line ?? '')?.[0] ?? '';
    await using other = await somebody(url);
    await gateway.reaches('up');
    const heard = new Promise<string>((resolve) => other.on('message', (_topic, payload) => resolve(`${payload}`)));
    await other.subscribeAsync(`${ROOT}/status`);
    expect(await heard).toBe('online');
  });

  it('is woken by a script that publishes', async () => {
    await using gateway = await GatewayOnBroker.start({});
    await gateway.client.publish('a', 'b');
    expect(gateway.client.state).toBe('up');
  });

  it('is missed when it does not run', async () => {
    await using gateway = await GatewayOnBroker.start({}, { plugins: { 'mqtt-broker': { enabled: false } } });
    await gateway.reaches('down');
    await gateway.logs('there is no broker to connect to: plugins.mqtt-broker does not run');
    expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down' });
  });
});

it('falls back to MQTT 3.1.1 where the broker knows nothing newer', async () => {
  const versions: number[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const version = bytes[8] ?? 0;
      if (bytes[0] !== 0x10) return;
      versions.push(version);
      socket.write(Uint8Array.of(0x20, 2, 0, version === 4 ? 0 : 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await using gateway = await GatewayOnBroker.start({ broker: `mqtt://127.0.0.1:${port}` });
  await expect.poll(() => versions.slice(0, 2), soon).toEqual([5, 4]);
  await gateway.live.gateway.stop();
  server.close();
});
