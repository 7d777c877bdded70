import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { GatewayError } from 'pulsegate/plugin';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CuttableProxy } from '../../support/mqtt/cuttable-proxy.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { GATEWAY, GatewayOnBroker, ROOT } from '../../support/mqtt/gateway-on-broker.js';
import { Mosquitto } from '../../support/mqtt/mosquitto.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** The connection to a broker that is halted, refuses, forgets or lies. */

const soon = { interval: 5, timeout: PATIENCE_MS };
/** How long the end of a gateway may take whatever the broker does, ms. */
const END_MS = 3_000;

async function somebody(url: string) {
  const client = await connectAsync(url, { reconnectPeriod: 0 });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.endAsync(true) });
}

/** A server that is no broker. */
async function server(onConnection: (socket: Socket) => void) {
  const listening = createServer((socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port }: Partial<AddressInfo> = Object(listening.address());
  return {
    url: `mqtt://127.0.0.1:${port}`,
    [Symbol.dispose]: () => void listening.close(),
  };
}

/** A file of what clients may do on a Mosquitto. */
async function rulesOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pulsegate-acl-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'rules');
  await writeFile(file, text);
  return file;
}

async function durationOf(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

describeMosquitto('on a Mosquitto that is halted', () => {
  it('publishes nothing beyond what may wait, and says so', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, maxQueued: 10, stallAfter: 60_000 });
    await gateway.reaches('up');
    broker.pause();
    const waiting = Array.from({ length: 10 }, () => gateway.client.publish('a', 'b'));
    await expect(gateway.client.publish('a', 'c')).rejects.toThrow(
      '10 messages wait for the MQTT broker to take them; no more are sent',
    );
    broker.resume();
    await Promise.all(waiting);
    await gateway.client.publish('a', 'd');
  });

  it('tells whoever waits for it that it is away, and stops in time', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, stallAfter: 200 });
    await gateway.reaches('up');
    broker.pause();
    const lost: string[] = [];
    gateway.client.on('disconnected', (reason) => lost.push(reason));
    const refused = await gateway.client.publish('a', 'b').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(GatewayError);
    expect(lost).toEqual(['the broker does not answer']);
    await expect(gateway.client.subscribe('a', () => {})).rejects.toThrow('The MQTT broker is away');
    // It has taken a connection, and will not answer on it.
    expect(await durationOf(gateway.live.gateway.stop())).toBeLessThan(END_MS);
  });

  it('stops in time while the connection is there', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, stallAfter: 60_000 });
    await gateway.reaches('up');
    broker.pause();
    expect(await durationOf(gateway.live.gateway.stop())).toBeLessThan(END_MS);
  });

  it('is online once it answers again, whatever the broker finds of earlier connections', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, stallAfter: 200 });
    await gateway.reaches('up');
    for (let times = 0; times < 5; times += 1) {
      broker.pause();
      await gateway.reaches('down');
      broker.resume();
      await gateway.reaches('up');
    }
    const status = async () => (await broker.retained(`${ROOT}/status`)).get(`${ROOT}/status`);
    await expect.poll(status, soon).toBe('online');
    await gateway.client.publish('a', 'b');
    expect(gateway.live.log.join()).not.toContain('another client on the broker');
  });
});

