import { beforeEach, describe, expect, it } from 'vitest';
import { openSerialPort } from '../../../core/hardware/serial-driver.js';
import { scanningClient, sees } from '../../support/client-view.js';
import { EmulatedDongle } from '../../support/dongle.js';
import { PluggedDevice, replaceBinding } from '../../support/hid-binding.js';
import { startLive } from '../../support/live-gateway.js';
import { level } from '../../support/messages.js';
import { describeSocat, PtyPort } from '../../support/pty.js';
import { PATIENCE_MS } from '../../support/timing.js';
import type { WireClient } from '../../support/wire-client.js';

/** The dongle of the maker, emulated behind a real serial line, and behind node-hid's native library. */

const plugged: PluggedDevice[] = [];
replaceBinding(plugged);

const start = (section: object) =>
  startLive({
    devices: 0,
    config: {
      plugins: {
        'hardware-simulated': { devices: [] },
        'hardware-hid': { enabled: false },
        'hardware-lovense-dongle': { enabled: true, rescan: 100, ...section },
      },
    },
  });

const reaches = ({ toy }: EmulatedDongle, ...levels: readonly number[]) =>
  expect.poll(() => toy.outputs.map((output) => output.level), { interval: 5, timeout: PATIENCE_MS }).toEqual(levels);

describeSocat('a dongle on a serial line', () => {
  it('finds a toy, which is identified, driven, and stopped when its client goes', async () => {
    const dongle = await EmulatedDongle.create();
    await using port = await PtyPort.create((line) => dongle.serve(line));
    await using live = await start({ serialPort: port.path });
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    // It has room for one toy, so that was all there is to find.
    await client.event((message) => 'ScanningFinished' in message);
    await client.ask(level(0, 0, 'Vibrate', 10));
    await reaches(dongle, 10, 0);
    expect(
      await client.ask({ InputCmd: { DeviceIndex: 0, FeatureIndex: 2, Type: 'Battery', Command: 'Read' } }),
    ).toHaveProperty('InputReading.Reading.Battery.Value', 80);
    client.webSocket.terminate();
    await reaches(dongle, 0, 0);
  });

  it('does not hang when the dongle never confirms the end of its search', async () => {
    const dongle = await EmulatedDongle.create();
    dongle.confirmsStop = false;
    await using port = await PtyPort.create((line) => dongle.serve(line));
    await using live = await start({ serialPort: port.path });
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    client.webSocket.terminate();
  });

  it('loses its toy, and finds it again with the next scan', async () => {
    const dongle = await EmulatedDongle.create();
    await using port = await PtyPort.create((line) => dongle.serve(line));
    await using live = await start({ serialPort: port.path });
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    dongle.loseToy();
    await sees(client);
    dongle.isToyInReach = true;
    await client.ask({ StartScanning: {} });
    await sees(client, 'Lovense Edge');
    client.webSocket.terminate();
  });

  it('is pulled out in mid-drive, and its toy stopped when it is back', async () => {
    const dongle = await EmulatedDongle.create();
    await using port = await PtyPort.create((line) => dongle.serve(line));
    await using live = await start({ serialPort: port.path });
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    await client.ask(level(0, 0, 'Vibrate', 10));
    await reaches(dongle, 10, 0);
    await port.unplug();
    await sees(client);
    expect(live.log.join('')).toContain('is gone');
    await port.plugIn();
    await sees(client, 'Lovense Edge');
    await reaches(dongle, 0, 0);
    client.webSocket.terminate();
  });

  it('that another program has open is told in a sentence, and used as soon as it is free', async () => {
    const dongle = await EmulatedDongle.create();
    await using port = await PtyPort.create((line) => dongle.serve(line));
    const other = await openSerialPort({ path: port.path, baudRate: 9600 });
    await using live = await start({ serialPort: port.path });
    expect(live.log.join('')).toContain(`${port.path} cannot be opened: another program has it open`);
    await other.close(true);
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    client.webSocket.terminate();
  });

  it('is told nothing before it has had its quiet moment, and stops its toy when the gateway ends', async () => {
    const dongle = await EmulatedDongle.create();
    await using port = await PtyPort.create((line) => dongle.serve(line));
    const live = await start({ serialPort: port.path });
    const client = await scanningClient(live);
    expect(dongle.told[0]).toBe('{"type":"toy","func":"statuss"}');
    await sees(client, 'Lovense Edge');
    await client.ask(level(0, 1, 'Vibrate', 4));
    await reaches(dongle, 0, 4);
    await live[Symbol.asyncDispose]();
    await reaches(dongle, 0, 0);
  });
});

