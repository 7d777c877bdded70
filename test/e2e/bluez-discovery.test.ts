import { Variant } from 'dbus-next';
import { expect, it } from 'vitest';
import { BluezRoom } from '../support/bluetooth/bluez-room.js';
import { OtherProgram } from '../support/bluetooth/other-program.js';
import { describeDbus } from '../support/bluetooth/private-bus.js';
import { toyPeripheral } from '../support/bluetooth/toy-peripheral.js';
import { reaches } from '../support/bluetooth/toy-room.js';
import { level } from '../support/messages.js';
import { PATIENCE_MS } from '../support/timing.js';

/** BlueZ has one discovery for all programs, and merges what they ask for. */

/** As the gateway asks. */
const OURS = { Transport: 'le', DuplicateData: true };
const HEART_RATE = '0000180d-0000-1000-8000-00805f9b34fb';

describeDbus('a discovery of BlueZ', () => {
  it('is for Bluetooth Low Energy alone, and tells of a device as often as it is heard', async () => {
    await using room = await BluezRoom.create([]);
    await room.scan();
    await room.isScanning(true);
    expect(room.bluez.discoveries).toEqual([OURS]);
  });

  it.each([
    ['for everything', undefined],
    [
      'for something else',
      { UUIDs: new Variant('as', [HEART_RATE]), RSSI: new Variant('n', -30), DuplicateData: new Variant('b', false) },
    ],
  ])('that another program asks %s hides no device, and goes on when the gateway has enough', async (_name, filter) => {
    const [edge, melt] = [await toyPeripheral('Lovense Edge', 1), await toyPeripheral('WeVibe Melt', 2)];
    await using room = await BluezRoom.create([edge]);
    using other = await OtherProgram.on(room.bus.address);
    await other.startDiscovery(filter);
    const known = () => room.bluez.devices;
    // What the other program has found already is not told anew.
    if (!filter) await expect.poll(known, { timeout: PATIENCE_MS }).toEqual([edge.peripheral.address]);
    await room.scan();
    await room.has('Lovense Edge');
    room.peripherals.push(melt.peripheral);
    await room.has('Lovense Edge', 'WeVibe Melt');
    room.bluez.drop(edge.peripheral);
    await expect.poll(() => edge.peripheral.connections, { timeout: PATIENCE_MS }).toBe(2);
    await room.has('Lovense Edge', 'WeVibe Melt');
    await room.client.ask({ StopScanning: {} });
    await expect.poll(() => room.bluez.discoveries.length, { timeout: PATIENCE_MS }).toBe(1);
    expect(room.bluez.discoveries).not.toContainEqual(OURS);
    await room.client.ask(level(0, 0, 'Vibrate', 4));
    await reaches(edge, 4, 0);
    room.isUnharmed();
  });

  it('that another program asks for everything shows a device that was away for a while', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await BluezRoom.create([edge], { connectTimeout: 500 });
    using other = await OtherProgram.on(room.bus.address);
    await other.startDiscovery();
    await room.scan();
    await room.has('Lovense Edge');
    edge.peripheral.isPresent = false;
    room.bluez.drop(edge.peripheral);
    await room.has();
    edge.peripheral.isPresent = true;
    const back = () => room.devices().then((devices) => Object.values(devices));
    await expect.poll(back, { interval: 50, timeout: 3 * PATIENCE_MS }).toEqual(['Lovense Edge']);
  }, 60_000);

  it('goes on for the gateway when another program has enough', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await BluezRoom.create([]);
    using other = await OtherProgram.on(room.bus.address);
    await room.scan();
    await other.startDiscovery();
    await other.stopDiscovery();
    await room.isScanning(true);
    expect(room.bluez.discoveries).toEqual([OURS]);
    room.peripherals.push(edge.peripheral);
    await room.has('Lovense Edge');
  });
});
