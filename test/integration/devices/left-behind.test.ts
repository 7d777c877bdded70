import { copyFile } from 'node:fs/promises';
import { bluetooth, features, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { type Booted, boot } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { level } from '../../support/messages.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';

/** Nobody sees these without a scan. */
const TOYS = ['Lovense Edge', 'Lovense Hush'].map((model, at) => ({
  model,
  address: `C0:FF:EE:00:00:0${at}`,
  present: 'on-scan',
  messageGap: 0,
}));

const [EDGE, HUSH] = ['LVS-P36', 'LVS-Z36'];
const [EDGE_TOY, HUSH_TOY] = [TOYS.slice(0, 1), TOYS.slice(1)];

const bootOn = (folder: DataFolder, devices = TOYS) => boot({ devices, config: folder.config });

const connected = async (gateway: Booted) =>
  (await gateway.toys()).filter((toy) => toy.connected).map(({ name }) => name);

/** What a gateway leaves on disk when it is killed at this moment. */
async function killedNow(folder: DataFolder): Promise<DataFolder> {
  const left = await DataFolder.create();
  await copyFile(folder.state, left.state);
  return left;
}

/** An Edge that vibrates. */
async function driveEdge(gateway: Booted) {
  const client = await gateway.connect();
  await client.ask({ StartScanning: {} });
  await gateway.clock.advance(1_000);
  await client.ask(level(0, 0, 'Vibrate', 9));
  await gateway.clock.advance(100);
  return client;
}

describe('a device that a killed gateway has left on', () => {
  it('is found by the next one without a scan, and is stopped; no other is touched', async () => {
    await using first = await DataFolder.create();
    await using gateway = await bootOn(first, TOYS.slice(0, 1));
    await driveEdge(gateway);
    await using left = await killedNow(first);

    await using next = await bootOn(left);
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([EDGE]);
    const [edge] = await next.toys();
    expect(edge?.packets.map(({ text }) => text)).toContain('Vibrate1:0;');
    expect(next.log.join('')).toContain(
      'the last run did not get to stop these, and they are looked for: Lovense Edge',
    );
    expect(next.log.join('')).toContain('found what the last run did not stop');
    // The search is over: whoever scans has all there is, and hears of the end.
    const client = await next.connect();
    await client.ask({ StartScanning: {} });
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([EDGE, HUSH]);
    expect(client.take()).toContainEqual({ ScanningFinished: { Id: 0 } });
  });

  it('that is not there is looked for during half a minute, and never again', async () => {
    await using first = await DataFolder.create();
    await using gateway = await bootOn(first);
    await driveEdge(gateway);
    await using left = await killedNow(first);

    {
      await using next = await bootOn(left, []);
      await next.clock.advance(29_000);
      expect(next.log.join('')).not.toContain('not found');
      await next.clock.advance(1_000);
      expect(next.log.join('')).toContain(
        'not found within 30 s, and not looked for any more; see to it that they are off: Lovense Edge, Lovense Hush',
      );
    }
    await using last = await bootOn(left);
    await last.clock.advance(1_000);
    expect(await connected(last)).toEqual([]);
  });

  it('is found by somebody else scanning as well', async () => {
    await using first = await DataFolder.create();
    await using gateway = await bootOn(first, TOYS.slice(0, 1));
    await driveEdge(gateway);
    await using left = await killedNow(first);

    await using next = await bootOn(left);
    const client = await next.connect();
    await client.ask({ StartScanning: {} });
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([EDGE, HUSH]);
  });
});

const textOf = async (gateway: Booted, id: string) => (await gateway.toy(id)).packets.map(({ text }) => text);

/** What a gateway has left that was killed while both toys were connected and the Edge was on. */
async function bothLeft(): Promise<DataFolder> {
  await using first = await DataFolder.create();
  await using gateway = await bootOn(first);
  await driveEdge(gateway);
  return killedNow(first);
}

/** Shows what a test says, once, and has no end by itself. */
function radio() {
  const links = [bluetooth({ names: ['Plain'], services: { fff0: { tx: 'fff1' } } })];
  const hardware = new TestHardware();
  return { hardware, plugins: [hardware.plugin, protocolPlugin({ ...plainProtocol(features(vibrate(20))), links })] };
}

describe('while a search for such a device goes on', () => {
  it('one that was found and drops out comes back all the same', async () => {
    await using left = await bothLeft();
    const { hardware, plugins } = radio();
    await using next = await boot({ plugins, config: left.config });
    const [edge] = TOYS;
    const device = hardware.device({ name: 'Plain', kind: 'bluetooth', ...edge });
    hardware.show(device);
    await next.clock.advance(1_000);
    device.drop();
    const [first, ...others] = device.links;
    expect({ isOpen: first?.isOpen, others }).toEqual({ isOpen: false, others: [] });
    await next.clock.advance(1_000);
    expect(device.links.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  it('whoever begins to scan has all there is, also what the search has passed over', async () => {
    await using left = await bothLeft();
    const { hardware, plugins } = radio();
    await using next = await boot({ plugins, config: left.config });
    // Some managers show what they see but once.
    hardware.show(hardware.device({ name: 'Plain', kind: 'bluetooth' }));
    await next.clock.advance(2_000);
    const client = await next.connect();
    expect(client.take()).toEqual([]);
    await client.ask({ StartScanning: {} });
    await next.clock.advance(1_000);
    expect(client.take()).toMatchObject([{ DeviceList: { Devices: { 2: { DeviceName: 'Plain' } } } }]);
  });

  it('whoever stops scanning, or goes, does not end it', async () => {
    await using left = await bothLeft();
    const hardware = new TestHardware();
    await using next = await boot({ plugins: [hardware.plugin], config: left.config });
    const clients = [await next.connect(), await next.connect()];
    for (const client of clients) await client.ask({ StartScanning: {} });
    await clients[0]?.ask({ StopScanning: {} });
    clients[1]?.cut();
    await next.clock.advance(1_000);
    expect(hardware.scans.at(-1)).toBe('start');
    await next.clock.advance(30_000);
    expect(hardware.scans.at(-1)).toBe('stop');
  });

  it('a scan that fails, or ends by itself, is begun anew', async () => {
    await using left = await bothLeft();
    let failures = 1;
    const hardware = new TestHardware({
      startScanning: async () => {
        if (failures-- > 0) throw new Error('the radio is not up yet');
      },
    });
    await using next = await boot({ plugins: [hardware.plugin], config: left.config });
    await next.clock.advance(6_000);
    expect(hardware.scans).toEqual(['start', 'start']);
    hardware.finishScan();
    await next.clock.advance(6_000);
    expect(hardware.scans).toEqual(['start', 'start', 'start']);
    await next.clock.advance(30_000);
    expect(hardware.scans).toEqual(['start', 'start', 'start', 'stop']);
  });

  it('a gateway that is killed once more leaves all of it to the next', async () => {
    await using left = await bothLeft();
    await using next = await bootOn(left, []);
    await next.clock.advance(10_000);
    await using again = await killedNow(left);
    await using last = await bootOn(again);
    await last.clock.advance(1_000);
    expect(await connected(last)).toEqual([EDGE, HUSH]);
    expect(await textOf(last, 'lovense-edge-1')).toContain('Vibrate1:0;');
  });
});

describe('a device that was left on is stopped', () => {
  it('without anything to bring back what drops out', async () => {
    await using left = await bothLeft();
    await using next = await boot({
      devices: TOYS,
      config: { devices: { ...left.config.devices, reconnect: { enabled: false } } },
    });
    await next.clock.advance(1_000);
    expect(await textOf(next, 'lovense-edge-1')).toContain('Vibrate1:0;');
  });

  it.each([
    { what: 'is taken for another model', from: 'identifier: P', to: 'identifier: Y' },
    { what: 'was driven by another protocol', from: 'protocol: lovense', to: 'protocol: another' },
    { what: 'shares its index with another, by somebody who edited the file', from: 'index: 1', to: 'index: 0' },
  ])('when it $what', async ({ from, to }) => {
    await using left = await bothLeft();
    await left.write(left.state, (await left.read(left.state)).replaceAll(from, to));
    await using next = await bootOn(left);
    await next.clock.advance(1_000);
    for (const id of ['lovense-edge-1', 'lovense-hush-1']) {
      expect((await textOf(next, id)).some((text) => /^Vibrate1?:0;$/.test(text ?? ''))).toBe(true);
    }
    await next.clock.advance(30_000);
    expect(next.log.join('')).not.toContain('not found');
  });

  it('once, though it is in the file under two names', async () => {
    await using left = await bothLeft();
    const twice = await left.read(left.state);
    const entry = /^ {2}- protocol: lovense\n {4}identifier: P\n(?: {4}.*\n)*/m.exec(twice)?.[0] ?? '';
    expect(entry).toContain('connected: true');
    await left.write(
      left.state,
      `${twice}${entry.replace('identifier: P', 'identifier: Y').replace(/index: \d/, 'index: 7')}`,
    );
    await using next = await bootOn(left);
    await next.clock.advance(31_000);
    expect(await textOf(next, 'lovense-edge-1')).toContain('Vibrate1:0;');
    expect(next.log.join('')).not.toContain('not found');
  });

  it('when its index was given to another meanwhile', async () => {
    await using first = await DataFolder.create();
    await using gateway = await bootOn(first, EDGE_TOY);
    await driveEdge(gateway);
    await using left = await killedNow(first);
    await left.write(left.settings, JSON.stringify({ devices: [{ address: HUSH_TOY[0]?.address, index: 0 }] }));
    const hush = HUSH_TOY.map((toy) => ({ ...toy, present: 'at-start' }));
    await using next = await bootOn(left, [...hush, ...EDGE_TOY]);
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([HUSH, EDGE]);
    expect(await textOf(next, 'lovense-edge-1')).toContain('Vibrate1:0;');
  });
});

describe('a device that was left on, and is kept out by the settings now', () => {
  it('is not looked for, and named', async () => {
    await using first = await DataFolder.create();
    await using gateway = await bootOn(first, EDGE_TOY);
    await driveEdge(gateway);
    await using left = await killedNow(first);
    await left.write(left.settings, JSON.stringify({ devices: [{ address: EDGE_TOY[0]?.address, deny: true }] }));
    const hardware = new TestHardware();
    await using next = await boot({ plugins: [hardware.plugin], config: left.config });
    await next.clock.advance(1_000);
    expect(hardware.scans).toEqual([]);
    expect(next.log.join('')).toContain(
      'the last run did not get to stop these, and the device settings keep them out; see to it that they are off: Lovense Edge',
    );
    expect(next.log.join('')).not.toContain('looked for');
  });
});

describe('a device that did not take its stop', () => {
  const motor = () => plainProtocol(features(vibrate(20)));

  /** A Plain that vibrates. */
  async function drivePlain(folder: DataFolder) {
    const hardware = new TestHardware();
    const gateway = await boot({ plugins: [hardware.plugin, protocolPlugin(motor())], config: folder.config });
    const device = hardware.device({ name: 'Plain' });
    hardware.show(device);
    await gateway.clock.advance(0);
    const client = await gateway.connect();
    await client.ask(level(0, 0, 'Vibrate', 9));
    await gateway.clock.advance(100);
    expect(device.take()).toContain('0009');
    return { gateway, device, client };
  }

  it.each([
    { when: 'before its link broke', refuses: false },
    { when: 'three times', refuses: true },
  ])('$when is looked for by the next run', async ({ refuses }) => {
    await using folder = await DataFolder.create();
    {
      const { gateway, device, client } = await drivePlain(folder);
      await using _gateway = gateway;
      device.hangs = !refuses;
      device.refuses = () => refuses;
      device.unreachable = true;
      client.cut();
      await gateway.clock.advance(100);
      device.drop();
      await gateway.clock.advance(5_000);
    }
    await using next = await boot({ config: folder.config });
    expect(next.log.join('')).toContain('they are looked for: Plain');
  });

  it('when the gateway ended is looked for by the next run', async () => {
    await using folder = await DataFolder.create();
    {
      const { gateway, device } = await drivePlain(folder);
      await using _gateway = gateway;
      device.refuses = () => true;
    }
    await using next = await boot({ config: folder.config });
    expect(next.log.join('')).toContain('they are looked for: Plain');
  });
});

describe('nothing is looked for', () => {
  it('after a run that ended in order', async () => {
    await using folder = await DataFolder.create();
    {
      await using gateway = await bootOn(folder);
      await driveEdge(gateway);
    }
    await using next = await bootOn(folder);
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([]);
    expect(next.log.join('')).not.toContain('looked for');
  });

  it('that dropped out at rest; what was on then is looked for', async () => {
    await using folder = await DataFolder.create();
    {
      await using gateway = await bootOn(folder);
      await driveEdge(gateway);
      for (const id of ['lovense-edge-1', 'lovense-hush-1']) {
        expect(await gateway.post(`/api/simulated/${id}/disconnect`, { awayFor: 60_000 })).toBe(204);
      }
      await gateway.clock.advance(100);
      expect(await connected(gateway)).toEqual([]);
    }
    await using next = await bootOn(folder);
    expect(next.log.join('')).toContain('they are looked for: Lovense Edge"');
    await next.clock.advance(1_000);
    expect(await connected(next)).toEqual([EDGE]);
  });
});
