import { describe, expect, it } from 'vitest';
import { type Crowd, withCrowd } from '../support/crowd.js';
import { keepsPromise, PATIENCE_MS, STOP_PROMISE_MS } from '../support/timing.js';

/** Many clients held to a ping time, each driving a device of its own; one of them stops pinging. */

const CLIENTS = 50;
const MAX_PING_MS = 200;
const LEVEL = 13;
const STOP = '01000000';
const toy = (index: number) => `pulsegate-testbed-${index + 1}`;

/** All clients drive, and all devices obey. */
async function drive({ gateway, clients }: Crowd): Promise<void> {
  await Promise.all(clients.map((client, index) => client.vibrate(index, LEVEL)));
  await Promise.all(clients.map((_, index) => gateway.simulated.reaches(toy(index), 0, LEVEL)));
}

function firstOf({ clients: [first, ...others] }: Crowd) {
  if (!first) throw new Error('There are no clients');
  return { silent: first, others };
}

/** When the device got its stop, wall-clock ms. */
async function stoppedAt({ gateway: { simulated } }: Crowd, index: number): Promise<number> {
  await simulated.reaches(toy(index), 0, 0);
  const { packets } = await simulated.state(toy(index));
  return Date.parse(packets.find(({ hex }) => hex === STOP)?.time ?? '');
}

describe(`${CLIENTS} clients with a ping time of ${MAX_PING_MS} ms, one of which stops pinging`, () => {
  const crowd = { size: CLIENTS, maxPingMs: MAX_PING_MS };

  it('stops every device within 50 ms of the deadline (policy "all"); the others stay, and can drive again', async () => {
    const attempt = () =>
      withCrowd({ ...crowd, onPingTimeout: 'all' }, async (crowd) => {
        await drive(crowd);
        const { silent, others } = firstOf(crowd);
        silent.stopPinging();
        const deadline = silent.lastPing + MAX_PING_MS;
        const stops = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => stoppedAt(crowd, index)));
        expect(Math.min(...stops)).toBeGreaterThanOrEqual(deadline);
        await silent.wire.closed;
        await Promise.all(others.map((client, index) => client.vibrate(index + 1, LEVEL + 1)));
        const { simulated } = crowd.gateway;
        await Promise.all(others.map((_, index) => simulated.reaches(toy(index + 1), 0, LEVEL + 1)));
        expect((await simulated.output(toy(0), 0)).level).toBe(0);
        return Math.max(...stops) - deadline;
      });
    await keepsPromise(STOP_PROMISE_MS, attempt);
  });

  it('stops the devices that client drove, and no other (policy "driven")', async () => {
    const attempt = () =>
      withCrowd({ ...crowd, onPingTimeout: 'driven' }, async (crowd) => {
        await drive(crowd);
        const { silent, others } = firstOf(crowd);
        silent.stopPinging();
        const deadline = silent.lastPing + MAX_PING_MS;
        const stop = await stoppedAt(crowd, 0);
        expect(stop).toBeGreaterThanOrEqual(deadline);
        await silent.wire.closed;
        for (const index of others.keys()) {
          expect((await crowd.gateway.simulated.output(toy(index + 1), 0)).level).toBe(LEVEL);
        }
        await Promise.all(others.map((client, index) => client.vibrate(index + 1, LEVEL + 1)));
        return stop - deadline;
      });
    await keepsPromise(STOP_PROMISE_MS, attempt);
  });

  it.each(['all', 'driven'] as const)(
    'tells the client so with code 2, refuses what it still says with code 2, and closes (policy "%s")',
    (onPingTimeout) =>
      withCrowd({ ...crowd, onPingTimeout }, async (crowd) => {
        await drive(crowd);
        const { silent } = firstOf(crowd);
        const { wire } = silent;
        silent.stopPinging();
        const notice = await wire.event(({ Error: error }) => error !== undefined);
        expect(notice).toMatchObject({ Error: { Id: 0, ErrorCode: 2 } });
        const late = [
          { OutputCmd: { DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: 20 } } } },
          { Ping: {} },
          { RequestDeviceList: {} },
          { StartScanning: {} },
        ];
        for (const reply of await Promise.all(late.map((message) => wire.ask(message)))) {
          expect(reply).toMatchObject({ Error: { ErrorCode: 2 } });
        }
        expect(await wire.closed).toEqual({ code: 1008, reason: 'ping missed' });
        expect((await crowd.gateway.simulated.output(toy(0), 0)).level).toBe(0);
      }),
  );
});

it('a client that goes on talking after it was cut off for its ping has no order carried out', () =>
  withCrowd({ size: 1, maxPingMs: MAX_PING_MS, onPingTimeout: 'driven' }, async (crowd) => {
    await drive(crowd);
    const { silent } = firstOf(crowd);
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
    await gone.finally(() => clearInterval(talking));
    const packets = (await crowd.gateway.simulated.state(toy(0))).packets.map(({ hex }) => hex);
    expect(packets).toContain('01000014');
    expect(packets.slice(packets.indexOf(STOP)).filter((hex) => hex !== STOP)).toEqual([]);
  }));

it('a client that pings in time is never stopped, however little else it says', () =>
  withCrowd({ size: 1, maxPingMs: MAX_PING_MS, onPingTimeout: 'driven' }, async (crowd) => {
    await drive(crowd);
    const { silent: client } = firstOf(crowd);
    await expect.poll(() => client.pingsAnswered, { timeout: PATIENCE_MS }).toBeGreaterThan(20);
    expect((await crowd.gateway.simulated.output(toy(0), 0)).level).toBe(LEVEL);
  }));

/** A short text as a client frames it (RFC 6455, §5.2): padded to a length of two bytes, masked with zeros. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text.padEnd(200));
  const header = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([header, payload]);
}
