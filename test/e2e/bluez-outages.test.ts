import { expect, it } from 'vitest';
import { BluezRoom } from '../support/bluetooth/bluez-room.js';
import { EmulatedBluez } from '../support/bluetooth/emulated-bluez.js';
import { describeDbus, PrivateBus } from '../support/bluetooth/private-bus.js';
import { type ToyPeripheral, toyPeripheral } from '../support/bluetooth/toy-peripheral.js';
import { reaches } from '../support/bluetooth/toy-room.js';
import { VirtualPeripheral } from '../support/bluetooth/virtual-peripheral.js';
import { GatewayProcess, pulsegate, TestFolder } from '../support/gateway-process.js';
import { level } from '../support/messages.js';
import { keepsPromise, PATIENCE_MS } from '../support/timing.js';
import { WireClient } from '../support/wire-client.js';

/** What becomes of devices and of the gateway when the adapter, BlueZ or the bus goes away, or was never there. */

const NO_SIMULATION = { 'hardware-simulated': { devices: [] } };
const pluginsWith = (section: object = {}) => ({
  ...NO_SIMULATION,
  'hardware-bluetooth': { binding: 'dbus', ...section },
});

/** A room with a toy that is driven. */
async function drivenRoom(edge: ToyPeripheral): Promise<BluezRoom> {
  const room = await BluezRoom.create([edge]);
  await room.scan();
  await room.has('Lovense Edge');
  await room.client.ask(level(0, 0, 'Vibrate', 12));
  await reaches(edge, 12, 0);
  return room;
}

/** It takes orders again, and nothing is on that nobody asked for. */
async function isBack(room: BluezRoom, edge: ToyPeripheral): Promise<void> {
  await room.has('Lovense Edge');
  await reaches(edge, 0, 0);
  await room.client.ask(level(0, 0, 'Vibrate', 3));
  await reaches(edge, 3, 0);
  room.isUnharmed();
}

describeDbus('an adapter of BlueZ', () => {
  it('that is switched off takes its devices with it, and brings them back when it is on again', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1, { properties: ['read', 'write', 'notify'] });
    await using room = await drivenRoom(edge);
    // In that moment, a packet waits for its answer.
    edge.peripheral.isMute = true;
    const before = room.bluez.count('WriteValue');
    room.client.tell({ OutputCmd: { ...level(0, 0, 'Vibrate', 7).OutputCmd, Id: 1_000 } });
    const asked = () => room.bluez.count('WriteValue');
    await expect.poll(asked, { interval: 2, timeout: PATIENCE_MS }).toBeGreaterThan(before);
    room.bluez.power(false);
    await room.says('Bluetooth is lost: the Bluetooth adapter is poweredOff');
    await room.has();
    edge.peripheral.isMute = false;
    room.bluez.power(true);
    await isBack(room, edge);
  }, 60_000);

  it('that is off from the start is said to be, and is used when it is on', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await BluezRoom.create([edge]);
    room.bluez.power(false);
    await room.says('Bluetooth cannot be used: it is switched off');
    await room.scan();
    room.bluez.power(true);
    await room.says('Bluetooth devices are reached through BlueZ', 2);
    await room.scan();
    await room.has('Lovense Edge');
  }, 60_000);

  it('that is pulled out takes its devices with it, and brings them back when it is plugged in', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await drivenRoom(edge);
    room.bluez.unplug();
    await room.says('Bluetooth is lost: BlueZ has the adapter no more');
    await room.has();
    await room.says('Bluetooth cannot be used: BlueZ knows of no adapter');
    room.bluez.plugIn();
    await isBack(room, edge);
  }, 60_000);

  it('that refuses a discovery now and then keeps its devices, and is asked again', async () => {
    const [edge, melt] = [await toyPeripheral('Lovense Edge', 1), await toyPeripheral('WeVibe Melt', 2)];
    await using room = await drivenRoom(edge);
    room.bluez.refusals.set('StartDiscovery', 2);
    await room.client.ask({ StopScanning: {} });
    await room.isScanning(false);
    room.peripherals.push(melt.peripheral);
    await room.scan();
    await room.has('Lovense Edge', 'WeVibe Melt');
    expect(edge.peripheral.connections).toBe(1);
    expect(edge.toy.outputs[0]?.level).toBe(12);
    expect(room.said('Bluetooth is lost')).toBe(0);
  });

  it('keeps its devices however many others are around, and however often somebody looks for more', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await drivenRoom(edge);
    for (let at = 1; at <= 60; at++) room.peripherals.push(bystander(at));
    // On the system bus, a program may ask for no more than 512 signals.
    for (let times = 1; times <= 12; times++) {
      await room.client.ask({ StopScanning: {} });
      await room.isScanning(false);
      const before = room.bluez.count('PropertiesChanged');
      await room.scan();
      // Every one of them is heard, twice.
      const heard = () => room.bluez.count('PropertiesChanged') - before;
      await expect.poll(heard, { interval: 5, timeout: PATIENCE_MS }).toBeGreaterThan(120);
    }
    await room.client.ask(level(0, 0, 'Vibrate', 4));
    await reaches(edge, 4, 0);
    expect(edge.peripheral.connections).toBe(1);
    expect(room.said('Bluetooth is lost')).toBe(0);
    room.isUnharmed();
  }, 60_000);

  it('has no device left when the gateway ends, and every one was stopped, within a second', async () => {
    const [edge, melt] = [await toyPeripheral('Lovense Edge', 1), await toyPeripheral('WeVibe Melt', 2)];
    await using room = await BluezRoom.create([edge, melt]);
    await room.scan();
    await room.has('Lovense Edge', 'WeVibe Melt');
    for (const index of [0, 1]) await room.client.ask(level(index, 0, 'Vibrate', 6));
    const running = () => [edge, melt].map(({ toy }) => toy.outputs[0]?.level);
    await expect.poll(running, { interval: 2, timeout: PATIENCE_MS }).toEqual([6, 6]);
    await keepsPromise(1_000, async () => {
      const since = performance.now();
      room.gateway.signal('SIGTERM');
      expect(await room.gateway.exited).toEqual({ code: 0, signal: null });
      return performance.now() - since;
    });
    expect(running()).toEqual([0, 0]);
    // BlueZ takes its time.
    await expect.poll(() => room.bluez.connected, { interval: 20, timeout: PATIENCE_MS }).toEqual([]);
  });
});

