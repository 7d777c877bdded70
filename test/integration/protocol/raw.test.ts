import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Booted, boot, type TestLine } from '../../support/boot.js';
import { bootEverything } from './catalogue.js';
import { exchange, failure, ok } from './support.js';

/** Raw messages of versions 2 and 3, for devices whose owner allowed them (messages §2.1). */

const TOY = 'pulsegate-testbed-1';
const DeviceIndex = 0;

describe.each([2, 3] as const)('v%i, allowed', (version) => {
  let gateway: Booted;
  let client: TestLine;
  beforeAll(async () => {
    gateway = await bootEverything();
    client = await gateway.connect(version);
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('lists the endpoints under the messages its schema knows', async () => {
    const { DeviceList } = await client.ask({ RequestDeviceList: {} });
    const attributes = { Endpoints: ['rx', 'rxblebattery', 'tx'] };
    const DeviceMessages = { RawReadCmd: attributes, RawWriteCmd: attributes, RawSubscribeCmd: attributes };
    expect(DeviceList?.Devices).toMatchObject([{ DeviceMessages }]);
    // In version 3 subscribing stands for both.
    const [device]: unknown[] = Object.values(DeviceList?.Devices ?? {});
    if (version === 2) expect(device).toHaveProperty('DeviceMessages.RawUnsubscribeCmd', attributes);
    else expect(device).not.toHaveProperty('DeviceMessages.RawUnsubscribeCmd');
  });

  it('RawWriteCmd writes the bytes as they are', async () => {
    const write = { Id: 5, DeviceIndex, Endpoint: 'tx', Data: [0, 1, 254, 255], WriteWithResponse: true };
    expect(await client.ask({ RawWriteCmd: write })).toEqual(ok(5));
    const { packets } = await gateway.toy(TOY);
    expect(packets.at(-1)).toMatchObject({ endpoint: 'tx', hex: '0001feff' });
  });

  it.each(['Length', 'ExpectedLength'])('RawReadCmd reads; its length may be called %s', async (length) => {
    const read = { Id: 5, DeviceIndex, Endpoint: 'rxblebattery', [length]: 1, WaitForData: true };
    expect(await client.ask({ RawReadCmd: read })).toStrictEqual({
      RawReading: { Id: 5, DeviceIndex, Endpoint: 'rxblebattery', Data: [100] },
    });
  });

  it('RawSubscribeCmd brings RawReading with Id 0 until RawUnsubscribeCmd', async () => {
    const subscription = { Id: 5, DeviceIndex, Endpoint: 'rx' };
    const press = () => gateway.post(`/api/simulated/${TOY}/sensors`, { feature: 12, value: 1 });
    client.take();
    for (const _ of [1, 2]) expect(await client.ask({ RawSubscribeCmd: subscription })).toEqual(ok(5));
    expect(await press()).toBe(204);
    expect(client.take()).toStrictEqual([
      { RawReading: { Id: 0, DeviceIndex, Endpoint: 'rx', Data: [0x03, 12, 0, 1] } },
    ]);
    for (const _ of [1, 2]) expect(await client.ask({ RawUnsubscribeCmd: subscription })).toEqual(ok(5));
    expect(await press()).toBe(204);
    expect(client.take()).toEqual([]);
  });

  it.each([
    ['RawWriteCmd', { Endpoint: 'generic0', Data: [1], WriteWithResponse: false }],
    ['RawReadCmd', { Endpoint: 'constructor', Length: 1, WaitForData: false }],
    ['RawSubscribeCmd', { Endpoint: '__proto__' }],
    ['RawUnsubscribeCmd', { Endpoint: 'RX' }],
  ])('%s to an endpoint the device does not have, or a device that is not there: code 4', async (name, fields) => {
    expect(await client.ask({ [name]: { Id: 5, DeviceIndex, ...fields } })).toEqual(failure(4, 5));
    expect(await client.ask({ [name]: { Id: 5, DeviceIndex: 1, ...fields } })).toEqual(failure(4, 5, /index 1/));
  });

  it.each(['[]', '[256]', '[-1]', '[0.5]', '["1"]', '[null]', '"AQ=="', '{"0":1}', '[1e999]'])(
    'RawWriteCmd with Data %s is malformed: code 3',
    async (data) => {
      const before = (await gateway.toy(TOY)).packets.length;
      const fields = `"Id":5,"DeviceIndex":0,"Endpoint":"tx","Data":${data},"WriteWithResponse":false`;
      expect(await exchange(gateway, client, `[{"RawWriteCmd":{${fields}}}]`)).toEqual([failure(3, 5)]);
      expect((await gateway.toy(TOY)).packets).toHaveLength(before);
    },
  );

  it('RawReadCmd without a length is malformed: code 3', async () => {
    const read = { Id: 5, DeviceIndex, Endpoint: 'rxblebattery', WaitForData: true };
    expect(await client.ask({ RawReadCmd: read })).toEqual(failure(3, 5, /Length/));
  });
});

describe.each([2, 3] as const)('v%i, not allowed', (version) => {
  it('lists no raw message and refuses each with code 4', async () => {
    await using gateway = await boot({ devices: [{ model: 'Pulsegate Testbed' }] });
    const client = await gateway.connect(version);
    expect(client.frames.join()).not.toContain('Raw');
    const raw: Readonly<Record<string, object>> = {
      RawWriteCmd: { Endpoint: 'tx', Data: [1], WriteWithResponse: false },
      RawReadCmd: { Endpoint: 'rxblebattery', Length: 1, WaitForData: false },
      RawSubscribeCmd: { Endpoint: 'rx' },
      RawUnsubscribeCmd: { Endpoint: 'rx' },
    };
    for (const [name, fields] of Object.entries(raw)) {
      expect(await client.ask({ [name]: { Id: 5, DeviceIndex, ...fields } })).toEqual(failure(4, 5, /raw/i));
    }
    expect((await gateway.toy(TOY)).packets).toEqual([]);
  });
});
