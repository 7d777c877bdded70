import { expect, it } from 'vitest';
import { BluezRoom } from '../support/bluetooth/bluez-room.js';
import { describeDbus } from '../support/bluetooth/private-bus.js';
import { toyPeripheral } from '../support/bluetooth/toy-peripheral.js';
import { reaches } from '../support/bluetooth/toy-room.js';
import { level, move } from '../support/messages.js';
import { keepsPromise, PATIENCE_MS, STOP_PROMISE_MS } from '../support/timing.js';

/** A gateway process, real noble, over a real D-Bus, to a BlueZ without a radio and the peripherals around it. */

/** Company id, and the bytes behind it. */
type Maker = [company: number, data: Uint8Array];
/** A low number: where they are ordered, it comes first. */
const OTHER_MAKER: Maker = [0x0002, Uint8Array.of(1, 2, 3, 4)];

describeDbus('a Bluetooth device, through BlueZ,', () => {
  it.each([
    ['Lovense Edge', undefined, 10],
    ['WeVibe Melt', undefined, 10],
    ['Satisfyer Device', undefined, 50],
    ['Svakom Chika', undefined, 5],
    ['MagicMotion Flamingo', 'magic-motion-1', 50],
  ])('%s is found, identified, driven, and stopped when its client is gone', async (model, protocol, value) => {
    const toy = await toyPeripheral(model, 1, { ...(protocol !== undefined && { protocol }) });
    await using room = await BluezRoom.create([toy]);
    await room.scan();
    await room.has(model);
    expect(await room.client.ask(level(0, 0, 'Vibrate', value))).toHaveProperty('Ok');
    await expect.poll(() => toy.toy.outputs[0]?.level, { interval: 2, timeout: PATIENCE_MS }).toBe(value);
    await keepsPromise(STOP_PROMISE_MS, async () => {
      const since = performance.now();
      room.client.webSocket.terminate();
      await expect.poll(() => toy.toy.outputs[0]?.level, { interval: 2, timeout: PATIENCE_MS }).toBe(0);
      return performance.now() - since;
    });
    room.isUnharmed();
  });

  it('gets its packets without BlueZ being asked before each what it can do', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await BluezRoom.create([edge]);
    await room.scan();
    await room.has('Lovense Edge');
    await room.client.ask({ StopScanning: {} });
    await room.isScanning(false);
    await room.client.ask(level(0, 0, 'Vibrate', 1));
    await reaches(edge, 1, 0);
    const before = room.bluez.count('Introspect');
    for (let value = 2; value <= 5; value++) {
      await room.client.ask(level(0, 0, 'Vibrate', value));
      await reaches(edge, value, 0);
    }
    expect(room.bluez.count('Introspect')).toBe(before);
  });

  it.each([
    ['alone', (own: Maker) => [own]],
    ['behind that of another', (own: Maker) => [OTHER_MAKER, own]],
    ['before that of another', (own: Maker) => [own, OTHER_MAKER]],
  ])('is known by the data of its maker %s, where it has no name that tells', async (_name, all) => {
    const toy = await toyPeripheral('Satisfyer Device', 1);
    const { advertised } = toy.peripheral.options;
    const [own] = advertised.manufacturerData ?? [];
    if (!own) throw new Error('It has such data');
    Reflect.set(advertised, 'name', 'SF Something');
    Reflect.set(advertised, 'manufacturerData', new Map(all(own)));
    await using room = await BluezRoom.create([toy]);
    await room.scan();
    await room.has('Satisfyer Device');
  });

  it.each([
    ['answers every packet', ['read', 'write', 'notify']],
    ['answers none', ['read', 'writeWithoutResponse', 'notify']],
  ] as const)('that %s is written to in the way it takes', async (_name, properties) => {
    const edge = await toyPeripheral('Lovense Edge', 1, { properties });
    await using room = await BluezRoom.create([edge]);
    await room.scan();
    await room.has('Lovense Edge');
    await room.client.ask(level(0, 1, 'Vibrate', 7));
    await reaches(edge, 0, 7);
  });

  it('that agrees to short packets only gets longer ones in pieces', async () => {
    const handy = await toyPeripheral('The Handy 2 Pro', 1, { mtu: 23 });
    await using room = await BluezRoom.create([handy]);
    await room.scan();
    await room.has('The Handy 2 Pro');
    expect(await room.client.ask(move(0, 0, 50, 200))).toHaveProperty('Ok');
    await reaches(handy, 50);
    room.isUnharmed();
  });

  it('that drops out is gone, comes back with the same index without a scan, is still, and tells as before', async () => {
    const [edge, melt] = [await toyPeripheral('Lovense Edge', 1), await toyPeripheral('WeVibe Melt', 2)];
    await using room = await BluezRoom.create([edge, melt]);
    await room.scan();
    await room.has('Lovense Edge', 'WeVibe Melt');
    await room.client.ask({ StopScanning: {} });
    await room.isScanning(false);
    const before = await room.devices();
    for (const index of [0, 1]) await room.client.ask(level(index, 0, 'Vibrate', 5));
    await reaches(edge, 5, 0);
    await expect.poll(() => melt.toy.outputs[0]?.level, { timeout: PATIENCE_MS }).toBe(5);
    for (let times = 1; times <= 2; times++) {
      room.bluez.drop(edge.peripheral);
      await room.has('WeVibe Melt');
      // Lovense toys are asked what they are, and answer by a notification.
      await room.has('Lovense Edge', 'WeVibe Melt');
      await reaches(edge, 0, 0);
    }
    expect(await room.devices()).toEqual(before);
    expect(melt.toy.outputs[0]?.level).toBe(5);
    expect([edge, melt].map(({ peripheral }) => peripheral.connections)).toEqual([3, 1]);
    await room.isScanning(false);
    room.isUnharmed();
  });

  it('that BlueZ has forgotten comes back', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await BluezRoom.create([edge]);
    await room.scan();
    await room.has('Lovense Edge');
    await room.client.ask({ StopScanning: {} });
    edge.peripheral.isPresent = false;
    room.bluez.forget(edge.peripheral);
    await room.has();
    await room.isScanning(true);
    edge.peripheral.isPresent = true;
    await room.has('Lovense Edge');
    room.isUnharmed();
  });

  it('that is listed and not there any more keeps nobody waiting', async () => {
    const [edge, melt] = [await toyPeripheral('Lovense Edge', 1), await toyPeripheral('WeVibe Melt', 2)];
    await using room = await BluezRoom.create([edge]);
    await room.scan();
    await room.has('Lovense Edge');
    edge.peripheral.isPresent = false;
    room.bluez.drop(edge.peripheral);
    await room.has();
    await room.client.ask({ StopScanning: {} });
    await room.scan();
    room.peripherals.push(melt.peripheral);
    await keepsPromise(3_000, async () => {
      const since = performance.now();
      await room.has('WeVibe Melt');
      return performance.now() - since;
    });
    // Nobody tried to connect what cannot be heard.
    expect(edge.peripheral.connections).toBe(1);
    expect(await room.client.ask(level(1, 0, 'Vibrate', 9))).toHaveProperty('Ok');
    await expect.poll(() => melt.toy.outputs[0]?.level, { timeout: PATIENCE_MS }).toBe(9);
    edge.peripheral.isPresent = true;
    await room.has('Lovense Edge', 'WeVibe Melt');
  });

  it('whose first connection hangs is connected by the second', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    edge.peripheral.hangingConnections = 1;
    await using room = await BluezRoom.create([edge], { connectTimeout: 500 });
    await room.scan();
    await room.has('Lovense Edge');
    await room.client.ask(level(0, 0, 'Vibrate', 9));
    await reaches(edge, 9, 0);
    expect(edge.peripheral.connections).toBe(1);
    expect(room.said('could not connect')).toBe(0);
  });

  it('whose services are never found, that refuses, or is another one disturbs no other', async () => {
    const mute = await toyPeripheral('Lovense Edge', 1);
    mute.peripheral.isMute = true;
    const refusing = await toyPeripheral('WeVibe Melt', 2);
    refusing.peripheral.refusesConnections = true;
    const impostor = await toyPeripheral('Svakom Chika', 4);
    Reflect.set(impostor.peripheral, 'gatt', (await toyPeripheral('Kiiroo Pearl 2.1', 3)).peripheral.gatt);
    const toy = await toyPeripheral('MagicMotion Flamingo', 5, { protocol: 'magic-motion-1' });
    const options = { answerTimeout: 300, connectTimeout: 500 };
    await using room = await BluezRoom.create([mute, refusing, impostor, toy], options);
    await room.scan();
    await room.has('MagicMotion Flamingo');
    await room.client.ask(level(0, 0, 'Vibrate', 9));
    await reaches(toy, 9);
    await room.says('has none of the services');
    await room.says('le-connection-refused');
    await room.says('could not connect');
    expect(await room.devices()).toEqual({ 0: 'MagicMotion Flamingo' });
    expect(toy.toy.outputs[0]?.level).toBe(9);
    mute.peripheral.isMute = false;
    await room.has('MagicMotion Flamingo', 'Lovense Edge');
    expect(toy.peripheral.connections).toBe(1);
    room.isUnharmed();
  });

  it('that answers no packet any more disturbs no other, and is back when it answers', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1, { properties: ['read', 'write', 'notify'] });
    const melt = await toyPeripheral('WeVibe Melt', 2, { properties: ['read', 'write', 'notify'] });
    await using room = await BluezRoom.create([edge, melt], { answerTimeout: 300 });
    await room.scan();
    await room.has('Lovense Edge', 'WeVibe Melt');
    const at = Object.fromEntries(Object.entries(await room.devices()).map(([index, name]) => [name, Number(index)]));
    edge.peripheral.isMute = true;
    room.client.tell({ OutputCmd: { ...level(at['Lovense Edge'] ?? 0, 0, 'Vibrate', 9).OutputCmd, Id: 1_000 } });
    await room.client.ask(level(at['WeVibe Melt'] ?? 1, 0, 'Vibrate', 8));
    await expect.poll(() => melt.toy.outputs[0]?.level, { interval: 2, timeout: PATIENCE_MS }).toBe(8);
    await room.has('WeVibe Melt');
    edge.peripheral.isMute = false;
    await room.has('Lovense Edge', 'WeVibe Melt');
    await reaches(edge, 0, 0);
    expect(melt.toy.outputs[0]?.level).toBe(8);
    expect(melt.peripheral.connections).toBe(1);
  });

  it('that a gateway left connected when it was killed is found by the next one, and is stopped', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await BluezRoom.create([edge]);
    await room.scan();
    await room.has('Lovense Edge');
    await room.client.ask(level(0, 0, 'Vibrate', 9));
    await reaches(edge, 9, 0);
    room.gateway.signal('SIGKILL');
    await room.gateway.exited;
    expect(room.bluez.connected).toEqual([edge.peripheral.address]);
    // Nobody scans.
    await room.startGateway();
    await reaches(edge, 0, 0);
    await room.has('Lovense Edge');
  });
});
