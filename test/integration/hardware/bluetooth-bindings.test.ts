import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { uuid } from '../../../core/catalogue/build.js';
import { AdapterRig } from '../../support/bluetooth/adapter-rig.js';
import type { EmulatedBluez } from '../../support/bluetooth/emulated-bluez.js';
import type { Property } from '../../support/bluetooth/gatt-server.js';
import { describeDbus } from '../../support/bluetooth/private-bus.js';
import { VirtualPeripheral } from '../../support/bluetooth/virtual-peripheral.js';
import { describeSocat } from '../../support/pty.js';

/** What is known of a device must not depend on which of noble's bindings reaches it. */

const ADDRESS = 'c0:ff:ee:00:00:01';
const TX = uuid('fff1');

/** A device of one characteristic, which notes what is written to it. */
function device(mtu: number, properties: readonly Property[]) {
  const written: [length: number, withResponse: boolean][] = [];
  let reads = 0;
  const characteristic = {
    uuid: TX,
    properties,
    read: () => {
      reads += 1;
      return Buffer.from(`${reads}`);
    },
    write: (data: Uint8Array, withResponse: boolean) => written.push([data.length, withResponse]),
  };
  const peripheral = new VirtualPeripheral({
    address: ADDRESS,
    advertised: { name: 'Something' },
    services: [{ uuid: uuid('fff0'), characteristics: [characteristic] }],
    mtu,
  });
  return { peripheral, written };
}

const UNASKED = { withResponse: false };

describe.each([
  ['through BlueZ', describeDbus, AdapterRig.bluez],
  ['over a serial line', describeSocat, AdapterRig.hci],
] as const)('an adapter reached %s', (_name, describeHere, create) => {
  describeHere('tells', () => {
    it('the data of every company that a device advertises, each for itself', async () => {
      const manufacturerData = new Map([
        [0x004c, Uint8Array.of(0x10, 0x05)],
        [0x01a2, Uint8Array.of(0xff, 0x00, 0x2a)],
        [0xffff, Uint8Array.of(1)],
      ]);
      const peripheral = new VirtualPeripheral({ address: ADDRESS, advertised: { manufacturerData }, services: [] });
      await using rig = await create([peripheral]);
      const seen = await rig.advertisement(peripheral);
      expect(new Map(seen.manufacturerData)).toEqual(manufacturerData);
    });

    it('that there is no such data', async () => {
      const { peripheral } = device(247, ['write']);
      await using rig = await create([peripheral]);
      expect(await rig.advertisement(peripheral)).not.toHaveProperty('manufacturerData');
    });

    it('how long a packet may be: what is longer is not sent to a device that answers none', async () => {
      const { peripheral, written } = device(30, ['writeWithoutResponse']);
      await using rig = await create([peripheral]);
      const link = await rig.connect(peripheral);
      await link.write(TX, new Uint8Array(27), UNASKED);
      await expect(link.write(TX, new Uint8Array(28), UNASKED)).rejects.toThrow(
        'Something takes packets of 27 bytes, and one of 28 does not fit',
      );
      await expect.poll(() => written).toEqual([[27, false]]);
    });

    it('how long a packet may be now, whatever it was when the device was connected before', async () => {
      const { peripheral, written } = device(60, ['writeWithoutResponse']);
      await using rig = await create([peripheral]);
      await rig.drop(peripheral, await rig.connect(peripheral));
      peripheral.gatt.largestMtu = 30;
      const link = await rig.connect(peripheral);
      await expect(link.write(TX, new Uint8Array(28), UNASKED)).rejects.toThrow('takes packets of 27 bytes');
      expect(written).toEqual([]);
    });
  });
});