describeMosquitto('what others publish', () => {
  it('over the status of the gateway does not stay, until it has stopped', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    await gateway.reaches('up');
    await using other = await somebody(broker.url);
    const status = async () => (await broker.retained(`${ROOT}/status`)).get(`${ROOT}/status`);
    for (const junk of ['offline', 'offline', 'x', '']) {
      await other.publishAsync(`${ROOT}/status`, junk, { retain: true, qos: 1 });
    }
    await expect.poll(status, soon).toBe('online');
    await gateway.live.gateway.stop();
    expect(await status()).toBe('offline');
  });

  it('to its heartbeat and marks does no harm', async () => {
    await using broker = await Mosquitto.start();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    await gateway.reaches('up');
    await using other = await somebody(broker.url);
    for (const topic of ['heartbeat', 'sync', 'info', 'status'])
      for (const payload of ['', 'x', 'x/9', Buffer.alloc(100_000, 0xff)])
        await other.publishAsync(`${ROOT}/${topic}`, payload, { retain: true, qos: 1 });
    await gateway.client.publish('a', 'b');
    expect(gateway.client.state).toBe('up');
  });

  it('reaches a subscription that is refused never, and the others all the same', async () => {
    const rules = await rulesOf(`topic readwrite ${ROOT}/#\ntopic read home/#\n`);
    await using broker = await Mosquitto.start({ config: `acl_file ${rules}` });
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    await gateway.reaches('up');
    await expect(gateway.client.publish('home/lamp', 'on')).rejects.toThrow(
      'The MQTT broker does not let this gateway publish to "home/lamp"',
    );
    await gateway.client.publish(`${ROOT}/errors`, 'x');
  });

  it('does not reach a gateway that may read nothing: it says what is missing', async () => {
    const rules = await rulesOf('topic write pulsegate/#\n');
    await using broker = await Mosquitto.start({ config: `acl_file ${rules}` });
    await using gateway = await GatewayOnBroker.start({ broker: broker.url, stallAfter: 200 });
    await gateway.logs(`the broker passes on nothing that is published to ${ROOT}/heartbeat`);
  });
});

describeMosquitto('many retained topics', () => {
  const scope = { filter: 'shelf/+/config', prefix: 'shelf/pulsegate_' };
  const COUNT = 2_500;
  const topic = (n: number) => `shelf/pulsegate_${n}/config`;

  it('more than a broker queues for a client, are seen all the same: only what is stale goes', async () => {
    await using broker = await Mosquitto.start();
    await using other = await somebody(broker.url);
    const retain = { qos: 1, retain: true } as const;
    for (let from = 0; from < COUNT; from += 500)
      await Promise.all(Array.from({ length: 500 }, (_, n) => other.publishAsync(topic(from + n), 'x', retain)));
    await other.publishAsync('shelf/pulsegate_stale/config', 'x', retain);
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    const kept = gateway.client.retain(scope);
    for (let n = 0; n < COUNT; n += 1) kept.set(topic(n), 'x');
    const changes: string[] = [];
    other.on('message', (name, _payload, { retain }) => {
      if (!retain) changes.push(name);
    });
    await other.subscribeAsync('shelf/#', { qos: 0 });
    await expect.poll(() => changes, soon).toEqual(['shelf/pulsegate_stale/config']);
    await gateway.client.publish('shelf/last', 'x');
    await expect.poll(() => changes, soon).toEqual(['shelf/pulsegate_stale/config', 'shelf/last']);
  });
});

describe('the embedded broker', () => {
  it('shows all that it retains before anything is published anew', async () => {
    await using gateway = await GatewayOnBroker.start({});
    const { client } = gateway;
    const changes: string[] = [];
    await using _watch = await client.subscribe('shelf/#', ({ topic, retain }) => {
      if (!retain) changes.push(topic);
    });
    for (let n = 0; n < 2_000; n += 1) await client.publish(`shelf/pulsegate_${n}/config`, 'x', { retain: true });
    // Aedes takes messages faster than it passes them on.
    await expect.poll(() => changes.length, soon).toBe(2_000);
    const kept = client.retain({ filter: 'shelf/+/config', prefix: 'shelf/pulsegate_' });
    for (let n = 0; n < 1_999; n += 1) kept.set(`shelf/pulsegate_${n}/config`, 'x');
    await expect.poll(() => changes.slice(2_000), soon).toEqual(['shelf/pulsegate_1999/config']);
  });

  it('wakes for a subscription, and tells what is retained to everybody who comes', async () => {
    await using gateway = await GatewayOnBroker.start({});
    const { client } = gateway;
    await client.publish('home/lamp', 'on', { retain: true });
    const heard: string[] = [];
    await using _first = await client.subscribe('home/lamp', ({ payload }) => heard.push(`first ${payload}`));
    await expect.poll(() => heard, soon).toContain('first on');
    await using _second = await client.subscribe('home/lamp', ({ payload }) => heard.push(`second ${payload}`));
    await expect.poll(() => heard, soon).toContain('second on');
  });
});

