import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../core/cli/terminal.js';
import { BluetoothRoom } from '../support/bluetooth/bluetooth-room.js';
import { Crowd, crowdOf } from '../support/bluetooth/crowd.js';
import { GatewayProcess, TestFolder } from '../support/gateway-process.js';
import { describeSocat } from '../support/pty.js';
import { BLOCKS, Blocker, SYSTEM_CALL } from '../support/stop/blocker.js';
import { keepsPromise, STOP_PROMISE_MS } from '../support/timing.js';
import { WireClient } from '../support/wire-client.js';

/** After which a gateway that does nothing any more is interrupted, ms. */
const STALL_LIMIT_MS = 600;
/** Of ten looks in that time, one may just have been missed at either end. */
const LOOKS_MS = STALL_LIMIT_MS / 5;
const DEVICES = 5;
/** What a radio, and the others in front of it, may add to the promise, ms. */
const ON_THE_AIR_MS = 150;

/** A gateway process with a plugin that blocks it when told to, and devices that are driven over Bluetooth. */
class Stage implements AsyncDisposable {
  private constructor(
    readonly room: BluetoothRoom,
    readonly crowd: Crowd,
    readonly blocker: Blocker,
    readonly gateway: GatewayProcess,
    private readonly folder: TestFolder,
    private readonly owned: AsyncDisposableStack,
  ) {}

  static async create(block: string): Promise<Stage> {
    await using owned = new AsyncDisposableStack();
    const folder = owned.use(await TestFolder.create());
    const toys = await crowdOf(DEVICES);
    const room = owned.use(await BluetoothRoom.create(toys.map(({ peripheral }) => peripheral)));
    const blocker = await Blocker.install(folder, block);
    const gateway = owned.use(
      await GatewayProcess.start(folder, {
        safety: { stallLimit: STALL_LIMIT_MS },
        plugins: { ...room.plugins, ...blocker.sections },
      }),
    );
    const client = await WireClient.connect(gateway.url);
    owned.defer(() => client.webSocket.terminate());
    const crowd = new Crowd(room, toys, client);
    await client.ask({ StartScanning: {} });
    await crowd.isComplete();
    crowd.drive();
    await crowd.isRunning();
    await crowd.rest();
    return new Stage(room, crowd, blocker, gateway, folder, owned.move());
  }

  /** The same again without what blocks it, as whoever looks after it would start it. */
  async startAgain(): Promise<GatewayProcess> {
    return this.owned.use(await GatewayProcess.start(this.folder, { plugins: this.room.plugins }));
  }

  /** The same again, with what blocks it. */
  async startBlocked(): Promise<GatewayProcess> {
    const gateway = GatewayProcess.spawn(['--config', join(this.folder.path, 'pulsegate.yml')], this.folder.path);
    return this.owned.use(gateway);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.owned.disposeAsync();
  }
}

describeSocat('a plugin that blocks the gateway for ever', () => {
  describe.each(Object.entries(BLOCKS))('by %s', (_name, block) => {
    it('is interrupted, every device stops, and the process ends', async () => {
      await using stage = await Stage.create(block);
      const since = performance.now();
      await stage.blocker.block();
      await stage.crowd.isStill();
      await keepsPromise(
        STALL_LIMIT_MS + LOOKS_MS + STOP_PROMISE_MS + ON_THE_AIR_MS,
        async () => performance.now() - since,
      );
      expect(await stage.gateway.exited).toEqual({ code: EXIT.internal, signal: null });
      expect(stage.room.controller.connected).toEqual([]);
      const { err } = await stage.gateway.line((msg) => msg.includes('something broke'));
      expect(err).toMatchObject({
        message: `The gateway was blocked for ${STALL_LIMIT_MS} ms`,
        // Whose fault it was.
        stack: expect.stringContaining('/blocker/index.js'),
      });
      expect(stage.gateway.otherOutput).toEqual([]);
    });
  });

  it.each([
    ['by a system call, which nothing interrupts,', SYSTEM_CALL, 1],
    ['again and again, whatever interrupts it,', BLOCKS['an endless loop after a wait'], 100],
  ] as const)('%s ends the gateway; the next one finds every device and stops it', async (_name, block, times) => {
    await using stage = await Stage.create(block);
    await stage.blocker.block(times);
    expect(await stage.gateway.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(stage.gateway.otherOutput.join('\n')).toContain('Start it again: it looks for them, and stops them.');
    await stage.startAgain();
    await stage.crowd.isStill();
  });

  it('is told from a process that was halted for a while, and is found after that', async () => {
    await using stage = await Stage.create(BLOCKS['an endless loop']);
    stage.gateway.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 5 * STALL_LIMIT_MS));
    stage.gateway.signal('SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, 2 * STALL_LIMIT_MS));
    expect(stage.gateway.lines.filter(({ level }) => level >= 50)).toEqual([]);
    expect(stage.gateway.child.exitCode).toBe(null);
    await stage.blocker.block();
    await stage.crowd.isStill();
    expect(await stage.gateway.exited).toEqual({ code: EXIT.internal, signal: null });
  });

  it('is interrupted before there is any client, where an earlier run has left devices on', async () => {
    await using stage = await Stage.create(SYSTEM_CALL);
    stage.gateway.signal('SIGKILL');
    await stage.gateway.exited;
    const again = await stage.startBlocked();
    await stage.crowd.isStill();
    await stage.blocker.block();
    expect(await again.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('is not thought of as long as it only takes its time', async () => {
    const pause = `{ const until = Date.now() + ${STALL_LIMIT_MS / 2}; while (Date.now() < until); }`;
    await using stage = await Stage.create(`${pause} setTimeout(() => ${pause}, 20)`);
    await stage.blocker.block();
    await new Promise((resolve) => setTimeout(resolve, 3 * STALL_LIMIT_MS));
    expect(stage.gateway.lines.filter(({ level }) => level >= 50)).toEqual([]);
    expect(stage.gateway.child.exitCode).toBe(null);
  });
});
