import { expect, it } from 'vitest';
import { uuid } from '../../../core/catalogue/build.js';
import { BluetoothRoom } from '../../support/bluetooth/bluetooth-room.js';
import { COMMAND, STATUS } from '../../support/bluetooth/hci-packets.js';
import { toyPeripheral } from '../../support/bluetooth/toy-peripheral.js';
import { reaches, ToyRoom } from '../../support/bluetooth/toy-room.js';
import { level, move } from '../../support/messages.js';
import { describeSocat } from '../../support/pty.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** Real noble, over a real serial line, to a controller without a radio and the peripherals around it. */

describeSocat('a Bluetooth device', () => {
  it.each([
    ['Lovense Edge', undefined, 10],
    ['WeVibe Melt', undefined, 10],
    ['Satisfyer Device', undefined, 50],
    ['Kiiroo Pearl 2.1', undefined, 50],
    ['Svakom Chika', undefined, 5],
    ['MagicMotion Flamingo', 'magic-motion-1', 50],
  ])('%s is found, identified, driven and stopped', async (model, protocol, value) => {
    const toy = await toyPeripheral(model, 1, { ...(protocol !== undefined && { protocol }) });
    await using room = await ToyRoom.create([toy]);
    await room.scan();
    await room.has(model);
    expect(await room.client.ask(level(0, 0, 'Vibrate', value))).toHaveProperty('Ok');
    await expect.poll(() => toy.toy.outputs[0]?.level, { timeout: PATIENCE_MS }).toBe(value);
    room.client.webSocket.terminate();
    await expect.poll(() => toy.toy.outputs[0]?.level, { timeout: PATIENCE_MS }).toBe(0);
  });

  it('may move, and speak protobuf', async () => {
    const handy = await toyPeripheral('The Handy 2 Pro', 1);
    await using room = await ToyRoom.create([handy]);
    await room.scan();
    await room.has('The Handy 2 Pro');
    expect(await room.client.ask(move(0, 0, 50, 200))).toHaveProperty('Ok');
    await expect.poll(() => handy.toy.outputs[0]?.level, { timeout: PATIENCE_MS }).toBe(50);
  });

  it('tells its battery by the standard service, also when its table does not know that it has one', async () => {
    const battery = {
      uuid: uuid('180f'),
      characteristics: [{ uuid: uuid('2a19'), properties: ['read' as const], read: () => Uint8Array.of(77) }],
    };
    const toy = await toyPeripheral('MagicMotion Flamingo', 1, { protocol: 'magic-motion-1', moreServices: [battery] });
    await using room = await ToyRoom.create([toy]);
    await room.scan();
    await room.has('MagicMotion Flamingo');
    const list = await room.client.ask({ RequestDeviceList: {} });
    type Features = Readonly<Record<string, { readonly Input?: { readonly Battery?: object } }>>;
    const [device] = Object.values(list.DeviceList?.Devices ?? {}) as readonly { readonly DeviceFeatures: Features }[];
    const features = Object.entries(device?.DeviceFeatures ?? {});
    const FeatureIndex = Number(features.find(([, { Input }]) => Input?.Battery)?.[0]);
    const reply = await room.client.ask({
      InputCmd: { DeviceIndex: 0, FeatureIndex, Type: 'Battery', Command: 'Read' },
    });
    expect(reply).toHaveProperty('InputReading.Reading.Battery.Value', 77);
  });

  it.each([
    ['answers every packet', ['read', 'write', 'notify']],
    ['answers none', ['read', 'writeWithoutResponse', 'notify']],
  ] as const)('that %s is written to in the way it takes', async (_name, properties) => {
    const edge = await toyPeripheral('Lovense Edge', 1, { properties });
    await using room = await ToyRoom.create([edge]);
    await room.scan();
    await room.has('Lovense Edge');
    await room.client.ask(level(0, 1, 'Vibrate', 7));
    await reaches(edge, 0, 7);
  });

  it('that agrees to short packets only gets no others', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1, { mtu: 23 });
    await using room = await ToyRoom.create([edge]);
    await room.scan();
    await room.has('Lovense Edge');
    await room.client.ask(level(0, 0, 'Vibrate', 20));
    await reaches(edge, 20, 0);
    expect(edge.peripheral.gatt.mtu).toBe(23);
  });

  it('that drops out is gone, comes back with the same index, and is still', async () => {
    const toys = [await toyPeripheral('Lovense Edge', 1), await toyPeripheral('WeVibe Melt', 2)];
    const [edge, melt] = toys;
    if (!edge || !melt) throw new Error('There are two toys');
    await using room = await ToyRoom.create(toys);
    await room.scan();
    await room.has('Lovense Edge', 'WeVibe Melt');
    await room.client.ask({ StopScanning: {} });
    const before = await room.devices();
    for (const index of [0, 1]) await room.client.ask(level(index, 0, 'Vibrate', 5));
    await expect.poll(() => [edge.toy.outputs[0]?.level, melt.toy.outputs[0]?.level]).toEqual([5, 5]);
    room.room.controller.drop(edge.peripheral);
    await room.has('WeVibe Melt');
    await room.has('Lovense Edge', 'WeVibe Melt');
    expect(await room.devices()).toEqual(before);
    await reaches(edge, 0, 0);
    expect(melt.toy.outputs[0]?.level).toBe(5);
    expect(edge.peripheral.connections).toBe(2);
  });

  it('that is switched off and on again long after is back without a scan', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await ToyRoom.create([edge]);
    await room.scan();
    await room.has('Lovense Edge');
    await room.client.ask({ StopScanning: {} });
    edge.peripheral.isPresent = false;
    room.room.controller.drop(edge.peripheral);
    await room.has();
    // Looked for, and not found.
    await expect.poll(() => room.room.controller.isScanning, { interval: 5, timeout: PATIENCE_MS }).toBe(true);
    edge.peripheral.isPresent = true;
    await room.has('Lovense Edge');
    await expect.poll(() => room.room.controller.isScanning, { interval: 5, timeout: PATIENCE_MS }).toBe(false);
  });

  it('that never answers, refuses, or is another one disturbs no other', async () => {
    const mute = await toyPeripheral('Lovense Edge', 1);
    mute.peripheral.isMute = true;
    const refusing = await toyPeripheral('WeVibe Melt', 2);
    refusing.peripheral.refusesConnections = true;
    const other = await toyPeripheral('Kiiroo Pearl 2.1', 3);
    const impostor = await toyPeripheral('Svakom Chika', 4);
    Reflect.set(impostor.peripheral, 'gatt', other.peripheral.gatt);
    const toy = await toyPeripheral('MagicMotion Flamingo', 5, { protocol: 'magic-motion-1' });
    await using room = await ToyRoom.create([mute, refusing, impostor, toy], {
      answerTimeout: 300,
      connectTimeout: 500,
    });
    await room.scan();
    await room.has('MagicMotion Flamingo');
    await room.client.ask(level(0, 0, 'Vibrate', 9));
    await reaches(toy, 9);
    await room.says('has none of the services');
    await room.says('asking LVS-');
    await room.says('could not connect');
    expect(await room.devices()).toEqual({ 0: 'MagicMotion Flamingo' });
  });

  it('that stops answering is disconnected, and found again when it answers', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1, { properties: ['read', 'write', 'notify'] });
    await using room = await ToyRoom.create([edge], { answerTimeout: 200 });
    await room.scan();
    await room.has('Lovense Edge');
    edge.peripheral.isMute = true;
    await room.client.ask(level(0, 0, 'Vibrate', 9));
    await room.has();
    edge.peripheral.isMute = false;
    await room.has('Lovense Edge');
    await reaches(edge, 0, 0);
  });

  it('is connected while no scan runs, and the scan goes on afterwards', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await ToyRoom.create([edge]);
    await room.scan();
    await room.has('Lovense Edge');
    await expect.poll(() => room.room.controller.isScanning, { timeout: PATIENCE_MS }).toBe(true);
    const { commands } = room.room.controller;
    const connect = commands.indexOf(COMMAND.createConnection);
    expect(commands.slice(0, connect).lastIndexOf(COMMAND.setScanEnable)).toBeGreaterThan(
      commands.indexOf(COMMAND.setScanEnable),
    );
    await room.client.ask({ StopScanning: {} });
    await expect.poll(() => room.room.controller.isScanning, { timeout: PATIENCE_MS }).toBe(false);
  });

  it('beyond the limit is told to be one too many, and is taken when there is room', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    const melt = await toyPeripheral('WeVibe Melt', 2);
    await using room = await ToyRoom.create([edge], { maxDevices: 1 });
    await room.scan();
    await room.has('Lovense Edge');
    room.room.peripherals.push(melt.peripheral);
    await room.says('plugins.hardware-bluetooth.maxDevices');
    edge.peripheral.isPresent = false;
    room.room.controller.drop(edge.peripheral);
    await room.has('WeVibe Melt');
  });

  it('that the adapter has no room for is said to be refused', async () => {
    const toys = [await toyPeripheral('Lovense Edge', 1), await toyPeripheral('WeVibe Melt', 2)];
    await using room = await ToyRoom.create(toys, {}, { maxConnections: 1 });
    await room.scan();
    await room.says('Connection Limit Exceeded');
    await expect.poll(async () => Object.keys(await room.devices()).length, { timeout: PATIENCE_MS }).toBe(1);
  });

  it('gets the last level, and its stop, however slow the air is', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1, { properties: ['read', 'writeWithoutResponse', 'notify'] });
    await using room = await ToyRoom.create([edge], {}, { packetMs: 60 });
    await room.scan();
    await room.has('Lovense Edge');
    for (let step = 1; step <= 100; step++) await room.client.ask(level(0, 0, 'Vibrate', (step % 20) + 1));
    const since = performance.now();
    await room.client.ask({ StopCmd: {} });
    await reaches(edge, 0, 0);
    // Behind no more than what was on its way already, however many orders there were.
    expect(performance.now() - since).toBeLessThan(1_000);
  });
});