describeDbus('BlueZ', () => {
  it('that ends takes its devices with it, and brings them back when it runs again', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await drivenRoom(edge);
    room.endBluez();
    await room.says('Bluetooth is lost: BlueZ has ended');
    await room.has();
    await room.says('Bluetooth cannot be used: BlueZ does not run: install and start BlueZ');
    await room.startBluez();
    await isBack(room, edge);
    expect(room.said('Bluetooth is lost')).toBe(1);
    expect(room.said('Bluetooth cannot be used')).toBe(1);
  }, 60_000);

  it('is missed at once when its bus ends, whether or not anybody asks for something, and is found on the next', async () => {
    const edge = await toyPeripheral('Lovense Edge', 1);
    await using room = await drivenRoom(edge);
    await room.client.ask({ StopScanning: {} });
    await room.isScanning(false);
    await room.bus.kill();
    await room.says('Bluetooth is lost: D-Bus has ended');
    await room.has();
    room.endBluez();
    await room.bus.restart();
    await room.startBluez();
    await isBack(room, edge);
    expect(room.said('Bluetooth is lost')).toBe(1);
  }, 60_000);

  it('is said to be missing in one sentence, and used when it comes', async () => {
    await using bus = await PrivateBus.start();
    await using folder = await TestFolder.create();
    const env = { DBUS_SYSTEM_BUS_ADDRESS: bus.address };
    await using running = await GatewayProcess.start(folder, { plugins: pluginsWith() }, env);
    const { msg } = await running.line((line) => line.includes('Bluetooth cannot be used'));
    expect(msg).toContain('BlueZ does not run: install and start BlueZ');
    using _bluez = await EmulatedBluez.start(bus.address, []);
    await running.line((line) => line === 'Bluetooth devices are reached through BlueZ');
    expect(running.lines.filter((line) => line.msg.includes('Bluetooth cannot be used'))).toHaveLength(1);
  });

  it('that may not be spoken to is said to be so, and what to do about it', async () => {
    await using bus = await PrivateBus.start('org.bluez');
    await using folder = await TestFolder.create();
    using _bluez = await EmulatedBluez.start(bus.address, []);
    const env = { DBUS_SYSTEM_BUS_ADDRESS: bus.address };
    await using running = await GatewayProcess.start(folder, { plugins: pluginsWith() }, env);
    const { msg } = await running.line((line) => line.includes('Bluetooth cannot be used'));
    expect(msg).toContain('sudo usermod -aG bluetooth');
  });

  it('with another adapter than the one that is wanted is not used', async () => {
    await using bus = await PrivateBus.start();
    await using folder = await TestFolder.create();
    using _bluez = await EmulatedBluez.start(bus.address, []);
    const env = { DBUS_SYSTEM_BUS_ADDRESS: bus.address };
    await using running = await GatewayProcess.start(folder, { plugins: pluginsWith({ adapter: 'hci7' }) }, env);
    const { msg } = await running.line((line) => line.includes('Bluetooth cannot be used'));
    expect(msg).toContain('there is no hci7, but hci0');
  });

  it('is what `pulsegate doctor` says that devices are reached through', async () => {
    await using bus = await PrivateBus.start();
    await using folder = await TestFolder.create();
    using _bluez = await EmulatedBluez.start(bus.address, []);
    await folder.write('pulsegate.yml', { http: { port: 0 }, plugins: { 'hardware-bluetooth': { binding: 'dbus' } } });
    const { stdout } = await pulsegate(['doctor'], folder.path, { DBUS_SYSTEM_BUS_ADDRESS: bus.address });
    expect(stdout).toContain('ok  hardware-bluetooth: devices are reached through BlueZ');
  });
});

describeDbus('without a D-Bus', () => {
  it.each([
    ['there is no socket', false],
    ['nobody listens on its socket', true],
  ])('because %s, one sentence tells what to do, and the gateway runs', async (_name, hasSocket) => {
    await using bus = await PrivateBus.start();
    await using folder = await TestFolder.create();
    await bus.kill();
    const address = hasSocket ? bus.address : 'unix:path=/nowhere/bus';
    const running = await GatewayProcess.start(
      folder,
      { plugins: pluginsWith() },
      { DBUS_SYSTEM_BUS_ADDRESS: address },
    );
    await using _owned = running;
    const { msg } = await running.line((line) => line.includes('Bluetooth cannot be used'));
    expect(msg).toContain('install and start BlueZ');
    const client = await WireClient.connect(running.url);
    expect(await client.ask({ StartScanning: {} })).toHaveProperty('Ok');
    client.webSocket.terminate();
    expect(running.lines.filter((line) => line.level >= 40)).toHaveLength(1);
    expect(running.child.exitCode).toBeNull();
  });
});

/** Somebody's heart-rate belt. */
const bystander = (at: number): VirtualPeripheral =>
  new VirtualPeripheral({
    address: `be:17:00:00:00:${at.toString(16).padStart(2, '0')}`,
    advertised: { name: `belt ${at}` },
    services: [],
  });
