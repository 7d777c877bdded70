import { definePlugin, HARDWARE, PLUGIN_API, PROTOCOLS, Type } from 'pulsegate/plugin';
import { expect, it } from 'vitest';
import { openSerialPort } from '../../../core/hardware/serial-driver.js';
import type { SerialPortSettings } from '../../../core/hardware/serial-port.js';
import { SerialManager } from '../../../plugins/hardware-serial/manager.js';
import { devicesSeenBy, scan, seesAt } from '../../support/client-view.js';
import { DataFolder } from '../../support/data-folder.js';
import { type LiveGateway, startLive } from '../../support/live-gateway.js';
import { describeSocat, Pty, timesOpen } from '../../support/pty.js';
import { clientOf, linesWith, RESCAN_MS, startSerial, TCODE, tcodeOn } from '../../support/serial-gateway.js';
import { keepsPromise, PATIENCE_MS, STOP_PROMISE_MS } from '../../support/timing.js';
import { WireClient } from '../../support/wire-client.js';

const position = (DeviceIndex: number, Value: number) => ({
  OutputCmd: { Id: 1_000_000, DeviceIndex, FeatureIndex: 0, Command: { Position: { Value } } },
});

/** How often the gateway has told that it has given up a device that hangs. */
const givenUp = (live: LiveGateway) =>
  linesWith(live, 'disconnected: TCode').filter((line) => line.includes('took no packet within')).length;

/** Drives these devices ten times a second each, until disposed of. */
class Driving implements Disposable {
  rounds = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(client: WireClient, indexes: readonly number[]) {
    this.#timer = setInterval(() => {
      this.rounds += 1;
      for (const index of indexes) client.tell(position(index, (this.rounds * 7) % 900));
    }, 100);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

async function five(): Promise<readonly Pty[]> {
  return Promise.all(Array.from({ length: 5 }, () => Pty.create()));
}