describe('a server that is no broker', () => {
  it('and says nothing does not keep the gateway from ending', async () => {
    const sockets: Socket[] = [];
    using silent = await server((socket) => sockets.push(socket));
    await using gateway = await GatewayOnBroker.start({ broker: silent.url });
    await expect.poll(() => sockets.length, soon).toBe(1);
    const closed = once(sockets[0] ?? expect.fail('nobody came'), 'close');
    sockets[0]?.resume();
    expect(await durationOf(gateway.live.gateway.stop())).toBeLessThan(END_MS);
    await closed;
  });

  it('and says anything does no harm', async () => {
    let count = 0;
    const junk = [
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      Buffer.alloc(10_000, 0xff),
      Buffer.from([0x20, 2, 0, 99]),
    ];
    using odd = await server((socket) => {
      socket.end(junk[count % junk.length] ?? '');
      count += 1;
    });
    await using gateway = await GatewayOnBroker.start({ broker: odd.url });
    await expect.poll(() => count, soon).toBeGreaterThan(6);
    expect(gateway.client.state).toBe('down');
    expect(await gateway.health()).toMatchObject({ status: 'degraded', devices: 1 });
  });

  it('and hangs up on MQTT 5 is tried with MQTT 3.1.1', async () => {
    const versions: (number | undefined)[] = [];
    using old = await server((socket) =>
      socket.on('data', (bytes) => {
        if (bytes[0] !== 0x10) return;
        versions.push(bytes[8]);
        if (bytes[8] === 4) socket.write(Uint8Array.of(0x20, 2, 0, 0));
        else socket.destroy();
      }),
    );
    await using _gateway = await GatewayOnBroker.start({ broker: old.url });
    await expect.poll(() => versions, soon).toEqual([5, 4]);
  });
});

describeMosquitto('listeners', () => {
  it('that throw are contained, in every event', async () => {
    await using broker = await Mosquitto.start();
    await using proxy = await CuttableProxy.start(broker.port);
    await using gateway = await GatewayOnBroker.start({ broker: proxy.url });
    await gateway.reaches('up');
    const { client } = gateway;
    const fail = () => {
      throw new Error('a listener of somebody');
    };
    client.on('disconnected', fail);
    client.on('connected', fail);
    client.listen('home/#', fail);
    const heard: string[] = [];
    client.listen('home/#', ({ topic }) => heard.push(topic));
    await client.publish('home/a', '1');
    await expect.poll(() => heard, soon).toEqual(['home/a']);
    proxy.cut();
    await gateway.reaches('down');
    await gateway.reaches('up');
    await client.publish('home/b', '1');
    await expect.poll(() => heard, soon).toEqual(['home/a', 'home/b']);
  });

  it('that came before the connection, hear from the first connection on, and not once they have gone', async () => {
    await using broker = await Mosquitto.start();
    await broker.kill();
    await using gateway = await GatewayOnBroker.start({ broker: broker.url });
    const heard: string[] = [];
    const listening = gateway.client.listen('home/#', ({ topic }) => heard.push(topic));
    await broker.restart();
    await gateway.reaches('up');
    await gateway.client.publish('home/a', '1');
    await expect.poll(() => heard, soon).toEqual(['home/a']);
    listening[Symbol.dispose]();
    await gateway.client.publish('home/b', '1');
    await gateway.client.publish('home/c', '1');
    expect(heard).toEqual(['home/a']);
    expect(gateway.client.gateway).toBe(GATEWAY);
  });
});