/** A dongle that is a HID device; it is not plugged in yet. */
async function hidDongle() {
  const dongle = await EmulatedDongle.create();
  const device = new PluggedDevice({ vendorId: 0x1915, productId: 0x520a, path: '/dev/hidraw5', interface: 0 });
  device.onReport = (report) => dongle.take(report.subarray(1).toString().replaceAll('\0', ''));
  dongle.attach((text) => {
    for (let at = 0; at < text.length; at += 63) {
      const report = Buffer.alloc(64);
      report.write(text.slice(at, at + 63));
      setImmediate(() => device.say(...report));
    }
  });
  return { dongle, device };
}

/** A toy that vibrates, behind a dongle that is a HID device. */
class DrivenToy implements AsyncDisposable {
  private constructor(
    readonly dongle: EmulatedDongle,
    readonly device: PluggedDevice,
    readonly client: WireClient,
    private readonly owned: AsyncDisposableStack,
  ) {}

  static async create(): Promise<DrivenToy> {
    const { dongle, device } = await hidDongle();
    plugged.push(device);
    await using owned = new AsyncDisposableStack();
    const client = await scanningClient(owned.use(await start({})));
    owned.defer(() => client.webSocket.terminate());
    await sees(client, 'Lovense Edge');
    await client.ask(level(0, 0, 'Vibrate', 20));
    await reaches(dongle, 20, 0);
    return new DrivenToy(dongle, device, client, owned.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.owned.disposeAsync();
  }
}

describe('a dongle that is a HID device', () => {
  beforeEach(() => {
    plugged.length = 0;
  });

  it('gets its messages in reports, and tells in reports', async () => {
    await using driven = await DrivenToy.create();
    const { dongle, device, client } = driven;
    expect(device.reports.every((report) => report.length === 2 * 65 && report.startsWith('00'))).toBe(true);
    client.webSocket.terminate();
    await reaches(dongle, 0, 0);
  });

  it('is pulled out in mid-drive, says so more than once, and its toy is stopped when it is back', async () => {
    await using driven = await DrivenToy.create();
    const { dongle, device, client } = driven;
    device.unplug();
    device.unplug();
    await sees(client);
    expect(device.isOpen).toBe(false);
    device.isPlugged = true;
    await sees(client, 'Lovense Edge');
    await reaches(dongle, 0, 0);
  });

  it('that was without power looks for the toy it had by itself, to stop it', async () => {
    await using driven = await DrivenToy.create();
    const { dongle, device, client } = driven;
    device.unplug();
    dongle.losePower();
    await sees(client);
    device.isPlugged = true;
    await sees(client, 'Lovense Edge');
    await reaches(dongle, 0, 0);
  });

  it('whose toy is nowhere to be found does not search for ever', async () => {
    const { dongle, device } = await hidDongle();
    plugged.push(device);
    await using live = await start({});
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    dongle.told.length = 0;
    dongle.loseToy();
    const told = () => dongle.told.map((line) => JSON.parse(line).func).filter((func) => func !== 'command');
    await expect.poll(told, { interval: 20, timeout: PATIENCE_MS }).toEqual(['search', 'stopSearch']);
    client.webSocket.terminate();
  });

  it('that may not be opened is said to be so once, with what to do, and is used as soon as it may', async () => {
    const { device } = await hidDongle();
    device.refusal = 'cannot open device with path /dev/hidraw5: Permission denied';
    plugged.push(device);
    await using live = await start({});
    const said = () => live.log.filter((line) => line.includes('the Lovense dongle cannot be used'));
    expect(said()).toEqual([expect.stringContaining('Permission denied')]);
    if (process.platform === 'linux') expect(said()[0]).toContain('docs/deploy/70-pulsegate.rules');
    device.refusal = undefined;
    const client = await scanningClient(live);
    await sees(client, 'Lovense Edge');
    expect(said()).toHaveLength(1);
    client.webSocket.terminate();
  });
});
