import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { TESTBED } from '../../support/live-gateway.js';
import { Authority } from '../../support/mqtt/certificates.js';
import { CuttableProxy } from '../../support/mqtt/cuttable-proxy.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { GatewayOnBroker, ROOT } from '../../support/mqtt/gateway-on-broker.js';
import { servesOthers, warningsOf } from '../../support/mqtt/gateway-says.js';
import { HandClient } from '../../support/mqtt/hand-client.js';
import { type Door, openDoor } from '../../support/mqtt/mosquitto-door.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** The gateway's connection to a broker over WebSockets, bare and over TLS. */

const soon = { interval: 5, timeout: PATIENCE_MS };

interface Place extends AsyncDisposable {
  readonly door: Door;
  /** Keys of `plugins.transport-mqtt` that lead to it. */
  readonly section: { readonly broker: string; readonly tls: { readonly ca?: string } };
}

async function bare(): Promise<Place> {
  const door = await openDoor({ scheme: 'ws' });
  return { door, section: { broker: door.url, tls: {} }, [Symbol.asyncDispose]: () => door[Symbol.asyncDispose]() };
}

async function overTls(): Promise<Place> {
  await using stack = new AsyncDisposableStack();
  const authority = stack.use(await Authority.create('home'));
  const door = stack.use(await openDoor({ scheme: 'wss', server: await authority.issue('server') }));
  const kept = stack.move();
  return {
    door,
    section: { broker: door.url, tls: { ca: authority.file } },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const statusOn = async ({ broker }: Door) => (await broker.retained(`${ROOT}/status`)).get(`${ROOT}/status`);

for (const [scheme, open] of Object.entries({ ws: bare, wss: overTls })) {
  describeMosquitto(`a broker at ${scheme}://`, () => {
    it('is connected to, with MQTT 5, and told when the gateway goes', async () => {
      await using place = await open();
      await using gateway = await GatewayOnBroker.start(place.section);
      await gateway.reaches('up');
      await gateway.logs(`mqtt: connected to ${place.door.url} (MQTT 5), topics under ${ROOT}`);
      expect(await gateway.health()).toMatchObject({ status: 'ok', mqtt: 'up' });
      expect(await statusOn(place.door)).toBe('online');
      await gateway.live.gateway.stop();
      expect(await statusOn(place.door)).toBe('offline');
    });

    it('may have a path in its address', async () => {
      await using place = await open();
      await using gateway = await GatewayOnBroker.start({ ...place.section, broker: `${place.door.url}/mqtt?a=b` });
      await gateway.reaches('up');
    });

    it('passes on what is small, what takes several packets and what is empty', async () => {
      await using place = await open();
      await using gateway = await GatewayOnBroker.start({ ...place.section, stallAfter: PATIENCE_MS });
      await gateway.reaches('up');
      const { client } = gateway;
      const heard: number[] = [];
      await using _listening = await client.subscribe('home/big', ({ payload }) => heard.push(payload.length));
      // Mosquitto 2.0.11 reads 4 kB of a WebSocket each 100 ms.
      const sizes = [1, 125, 126, 20_000, 0];
      for (const size of sizes) await client.publish('home/big', Buffer.alloc(size, 'x'));
      await expect.poll(() => heard, soon).toEqual(sizes);
    });

    it('brings sessions of clients, whose devices stop when they vanish', async () => {
      await using place = await open();
      await using gateway = await GatewayOnBroker.start(place.section);
      await gateway.reaches('up');
      await using hand = await HandClient.connect(place.door.broker.url, ROOT);
      await hand.drive(0, { Vibrate: { Value: 9 } });
      await gateway.live.simulated.reaches(TESTBED, 0, 9);
      hand.vanish();
      await gateway.live.simulated.reaches(TESTBED, 0, 0);
    });

    it('is lost when the line is: what it drives stops, the broker says so, and it comes back', async () => {
      await using place = await open();
      await using line = await CuttableProxy.start(place.door.port);
      const broker = `${scheme}://127.0.0.1:${line.port}`;
      await using gateway = await GatewayOnBroker.start({ ...place.section, broker });
      await gateway.reaches('up');
      await using hand = await HandClient.connect(place.door.broker.url, ROOT);
      await hand.drive(0, { Vibrate: { Value: 9 } });
      await gateway.live.simulated.reaches(TESTBED, 0, 9);
      line.refuse();
      await gateway.live.simulated.reaches(TESTBED, 0, 0);
      expect(gateway.client.state).toBe('down');
      await expect.poll(() => statusOn(place.door), soon).toBe('offline');
      line.accept();
      await gateway.reaches('up');
      await expect.poll(() => statusOn(place.door), soon).toBe('online');
      expect((await gateway.live.simulated.output(TESTBED, 0)).level).toBe(0);
    });

    it('that is halted counts as lost, and does not keep the gateway from ending', async () => {
      await using place = await open();
      await using gateway = await GatewayOnBroker.start({ ...place.section, stallAfter: 1_000 });
      await gateway.reaches('up');
      // Until it has answered once, it might be one that passes nothing on.
      await gateway.client.publish('home/lamp', 'on');
      place.door.broker.pause();
      await gateway.reaches('down');
      await gateway.logs('the broker does not answer');
      place.door.broker.resume();
      await gateway.reaches('up');
      place.door.broker.pause();
      await gateway.reaches('down');
      await gateway.live.gateway.stop();
    });

    it('is waited for while it is away', async () => {
      await using place = await open();
      await place.door.broker.stop();
      await using gateway = await GatewayOnBroker.start(place.section);
      await gateway.logs(`mqtt: no connection to ${place.door.url}: connect ECONNREFUSED`);
      expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down', devices: 1 });
      await servesOthers(gateway.live);
      await place.door.broker.restart();
      await gateway.reaches('up');
    });
  });
}

describeMosquitto('a broker at wss://', () => {
  it('with a certificate that nobody vouches for is refused, unless rejectUnauthorized is false', async () => {
    await using place = await overTls();
    const { broker } = place.section;
    {
      await using gateway = await GatewayOnBroker.start({ broker });
      await expect.poll(() => gateway.live.metric('pulsegate_mqtt_reconnects_total'), soon).toBeGreaterThan(2);
      expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down', devices: 1 });
      expect(warningsOf(gateway.live)).toEqual([expect.stringMatching(/^mqtt: no connection to wss:.*certificate/)]);
    }
    await using gateway = await GatewayOnBroker.start({ broker, tls: { rejectUnauthorized: false } });
    await gateway.reaches('up');
  });

  it('that asks for a certificate gets that of the gateway', async () => {
    await using authority = await Authority.create('home');
    const server = await authority.issue('server');
    await using door = await openDoor({ scheme: 'wss', server, clients: authority });
    const tls = { ca: authority.file };
    {
      await using gateway = await GatewayOnBroker.start({ broker: door.url, tls });
      await gateway.logs('it is tried again and again');
      expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down' });
    }
    const own = await authority.issue('gateway');
    await using gateway = await GatewayOnBroker.start({ broker: door.url, tls: { ...tls, ...own } });
    await gateway.reaches('up');
  });
});

describeMosquitto('a broker at ws:// that does not know the gateway', () => {
  it('says so, and is told nothing more', async () => {
    await using door = await openDoor({ scheme: 'ws', users: { home: 'secret' } });
    await using gateway = await GatewayOnBroker.start({ broker: door.url, username: 'home', password: 'wrong' });
    await gateway.logs('it does not let this client in (username and password of plugins.transport-mqtt)');
    expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down' });
    await using known = await GatewayOnBroker.start({ broker: door.url, username: 'home', password: 'secret' });
    await known.reaches('up');
  });
});

describe('a web server that is no broker', () => {
  it('is told from one, and does no harm', async () => {
    let asked = 0;
    const server = createServer((_request, answer) => {
      asked += 1;
      answer.writeHead(404).end('There is nothing here');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using _end = { [Symbol.asyncDispose]: async () => void server.close() };
    const { port }: { port?: number } = Object(server.address());
    await using gateway = await GatewayOnBroker.start({ broker: `ws://127.0.0.1:${port}/mqtt` });
    await expect.poll(() => asked, soon).toBeGreaterThan(2);
    expect(await gateway.health()).toMatchObject({ status: 'degraded', mqtt: 'down', devices: 1 });
    expect(warningsOf(gateway.live)).toEqual([
      `mqtt: no connection to ws://127.0.0.1:${port}: Unexpected server response: 404; it is tried again and again`,
    ]);
    await servesOthers(gateway.live);
  });
});
