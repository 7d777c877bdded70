import { battery, features, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { plainProtocol } from '../../support/plain-protocol.js';
import { protocolPlugin, TestHardware } from '../../support/test-hardware.js';

const REFUSED = { Error: { ErrorCode: 4 } };

describe('raw: true in the device settings', () => {
  async function bootRaw(settings: object, has = features(vibrate(20), vibrate(20))) {
    const folder = await DataFolder.withSettings({ address: 'Plain', ...settings });
    const hardware = new TestHardware();
    const gateway = await boot({
      plugins: [hardware.plugin, protocolPlugin(plainProtocol(has))],
      config: folder.config,
    });
    await folder[Symbol.asyncDispose]();
    const device = hardware.device({ name: 'Plain' });
    hardware.show(device);
    await gateway.clock.advance(0);
    return { gateway, device, client: await gateway.connect(3) };
  }
  const write = { RawWriteCmd: { DeviceIndex: 0, Endpoint: 'tx', Data: [1, 2, 3], WriteWithResponse: false } };
  const subscribe = { RawSubscribeCmd: { DeviceIndex: 0, Endpoint: 'rx' } };

  it('is off unless the owner allows it: neither shown nor taken', async () => {
    const { gateway, device, client } = await bootRaw({});
    await using _gateway = gateway;
    expect(JSON.stringify(client.take())).not.toContain('Raw');
    expect(await client.ask(write)).toMatchObject(REFUSED);
    expect(device.take()).toEqual([]);
  });

  it('writes, reads and subscribes where it is allowed', async () => {
    const { gateway, device, client } = await bootRaw({ raw: true });
    await using _gateway = gateway;
    expect(JSON.stringify(client.take())).toContain('"RawWriteCmd":{"Endpoints":["rx","tx"]}');
    expect(await client.ask(write)).toMatchObject({ Ok: {} });
    expect(device.take()).toEqual(['010203']);
    device.readable = [9, 8];
    const read = { RawReadCmd: { DeviceIndex: 0, Endpoint: 'rx', Length: 2, WaitForData: false } };
    expect(await client.ask(read)).toMatchObject({ RawReading: { Endpoint: 'rx', Data: [9, 8] } });
    expect(await client.ask(subscribe)).toMatchObject({ Ok: {} });
    device.link?.notify('rx', 5);
    expect(client.take()).toEqual([{ RawReading: { Id: 0, DeviceIndex: 0, Endpoint: 'rx', Data: [5] } }]);
  });

  it('an output that raw bytes may have started is stopped when the client who sent them goes', async () => {
    const { gateway, device, client } = await bootRaw({ raw: true });
    await using _gateway = gateway;
    await client.ask(write);
    device.take();
    client.cut();
    await gateway.clock.advance(0);
    expect(device.take()).toEqual(['0000', '0100']);
  });

  it('a subscription the device refused is refused again, or taken, when it is asked for again', async () => {
    const { gateway, device, client } = await bootRaw({ raw: true });
    await using _gateway = gateway;
    device.refusesSubscriptions = true;
    for (let count = 0; count < 2; count += 1) expect(await client.ask(subscribe)).toMatchObject(REFUSED);
    device.refusesSubscriptions = false;
    expect(await client.ask(subscribe)).toMatchObject({ Ok: {} });
    expect(device.subscribed.has('rx')).toBe(true);
  });

  it('a device that does not answer is code 4 after a while, not silence', async () => {
    const { gateway, device, client } = await bootRaw({ raw: true });
    await using _gateway = gateway;
    device.hangs = true;
    const read = { RawReadCmd: { DeviceIndex: 0, Endpoint: 'rx', Length: 2, WaitForData: false } };
    for (const message of [read, write, subscribe]) expect(await client.ask(message)).toMatchObject(REFUSED);
  });

  it('a subscription that does not end holds up no stop for long', async () => {
    // Without outputs, so that nothing but the subscription is waited for.
    const { gateway, device, client } = await bootRaw({ raw: true }, features(battery()));
    await using _gateway = gateway;
    expect(await client.ask(subscribe)).toMatchObject({ Ok: {} });
    device.hangs = true;
    expect(await client.ask({ StopAllDevices: {} })).toMatchObject({ Ok: {} });
  });
});
