import { anyOf, defineProtocol, features, perFeature, remoteClientName, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { type Booted, boot, type Message, type TestLine } from '../../support/boot.js';
import { protocolPlugin, type TestDevice, TestHardware } from '../../support/test-hardware.js';

/** Clients that are other gateways: they see and scan for this gateway's own devices, and nothing that is shown from elsewhere. */

/** As the device of another server is brought by whoever shows it. */
const elsewhere = defineProtocol({
  id: 'elsewhere',
  brand: 'Elsewhere',
  links: [anyOf('remote')],
  models: [],
  modelOf: () => ({
    identifiers: [],
    name: 'Far Wand',
    brand: 'Attic',
    displayName: 'Attic: Far Wand',
    isRemote: true,
    features: features(vibrate(10), vibrate(10)),
  }),
  open: () => ({ output: perFeature(({ feature, value }) => [feature.index, value]) }),
});

class FarHardware extends TestHardware {
  readonly isRemote = true;
}

interface Scene extends AsyncDisposable {
  readonly gateway: Booted;
  readonly hardware: FarHardware;
  readonly wand: TestDevice;
}

/** A gateway with the testbed of its own and the wand of another. */
async function bootWithFarWand(): Promise<Scene> {
  const hardware = new FarHardware();
  const gateway = await boot({
    plugins: [protocolPlugin(elsewhere), hardware.plugin],
    devices: [{ model: 'Pulsegate Testbed' }],
  });
  const wand = hardware.device({ name: 'Far Wand', kind: 'remote' });
  hardware.show(wand);
  await gateway.clock.advance(10);
  return { gateway, hardware, wand, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

const OTHER = remoteClientName('0123-other', 'attic');
const namesOf = ({ DeviceList }: Message) =>
  Object.values(DeviceList?.Devices ?? {})
    .map(({ DeviceName }: { DeviceName: string }) => DeviceName)
    .sort();
const namesFor = async (client: TestLine) => namesOf(await client.ask({ RequestDeviceList: {} }));

describe('another gateway', () => {
  it.each([3, 4] as const)('of spec %i is shown only devices of this one', async (version) => {
    await using scene = await bootWithFarWand();
    const { gateway } = scene;
    expect(await namesFor(await gateway.connect(version))).toEqual(['Far Wand', 'Pulsegate Testbed']);
    expect(await namesFor(await gateway.connect(version, OTHER))).toEqual(['Pulsegate Testbed']);
  });

  it('is not told of others that come and go, and may not use them', async () => {
    await using scene = await bootWithFarWand();
    const { gateway, wand } = scene;
    const client = await gateway.connect(4);
    const other = await gateway.connect(4, OTHER);
    const list = await client.ask({ RequestDeviceList: {} });
    const devices: readonly { DeviceIndex: number; DeviceName: string }[] = Object.values(
      list.DeviceList?.Devices ?? {},
    );
    const index = devices.find(({ DeviceName }) => DeviceName === 'Far Wand')?.DeviceIndex;
    const order = { DeviceIndex: index, FeatureIndex: 0, Command: { Vibrate: { Value: 1 } } };
    expect((await other.ask({ OutputCmd: order })).Error).toMatchObject({ ErrorCode: 4 });
    expect(await client.ask({ OutputCmd: order })).toHaveProperty('Ok');
    other.take();
    wand.drop();
    await gateway.clock.advance(0);
    expect(other.take()).toEqual([]);
    expect(await namesFor(client)).toEqual(['Pulsegate Testbed']);
  });

  it('is granted no more than others would be', async () => {
    await using scene = await bootWithFarWand();
    const { gateway } = scene;
    const other = await gateway.connect(4, OTHER, [{ name: 'Far*' }]);
    expect(await namesFor(other)).toEqual([]);
    expect(await namesFor(await gateway.connect(4, 'an app', [{ name: 'Far*' }]))).toEqual(['Far Wand']);
  });

  it('that scans does not make this one ask others to scan', async () => {
    await using scene = await bootWithFarWand();
    const { gateway, hardware } = scene;
    const other = await gateway.connect(4, OTHER);
    await other.ask({ StartScanning: {} });
    await gateway.clock.advance(100);
    expect(hardware.scans).toEqual([]);
    expect(other.take()).toContainEqual({ ScanningFinished: { Id: 0 } });
    const client = await gateway.connect(4);
    await client.ask({ StartScanning: {} });
    await gateway.clock.advance(100);
    expect(hardware.scans).toEqual(['start']);
  });

  it.each(['pulsegate-remote/1', 'pulsegate-remote/1 UPPER', 'a pulsegate-remote/1 x', 'pulsegate-remote/2 x'])(
    'is not "%s"',
    async (name) => {
      await using scene = await bootWithFarWand();
      const { gateway } = scene;
      expect(await namesFor(await gateway.connect(4, name))).toHaveLength(2);
    },
  );
});

describe('the device of another server', () => {
  it('takes every order and every stop, for others may have changed it', async () => {
    await using scene = await bootWithFarWand();
    const { gateway, wand } = scene;
    const client = await gateway.connect(4);
    const list = await client.ask({ RequestDeviceList: {} });
    const devices: readonly { DeviceIndex: number; DeviceName: string }[] = Object.values(
      list.DeviceList?.Devices ?? {},
    );
    const DeviceIndex = devices.find(({ DeviceName }) => DeviceName === 'Far Wand')?.DeviceIndex;
    const drive = (Value: number) =>
      client.ask({ OutputCmd: { DeviceIndex, FeatureIndex: 0, Command: { Vibrate: { Value } } } });
    await drive(4);
    await drive(4);
    await gateway.clock.advance(10);
    expect(wand.take()).toEqual(['0004', '0004']);
    await drive(0);
    await gateway.clock.advance(10);
    wand.take();
    await client.ask({ StopCmd: { DeviceIndex } });
    expect(wand.take()).toEqual(['0000', '0100']);
    // Nothing is on because of this client, so nothing is sent when it goes.
    client.cut();
    await gateway.clock.advance(10);
    expect(wand.take()).toEqual([]);
  });
});
