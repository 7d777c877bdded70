import { describe, expect, it } from 'vitest';
import { GatewayProcess, TestFolder } from '../support/gateway-process.js';
import { keepsPromise, PATIENCE_MS, STOP_PROMISE_MS } from '../support/timing.js';
import { WireClient } from '../support/wire-client.js';

/** Many clients on a gateway of their own process, held to a ping time; one of them stops pinging. */

const CLIENTS = 50;
const MAX_PING_MS = 200;
const LEVEL = 13;
const toy = (index: number) => `pulsegate-testbed-${index + 1}`;

/** Pings until told not to. */
class PingingClient {
  /** When the last ping was sent, wall-clock ms. */
  lastPing = 0;
  #timer: NodeJS.Timeout;

  constructor(readonly wire: WireClient) {
    this.#timer = setInterval(() => this.#ping(), MAX_PING_MS / 5);
    this.#ping();
    void wire.closed.then(() => this.stopPinging());
  }

  stopPinging(): void {
    clearInterval(this.#timer);
  }

  drive(index: number, level = LEVEL): Promise<void> {
    return this.wire.output(index, 0, { Vibrate: { Value: level } });
  }

  #ping(): void {
    this.lastPing = Date.now();
    this.wire.tell({ Ping: { Id: 4_000_000 } });
  }
}

describe(`${CLIENTS} clients with a ping time of ${MAX_PING_MS} ms, one of which stops pinging`, () => {
  async function start(onPingTimeout: 'all' | 'driven') {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await TestFolder.create());
    const gateway = stack.use(
      await GatewayProcess.start(folder, {
        safety: { onPingTimeout },
        plugins: {
          'transport-websocket': { maxPingTime: MAX_PING_MS },
          'hardware-simulated': { devices: Array.from({ length: CLIENTS }, () => ({ model: 'Pulsegate Testbed' })) },
        },
      }),
    );
    await gateway.simulated.connected(CLIENTS);
    const clients: PingingClient[] = [];
    for (let count = 0; count < CLIENTS; count += 1) {
      const client = new PingingClient(await WireClient.connect(gateway.url));
      stack.defer(() => client.stopPinging());
      clients.push(client);
    }
    await Promise.all(clients.map((client, index) => client.drive(index)));
    await Promise.all(clients.map((_, index) => gateway.simulated.reaches(toy(index), 0, LEVEL)));
    const [silent, ...others] = clients;
    if (!silent) throw new Error('There are no clients');
    const owned = stack.move();
    return { gateway, silent, others, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  }

  /** When the device got its stop, wall-clock ms. */
  async function stoppedAt({ simulated }: GatewayProcess, index: number): Promise<number> {
    await simulated.reaches(toy(index), 0, 0);
    const { packets } = await simulated.state(toy(index));
    const stop = packets.find(({ hex }) => hex === '01000000');
    return Date.parse(stop?.time ?? '');
  }

  it('stops every device within 50 ms of the deadline (policy "all"); the others stay, and can drive again', async () => {
    await keepsPromise(STOP_PROMISE_MS, async () => {
      await using crowd = await start('all');
      const { gateway, silent, others } = crowd;
      silent.stopPinging();
      const deadline = silent.lastPing + MAX_PING_MS;
      const stops = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => stoppedAt(gateway, index)));
      expect(Math.min(...stops)).toBeGreaterThanOrEqual(deadline);
      await silent.wire.closed;
      await Promise.all(others.map((client, index) => client.drive(index + 1, LEVEL + 1)));
      await Promise.all(others.map((_, index) => gateway.simulated.reaches(toy(index + 1), 0, LEVEL + 1)));
      expect((await gateway.simulated.output(toy(0), 0)).level).toBe(0);
      return Math.max(...stops) - deadline;
    });
  });

  it('stops the devices that client drove, and no other (policy "driven")', async () => {
    await keepsPromise(STOP_PROMISE_MS, async () => {
      await using crowd = await start('driven');
      const { gateway, silent, others } = crowd;
      silent.stopPinging();
      const deadline = silent.lastPing + MAX_PING_MS;
      const stop = await stoppedAt(gateway, 0);
      expect(stop).toBeGreaterThanOrEqual(deadline);
      await silent.wire.closed;
      for (const index of others.keys()) {
        expect((await gateway.simulated.output(toy(index + 1), 0)).level).toBe(LEVEL);
      }
      await Promise.all(others.map((client, index) => client.drive(index + 1, LEVEL + 1)));
      return stop - deadline;
    });
  });

  it.each(['all', 'driven'] as const)(
    'tells the client so with code 2, refuses what it still says with code 2, and closes (policy "%s")',
    async (policy) => {
      await using crowd = await start(policy);
      const { gateway, silent } = crowd;
      const { wire } = silent;
      wire.events.length = 0;
      silent.stopPinging();
      const notice = await wire.event(({ Error: error }) => error !== undefined);
      expect(notice).toMatchObject({ Error: { Id: 0, ErrorCode: 2 } });
      for (const late of [
        { OutputCmd: { DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: 20 } } } },
        { Ping: {} },
        { RequestDeviceList: {} },
        { StartScanning: {} },
      ]) {
        expect(await wire.ask(late)).toMatchObject({ Error: { ErrorCode: 2 } });
      }
      expect(await wire.closed).toEqual({ code: 1008, reason: 'ping missed' });
      expect((await gateway.simulated.output(toy(0), 0)).level).toBe(0);
    },
  );

  it('takes no orders from a client that goes on talking after it was cut off', async () => {
    await using crowd = await start('driven');
    const { gateway, silent } = crowd;
    const { wire } = silent;
    silent.stopPinging();
    // Below the WebSocket, so that no library obeys the close frame.
    const order = JSON.stringify([
      { OutputCmd: { Id: 9, DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: 20 } } } },
    ]);
    wire.webSocket.pause();
    const talking = setInterval(() => wire.socket.write(maskedFrame(order)), 10);
    const gone = new Promise((resolve) => wire.socket.once('close', resolve));
    wire.socket.on('error', () => {});
    await stoppedAt(gateway, 0);
    await gone.finally(() => clearInterval(talking));
    const packets = (await gateway.simulated.state(toy(0))).packets.map(({ hex }) => hex);
    expect(packets).toContain('01000014');
    expect(packets.slice(packets.indexOf('01000000')).filter((hex) => hex !== '01000000')).toEqual([]);
  });
});

/** A short text as a client frames it (RFC 6455, §5.2): padded to a length of two bytes, masked with zeros. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text.padEnd(200));
  const header = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([header, payload]);
}

it('a client that pings in time is never stopped, however little else it says', async () => {
  await using folder = await TestFolder.create();
  await using gateway = await GatewayProcess.start(folder, {
    plugins: {
      'transport-websocket': { maxPingTime: MAX_PING_MS },
      'hardware-simulated': { devices: [{ model: 'Pulsegate Testbed' }] },
    },
  });
  await gateway.simulated.connected(1);
  const wire = await WireClient.connect(gateway.url);
  const client = new PingingClient(wire);
  await client.drive(0);
  const answered = () => wire.events.filter(({ Ok }) => Ok?.Id === 4_000_000).length;
  await expect.poll(answered, { timeout: PATIENCE_MS }).toBeGreaterThan(20);
  expect((await gateway.simulated.output(toy(0), 0)).level).toBe(LEVEL);
  client.stopPinging();
});
