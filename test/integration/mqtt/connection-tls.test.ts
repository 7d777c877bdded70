import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Authority, type Certificate } from '../../support/mqtt/certificates.js';
import { CuttableProxy } from '../../support/mqtt/cuttable-proxy.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { GatewayOnBroker, ROOT } from '../../support/mqtt/gateway-on-broker.js';
import { servesOthers, warningsOf } from '../../support/mqtt/gateway-says.js';
import { openDoor } from '../../support/mqtt/mosquitto-door.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** The gateway's connection to brokers that it knows by a certificate, and that know it by one. */

const soon = { interval: 5, timeout: PATIENCE_MS };

/** The authority that the gateway believes in, one that it does not know, and certificates of servers. */
async function authorities() {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await Authority.create('home'));
  const stranger = stack.use(await Authority.create('stranger'));
  const servers = {
    good: await home.issue('good'),
    'of somebody else': await stranger.issue('somebody'),
    'of another machine': await home.issue('another', { hosts: ['192.0.2.1'] }),
    'out of date': await home.issue('old', { validMs: -60_000 }),
  };
  const kept = stack.move();
  return { home, stranger, servers, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const NOT_BELIEVED = [
  ['of somebody else', 'unable to verify the first certificate'],
  ['of another machine', "IP: 127.0.0.1 is not in the cert's list: 192.0.2.1"],
  ['out of date', 'certificate has expired'],
] as const;

/** The connection carries what it is there for, in both directions. */
async function carries({ client }: GatewayOnBroker): Promise<void> {
  const heard: string[] = [];
  await using _listening = await client.subscribe('home/lamp', ({ payload }) => heard.push(payload.toString()));
  await client.publish('home/lamp', 'on');
  await expect.poll(() => heard, soon).toEqual(['on']);
}

describeMosquitto('a broker with a certificate', () => {
  it('is connected to when tls.ca vouches for it', async () => {
    await using known = await authorities();
    await using door = await openDoor({ scheme: 'mqtts', server: known.servers.good });
    await using gateway = await GatewayOnBroker.start({ broker: door.url, tls: { ca: known.home.file } });
    await gateway.reaches('up');
    await gateway.logs(`mqtt: connected to ${door.url} (MQTT 5), topics under ${ROOT}`);
    await carries(gateway);
    expect(await gateway.health()).toMatchObject({ status: 'ok', mqtt: 'up' });
    expect((await door.broker.retained(`${ROOT}/status`)).get(`${ROOT}/status`)).toBe('online');
    await gateway.live.gateway.stop();
    expect((await door.broker.retained(`${ROOT}/status`)).get(`${ROOT}/status`)).toBe('offline');
  });

  it.each(NOT_BELIEVED)('%s is refused; it is tried again until it has a good one', async (which, reason) => {
    await using known = await authorities();
    // A copy, because the broker gets another one in its place.
    const server = await known.home.issue('server');
    await replace(server, known.servers[which]);
    await using door = await openDoor({ scheme: 'mqtts', server });
    await using gateway = await GatewayOnBroker.start({ broker: door.url, tls: { ca: known.home.file } });
    await expect.poll(() => gateway.live.metric('pulsegate_mqtt_reconnects_total'), soon).toBeGreaterThan(2);
    expect(gateway.client.state).toBe('down');
    expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down', devices: 1 });
    expect(warningsOf(gateway.live)).toEqual([
      expect.stringMatching(/^mqtt: no connection to mqtts:\/\/127\.0\.0\.1:\d+: .*; it is tried again and again$/),
    ]);
    expect(warningsOf(gateway.live)[0]).toContain(reason);
    await servesOthers(gateway.live);
    // It has not let the gateway's name and password be read by whoever this is.
    expect(door.broker.said).not.toContain('pulsegate-kitchen');
    await replace(server, known.servers.good);
    await door.broker.restart();
    await gateway.reaches('up');
    await carries(gateway);
  });

  it.each(NOT_BELIEVED)('%s is believed where rejectUnauthorized is false', async (which) => {
    await using known = await authorities();
    await using door = await openDoor({ scheme: 'mqtts', server: known.servers[which] });
    const tls = { ca: known.home.file, rejectUnauthorized: false };
    await using gateway = await GatewayOnBroker.start({ broker: door.url, tls });
    await gateway.reaches('up');
    await carries(gateway);
  });

  it('that nobody has named an authority for is refused', async () => {
    await using known = await authorities();
    await using door = await openDoor({ scheme: 'mqtts', server: known.servers.good });
    await using gateway = await GatewayOnBroker.start({ broker: door.url });
    await gateway.logs('it is tried again and again');
    expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down' });
    expect(warningsOf(gateway.live)[0]).toMatch(/certificate/);
  });

  it('is told by its last will that the gateway is gone, and comes back when the line does', async () => {
    await using known = await authorities();
    await using door = await openDoor({ scheme: 'mqtts', server: known.servers.good });
    await using line = await CuttableProxy.start(door.port);
    const tls = { ca: known.home.file };
    await using gateway = await GatewayOnBroker.start({ broker: line.url.replace('mqtt:', 'mqtts:'), tls });
    await gateway.reaches('up');
    const status = async () => (await door.broker.retained(`${ROOT}/status`)).get(`${ROOT}/status`);
    line.refuse();
    await gateway.reaches('down');
    await expect.poll(status, soon).toBe('offline');
    line.accept();
    await gateway.reaches('up');
    await expect.poll(status, soon).toBe('online');
  });

  it('that does not answer counts as lost, and does not keep the gateway from ending', async () => {
    await using known = await authorities();
    await using door = await openDoor({ scheme: 'mqtts', server: known.servers.good });
    const section = { broker: door.url, stallAfter: 500, tls: { ca: known.home.file } };
    await using gateway = await GatewayOnBroker.start(section);
    await gateway.reaches('up');
    // Until it has answered once, it might be one that passes nothing on.
    await carries(gateway);
    door.broker.pause();
    await gateway.reaches('down');
    await gateway.logs('the broker does not answer');
    door.broker.resume();
    await gateway.reaches('up');
    door.broker.pause();
    await gateway.reaches('down');
    await gateway.live.gateway.stop();
    door.broker.resume();
  });
});

describeMosquitto('a broker that asks for a certificate', () => {
  it('takes the gateway in with one that it believes, and hears nothing of its key', async () => {
    await using known = await authorities();
    const { home } = known;
    await using door = await openDoor({ scheme: 'mqtts', server: known.servers.good, clients: home });
    const tls = { ca: home.file, ...(await home.issue('gateway')) };
    await using gateway = await GatewayOnBroker.start({ broker: door.url, tls });
    await gateway.reaches('up');
    await carries(gateway);
    expect(gateway.live.log.join()).not.toContain('PRIVATE KEY');
  });

  it.each([
    ['without one', 'certificate required'],
    ['with one of somebody else', 'unknown ca'],
  ])('does not take the gateway in %s; that goes on serving others, and tries again', async (how, reason) => {
    await using known = await authorities();
    const { home, stranger } = known;
    await using door = await openDoor({ scheme: 'mqtts', server: known.servers.good, clients: home });
    const own = how === 'without one' ? {} : await stranger.issue('gateway');
    await using gateway = await GatewayOnBroker.start({ broker: door.url, tls: { ca: home.file, ...own } });
    await expect.poll(() => gateway.live.metric('pulsegate_mqtt_reconnects_total'), soon).toBeGreaterThan(2);
    expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down', devices: 1 });
    expect(warningsOf(gateway.live)).toEqual([expect.stringContaining(`no connection to ${door.url}: `)]);
    // Not of every attempt: what the broker has said may be lost when it closes the connection.
    await gateway.logs(reason);
    await servesOthers(gateway.live);
  });
});

it.each(['ca', 'cert', 'key'])('a file that is not there is named with its key: tls.%s', async (key) => {
  // Nobody has to be there.
  const section = { broker: 'mqtts://127.0.0.1:1', tls: { [key]: 'not-there.pem' } };
  await using gateway = await GatewayOnBroker.start(section);
  const plugin = gateway.live.gateway.plugins.find(({ name }) => name === 'transport-mqtt');
  const path = join(gateway.live.folder, 'not-there.pem');
  expect(plugin).toMatchObject({
    state: 'unavailable',
    reason: `plugins.transport-mqtt.tls.${key} cannot be read: ENOENT: no such file or directory, open '${path}'`,
  });
  await gateway.logs(`plugin transport-mqtt is unavailable: plugins.transport-mqtt.tls.${key} cannot be read`);
  await servesOthers(gateway.live);
});

async function replace(files: Certificate, by: Certificate): Promise<void> {
  await copyFile(by.cert, files.cert);
  await copyFile(by.key, files.key);
}