describeSocat('a Bluetooth adapter', () => {
  it('that is pulled out takes its devices with it, and brings them back when it is plugged in', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await ToyRoom.create([edge]);
    await room.scan();
    await room.has('Lovense Edge');
    await room.room.port.unplug();
    await room.has();
    await room.says('Bluetooth is lost');
    await room.room.port.plugIn();
    await room.has('Lovense Edge');
    await room.client.ask(level(0, 0, 'Vibrate', 3));
    await reaches(edge, 3, 0);
  });

  it('that is pulled out in the middle of what it reports is gone as well', { timeout: 60_000 }, async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await ToyRoom.create([edge], {}, { advertisingMs: 1 });
    await room.scan();
    for (let time = 0; time < 5; time++) {
      await room.has('Lovense Edge');
      await room.scan();
      await room.room.port.unplug();
      await room.has();
      await room.room.port.plugIn();
    }
  });

  it('that does not stop a scan is opened anew', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await ToyRoom.create([]);
    await room.scan();
    await expect.poll(() => room.room.controller.isScanning, { timeout: PATIENCE_MS }).toBe(true);
    room.room.controller.ignored.add(COMMAND.setScanEnable);
    room.room.peripherals.push(edge.peripheral);
    await room.says('stopping a scan took longer');
    room.room.controller.ignored.clear();
    await room.has('Lovense Edge');
  });

  it('that is not there is told in one sentence, and taken when it comes', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await BluetoothRoom.create([edge.peripheral]);
    await room.port.unplug();
    await using live = await room.start();
    expect(live.log.join('')).toContain(`Bluetooth cannot be used: there is no port ${room.port.path}`);
    await room.port.plugIn();
    await expect
      .poll(() => live.log.join(''), { timeout: PATIENCE_MS })
      .toContain('Bluetooth devices are reached through');
  });

  it('is left without connections when the gateway ends, and every device was stopped', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    const toys = await ToyRoom.create([edge]);
    await toys.scan();
    await toys.has('Lovense Edge');
    await toys.client.ask(level(0, 0, 'Vibrate', 12));
    await reaches(edge, 12, 0);
    const since = performance.now();
    await toys.live.gateway.stop();
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(edge.toy.outputs.map((output) => output.level)).toEqual([0, 0]);
    await expect.poll(() => toys.room.controller.connected, { timeout: PATIENCE_MS }).toEqual([]);
    await toys[Symbol.asyncDispose]();
  });

  it('does not lose count when a device ends a connection by itself', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await ToyRoom.create([edge]);
    await room.scan();
    for (let times = 1; times <= 3; times++) {
      await room.has('Lovense Edge');
      room.room.controller.drop(edge.peripheral, STATUS.remoteEnded);
      await room.has();
    }
    await room.has('Lovense Edge');
  });
});