describeSocat('of five devices on five ports', () => {
  it('one that hangs is given up with a sentence, and the other four do not notice', { timeout: 30_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const ptys = await five();
    for (const pty of ptys) stack.use(pty);
    const [hanging, ...healthy] = ptys;
    await using live = await startSerial({ ports: ptys.map(({ path }) => tcodeOn(path)), count: 5 });
    const client = await clientOf(live, 5);
    using driving = new Driving(client, [0, 1, 2, 3, 4]);
    await Promise.all(ptys.map((pty) => pty.hears('L0')));
    await hanging?.hang();
    for (const pty of healthy) pty.heard = '';
    const before = driving.rounds;
    await expect.poll(() => givenUp(live), { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    const rounds = driving.rounds - before;
    expect(rounds).toBeGreaterThan(10);
    // On a machine that is busy with other things, two rounds may come together and merge.
    for (const { heard } of healthy) expect(heard.split('\n').length).toBeGreaterThan(rounds / 2);
    // It may be back by now: what it did not take is forgotten, and there is room again.
    await client.event(({ DeviceList }) => DeviceList !== undefined && !('0' in Object(DeviceList.Devices)));
    expect(await live.metric('pulsegate_write_queue_depth')).toBeLessThan(10);
    client.webSocket.terminate();
  });

  it('the four that do not hang are stopped in time', async () => {
    await using stack = new AsyncDisposableStack();
    const ptys = await five();
    for (const pty of ptys) stack.use(pty);
    const [hanging, ...healthy] = ptys;
    const ports = ptys.map(({ path }) => ({ path, protocol: 'nobra' }));
    await using live = await startSerial({ ports, count: 5 });
    const client = await clientOf(live, 5);
    for (let index = 0; index < 5; index++) await client.output(index, 0, { Vibrate: { Value: 9 } });
    await Promise.all(ptys.map((pty) => pty.hears('i')));
    await hanging?.hang();
    await client.output(0, 0, { Vibrate: { Value: 10 } });
    for (const pty of healthy) pty.heard = '';
    await keepsPromise(STOP_PROMISE_MS, async () => {
      const from = performance.now();
      client.socket.destroy();
      await expect.poll(() => healthy.every(({ heard }) => heard.startsWith('p')), { interval: 2 }).toBe(true);
      return performance.now() - from;
    });
  });
});

describeSocat('a device on a serial port that hangs', () => {
  it('is not sent more than it takes, however much clients send', { timeout: 30_000 }, async () => {
    await using pty = await Pty.create();
    await using folder = await DataFolder.withSettings({ address: pty.path, raw: true });
    await using live = await startSerial({
      ports: [tcodeOn(pty.path)],
      devices: folder.config.devices,
    });
    const client = await WireClient.connect(live.url, 3);
    await client.ask({ RequestDeviceList: {} });
    await pty.hang();
    const data = Array.from({ length: 4096 }, () => 0x2e);
    const raw = { RawWriteCmd: { DeviceIndex: 0, Endpoint: 'tx', Data: data, WriteWithResponse: false } };
    const answers = await Promise.all(Array.from({ length: 60 }, () => client.ask(raw)));
    for (const answer of answers) expect(answer).toMatchObject({ Error: { ErrorCode: 4 } });
    expect(JSON.stringify(answers)).toContain('has not taken what it was sent');
    await client.event((message) => 'DeviceRemoved' in message);
    client.webSocket.terminate();
  });

  it('is back when it takes packets again', { timeout: 30_000 }, async () => {
    await using pty = await Pty.create();
    await using live = await startSerial({ ports: [tcodeOn(pty.path)] });
    const client = await clientOf(live);
    using _driving = new Driving(client, [0]);
    await pty.hang();
    await expect.poll(() => givenUp(live), { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    pty.recover();
    await seesAt(client, { 0: TCODE });
    pty.heard = '';
    await client.output(0, 0, { Position: { Value: 432 } });
    await pty.hears('L0432\n');
    client.webSocket.terminate();
  });
});

describeSocat('a serial port that vanishes with a packet under way', () => {
  it('ends the write with a clear error, and the device is removed and comes back', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      await using pty = await Pty.create();
      await using folder = await DataFolder.withSettings({ address: pty.path, raw: true });
      await using live = await startSerial({ ports: [tcodeOn(pty.path)], devices: folder.config.devices });
      const client = await WireClient.connect(live.url, 3);
      await client.ask({ RequestDeviceList: {} });
      await pty.hang();
      const raw = { RawWriteCmd: { DeviceIndex: 0, Endpoint: 'tx', Data: [1, 2, 3], WriteWithResponse: false } };
      const answered = client.ask(raw);
      await pty.unplug();
      expect(await answered).toMatchObject({ Error: { ErrorCode: 4 } });
      expect(JSON.stringify(await answered)).toContain('is not connected any more');
      await client.event((message) => 'DeviceRemoved' in message);
      client.events.splice(0);
      await pty.plugIn();
      const back = await client.event((message) => 'DeviceAdded' in message);
      expect(back).toMatchObject({ DeviceAdded: { DeviceIndex: 0 } });
      expect(await timesOpen(pty.path)).toBe(1);
      client.webSocket.terminate();
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(unhandled).toEqual([]);
  });
});

describeSocat('a serial port that the system never finishes opening', () => {
  it('is given up in time, not opened a second time, and no other one waits for it', { timeout: 20_000 }, async () => {
    await using stuck = await Pty.create();
    await using other = await Pty.create();
    const asked: string[] = [];
    const { promise: late, resolve: openAtLast } = Promise.withResolvers<void>();
    const plugin = definePlugin({
      name: 'hardware-stuck-ports',
      kind: 'hardware',
      api: PLUGIN_API,
      description: 'Serial ports, one of which does not open',
      config: Type.Object({}),
      create({ clock, log, use }) {
        const owned = new AsyncDisposableStack();
        const open = async (settings: SerialPortSettings) => {
          asked.push(settings.path);
          if (settings.path === stuck.path) await late;
          return openSerialPort(settings);
        };
        return {
          async start() {
            const config = { ports: [tcodeOn(stuck.path), tcodeOn(other.path)], rescan: RESCAN_MS };
            const manager = new SerialManager({ config, protocols: use(PROTOCOLS), open, clock, log });
            owned.defer(() => manager.close());
            owned.use(use(HARDWARE).attach(manager));
            await manager.start();
          },
          stop: () => owned.disposeAsync(),
        };
      },
    });
    await using live = await startLive({
      devices: 1,
      config: { devices: { connectTimeout: 500 }, plugins: { 'hardware-simulated': { devices: [] } } },
      plugins: [plugin],
    });
    const client = await clientOf(live);
    expect(Object.values(await devicesSeenBy(client))).toEqual([TCODE]);
    await expect.poll(() => linesWith(live, 'was not ready within 500 ms').length, { timeout: PATIENCE_MS }).toBe(1);
    await scan(client);
    await expect.poll(() => linesWith(live, 'still being opened').length, { timeout: PATIENCE_MS }).toBeGreaterThan(0);
    expect(asked.filter((path) => path === stuck.path)).toHaveLength(1);
    // Nobody waits for it any more: whatever opens at last is closed, and found anew.
    openAtLast();
    await expect.poll(() => devicesSeenBy(client).then(Object.keys), { timeout: PATIENCE_MS }).toHaveLength(2);
    expect(await timesOpen(stuck.path)).toBe(1);
    client.webSocket.terminate();
  });
});

describeSocat('a device on a serial port that says what nobody understands, or far too much,', () => {
  it('disturbs nobody, and is told once', async () => {
    await using loud = await Pty.create();
    await using other = await Pty.create();
    await using folder = await DataFolder.withSettings({ address: loud.path, raw: true });
    await using live = await startSerial({
      ports: [tcodeOn(loud.path), tcodeOn(other.path)],
      devices: folder.config.devices,
      count: 2,
    });
    const client = await WireClient.connect(live.url, 3);
    await client.ask({ RequestDeviceList: {} });
    const junk = new Uint8Array(1_048_576)
      .map((_byte, at) => (at % 7 === 3 ? 0xff : at % 256))
      .map((byte) => (byte === 10 ? 11 : byte));
    loud.say(junk);
    await expect.poll(() => linesWith(live, 'nobody reads').length, { timeout: PATIENCE_MS }).toBe(1);
    loud.say(junk);
    const moveOther = { LinearCmd: { DeviceIndex: 1, Vectors: [{ Index: 0, Duration: 100, Position: 0.5 }] } };
    expect(await client.ask(moveOther)).toHaveProperty('Ok');
    await other.hears('L0500I100\n');
    const read = { RawReadCmd: { DeviceIndex: 0, Endpoint: 'rx', Length: 1_000_000, WaitForData: false } };
    loud.say('the end');
    const readEnd = async () => {
      const { RawReading } = await client.ask(read);
      const data = (RawReading?.Data ?? []) as number[];
      expect(data.length).toBeLessThanOrEqual(4096);
      return Buffer.from(data).toString('latin1');
    };
    await expect.poll(readEnd, { timeout: PATIENCE_MS }).toContain('the end');
    expect(linesWith(live, 'nobody reads')).toHaveLength(1);
    client.webSocket.terminate();
  });

  it('disturbs nobody while a client listens to it', async () => {
    await using loud = await Pty.create();
    await using other = await Pty.create();
    await using folder = await DataFolder.withSettings({ address: loud.path, raw: true });
    await using live = await startSerial({
      ports: [tcodeOn(loud.path), tcodeOn(other.path)],
      devices: folder.config.devices,
      count: 2,
    });
    const listener = await WireClient.connect(live.url, 3, 'listener');
    const driver = await clientOf(live, 2);
    await listener.ask({ RequestDeviceList: {} });
    const subscribe = { RawSubscribeCmd: { DeviceIndex: 0, Endpoint: 'rx' } };
    expect(await listener.ask(subscribe)).toHaveProperty('Ok');
    loud.say(new Uint8Array(1_048_576).fill(0xff));
    for (let value = 100; value < 120; value++) await driver.output(1, 0, { Position: { Value: value } });
    await other.hears('L0119\n');
    loud.say('the end');
    // Byte by byte in JSON: it is taken apart once it is all there.
    const heard = () => listener.events.reduce((sum, { RawReading }) => sum + Object(RawReading?.Data ?? []).length, 0);
    await expect.poll(heard, { timeout: PATIENCE_MS }).toBe(1_048_576 + 'the end'.length);
    await driver.output(0, 0, { Position: { Value: 777 } });
    await loud.hears('L0777\n');
    listener.webSocket.terminate();
    driver.webSocket.terminate();
  });
});