describe.each([
  ['through BlueZ', describeDbus, AdapterRig.bluez],
  ['over a serial line', describeSocat, AdapterRig.hci],
] as const)('a device reached %s', (_name, describeHere, create) => {
  describeHere('by several at a time', () => {
    it('gets every packet, and everybody gets an answer', async () => {
      const { peripheral, written } = device(247, ['write', 'read']);
      await using rig = await create([peripheral]);
      const link = await rig.connect(peripheral);
      const packets = [1, 2, 3, 4, 5].map((length) => new Uint8Array(length));
      await Promise.all(packets.map((packet) => link.write(TX, packet, { withResponse: true })));
      expect(written.map(([length]) => length)).toEqual([1, 2, 3, 4, 5]);
      const answers = await Promise.all([link.read(TX), link.read(TX), link.read(TX)]);
      expect(answers.map((answer) => Buffer.from(answer).toString())).toEqual(['1', '2', '3']);
      expect(await Promise.all([link.rssi?.(), link.rssi?.()])).toEqual([peripheral.rssi, peripheral.rssi]);
    });
  });

  describeHere('whose connection breaks in the moment in which it comes about', () => {
    it('is not taken for connected, and is connected by the next try', async () => {
      const { peripheral } = device(247, ['write']);
      peripheral.breakingConnections = 1;
      await using rig = await create([peripheral]);
      const first = await rig.connect(peripheral).then(() => 'connected', String);
      expect(first).toContain('Something went away');
      const link = await rig.connect(peripheral);
      await link.write(TX, Uint8Array.of(1), { withResponse: true });
      expect(rig.connected).toEqual([ADDRESS]);
    });
  });

  describeHere('that is being connected', () => {
    it('is left alone at once when the adapter is given up, and does not end up connected', async () => {
      const { peripheral } = device(247, ['write']);
      await using rig = await create([peripheral]);
      await rig.advertisement(peripheral);
      peripheral.hangingConnections = 1;
      const attempt = rig.connect(peripheral).then(() => 'connected', String);
      await expect.poll(() => peripheral.hangingConnections, { interval: 2 }).toBe(0);
      const since = performance.now();
      await rig.manager.close();
      expect(await attempt).toContain('the gateway has stopped using Bluetooth');
      expect(performance.now() - since).toBeLessThan(1_000);
      await pause(1_500);
      expect(rig.connected).toEqual([]);
    });
  });
});

describeDbus('an adapter reached through BlueZ', () => {
  it('sends what is too long for one packet in pieces, which takes answers', async () => {
    const { peripheral, written } = device(30, ['write', 'writeWithoutResponse']);
    await using rig = await AdapterRig.bluez([peripheral]);
    const link = await rig.connect(peripheral);
    await link.write(TX, new Uint8Array(27), UNASKED);
    await link.write(TX, new Uint8Array(28), UNASKED);
    expect(written).toEqual([
      [27, false],
      [28, true],
    ]);
  });

  it('takes packets of any length where BlueZ is too old to tell', async () => {
    const { peripheral, written } = device(247, ['writeWithoutResponse']);
    await using rig = await AdapterRig.bluez([peripheral], (bluez) => bluez.hidden.add('MTU'));
    const link = await rig.connect(peripheral);
    await link.write(TX, new Uint8Array(200), UNASKED);
    expect(written).toEqual([[200, false]]);
  });

  it('sends a packet without waiting for the answer to something else, for it may be a stop', async () => {
    const { peripheral, written } = device(247, ['write', 'read']);
    await using rig = await AdapterRig.bluez([peripheral]);
    const link = await rig.connect(peripheral);
    peripheral.isMute = true;
    const read = link.read(TX).then(() => 'read', String);
    await pause(50);
    peripheral.isMute = false;
    const since = performance.now();
    await link.write(TX, Uint8Array.of(0), { withResponse: true });
    expect(performance.now() - since).toBeLessThan(500);
    expect(written).toEqual([[1, true]]);
    expect(await read).toContain('reading from Something took longer');
  });

  it('learns when a longer packet is agreed upon later', async () => {
    const { peripheral, written } = device(23, ['writeWithoutResponse']);
    let bluez: EmulatedBluez | undefined;
    await using rig = await AdapterRig.bluez([peripheral], (started) => {
      bluez = started;
    });
    const link = await rig.connect(peripheral);
    const long = new Uint8Array(57);
    await expect(link.write(TX, long, UNASKED)).rejects.toThrow('takes packets of 20 bytes');
    bluez?.agree(peripheral, 60);
    await expect.poll(() => link.write(TX, long, UNASKED).then(() => 'written', String)).toBe('written');
    expect(written).toEqual([[57, false]]);
  });
});
