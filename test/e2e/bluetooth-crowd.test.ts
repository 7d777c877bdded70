import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { BluetoothRoom } from '../support/bluetooth/bluetooth-room.js';
import { Crowd, crowdOf } from '../support/bluetooth/crowd.js';
import { GatewayProcess, TestFolder } from '../support/gateway-process.js';
import { describeSocat } from '../support/pty.js';
import { keepsPromise, STOP_PROMISE_MS } from '../support/timing.js';
import { WireClient } from '../support/wire-client.js';

/**
 * A gateway process with twenty devices on one adapter, which are driven ten times a second. For so long; an hour is possible, too:
 *
 *   PULSEGATE_SOAK_SECONDS=3600 npx vitest run test/e2e/bluetooth-crowd.test.ts
 */
const SOAK_MS = Number(process.env.PULSEGATE_SOAK_SECONDS ?? 15) * 1_000;
const DEVICES = 20;
/** What a bus of 75 ms between two packets, a radio, and nineteen others in front of it may add to the promise, ms. */
const ON_THE_AIR_MS = 250;
/** What the process may grow by once it has been at work for a while, MB. */
const GROWTH_MB = 24;

class Stage implements AsyncDisposable {
  private constructor(
    readonly room: BluetoothRoom,
    readonly gateway: GatewayProcess,
    readonly client: WireClient,
    readonly crowd: Crowd,
    private readonly owned: AsyncDisposableStack,
  ) {}

  /** All devices are connected, and nobody scans. */
  static async create(): Promise<Stage> {
    await using owned = new AsyncDisposableStack();
    const folder = owned.use(await TestFolder.create());
    const toys = await crowdOf(DEVICES);
    const room = owned.use(await BluetoothRoom.create(toys.map(({ peripheral }) => peripheral)));
    const gateway = owned.use(await GatewayProcess.start(folder, { plugins: room.plugins }));
    const client = await WireClient.connect(gateway.url);
    owned.defer(() => client.webSocket.terminate());
    const crowd = new Crowd(room, toys, client);
    await client.ask({ StartScanning: {} });
    await crowd.isComplete();
    await client.ask({ StopScanning: {} });
    return new Stage(room, gateway, client, crowd, owned.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.owned.disposeAsync();
  }
}

describeSocat('twenty devices on one adapter', () => {
  it(
    'are driven without missing a stop, while now and then one drops out and comes back',
    async () => {
      await using stage = await Stage.create();
      const { crowd, gateway, client } = stage;
      crowd.drive();
      await crowd.isRunning();
      const until = performance.now() + SOAK_MS;
      const settledAt = performance.now() + SOAK_MS / 4;
      let settledMb: number | undefined;
      for (let round = 0; performance.now() < until; round++) {
        const stopped = crowd.toys[(round * 13) % DEVICES];
        const dropped = crowd.toys[(round * 7 + 3) % DEVICES];
        if (!stopped || !dropped) throw new Error('The crowd is complete');
        await keepsPromise(STOP_PROMISE_MS + ON_THE_AIR_MS, () => crowd.stopOne(stopped));
        await crowd.dropOne(dropped);
        // Of each device one level waits at most, and perhaps its stop.
        expect(await waitingPackets(gateway)).toBeLessThanOrEqual(2 * DEVICES);
        if (performance.now() > settledAt) settledMb ??= await residentMb(gateway);
      }
      await crowd.rest();
      await client.ask({ StopCmd: {} });
      await crowd.isStill();
      expect((await residentMb(gateway)) - (settledMb ?? 0)).toBeLessThan(GROWTH_MB);
      expect(gateway.lines.filter(({ level }) => level >= 50)).toEqual([]);
      expect(gateway.otherOutput).toEqual([]);
    },
    SOAK_MS + 120_000,
  );

  it.each([
    'SIGTERM',
    // Noble would end the process at once.
    'SIGINT',
  ] as const)(
    'have all got their stop when the gateway is ended by %s, and it ends within a second',
    async (signal) => {
      await using stage = await Stage.create();
      const { crowd, gateway, room } = stage;
      crowd.drive();
      await crowd.isRunning();
      await crowd.rest();
      const since = performance.now();
      gateway.signal(signal);
      expect(await gateway.exited).toEqual({ code: 0, signal: null });
      await keepsPromise(1_000, async () => performance.now() - since);
      await crowd.isStill();
      expect(room.controller.connected).toEqual([]);
    },
    60_000,
  );
});

/** Memory of the process, MB. */
async function residentMb({ child }: GatewayProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** Of all devices. */
async function waitingPackets({ origin }: GatewayProcess): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^pulsegate_write_queue_depth (\d+)$/m.exec(text)?.[1]);
}
