import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../support/live-gateway.js';
import { PATIENCE_MS } from '../support/timing.js';
import { WireClient } from '../support/wire-client.js';

/** Spec version 0 has no library any more, so these are its messages as an old program sends them. */

describe('a client of spec version 0 over WebSocket', () => {
  let live: LiveGateway;
  let client: WireClient;

  beforeEach(async () => {
    live = await startLive();
    client = await WireClient.open(live.url);
    client.raw('[{"RequestServerInfo":{"Id":1,"ClientName":"e2e, spec 0"}}]');
    await client.event(({ DeviceAdded }) => DeviceAdded !== undefined);
  });

  afterEach(() => live[Symbol.asyncDispose]());

  it('is answered in the shape of version 0, and then told what is connected', () => {
    expect(client.events).toEqual([
      {
        ServerInfo: {
          Id: 1,
          ServerName: 'Pulsegate',
          MessageVersion: 0,
          MaxPingTime: 0,
          MajorVersion: expect.any(Number),
          MinorVersion: expect.any(Number),
          BuildVersion: expect.any(Number),
        },
      },
      {
        DeviceAdded: {
          Id: 0,
          DeviceIndex: 0,
          DeviceName: 'Pulsegate Testbed',
          DeviceMessages: ['FleshlightLaunchFW12Cmd', 'SingleMotorVibrateCmd', 'StopDeviceCmd', 'VorzeA10CycloneCmd'],
        },
      },
    ]);
  });

  it('lists', async () => {
    expect(await client.ask({ RequestDeviceList: {} })).toMatchObject({
      DeviceList: { Devices: [{ DeviceIndex: 0, DeviceName: 'Pulsegate Testbed' }] },
    });
  });

  it('drives, and stops', async () => {
    expect(await client.ask({ SingleMotorVibrateCmd: { DeviceIndex: 0, Speed: 0.5 } })).toHaveProperty('Ok');
    expect(await client.ask({ VorzeA10CycloneCmd: { DeviceIndex: 0, Speed: 75, Clockwise: false } })).toHaveProperty(
      'Ok',
    );
    await expect.poll(() => live.simulated.levels(TESTBED), { timeout: PATIENCE_MS }).toMatchObject({ 0: 10, 1: -15 });
    expect(await client.ask({ StopDeviceCmd: { DeviceIndex: 0 } })).toHaveProperty('Ok');
    await expect.poll(() => live.simulated.levels(TESTBED), { timeout: PATIENCE_MS }).toMatchObject({ 0: 0, 1: 0 });
  });

  it('hears the test message back', async () => {
    expect(await client.ask({ Test: { TestString: 'are you there?' } })).toMatchObject({
      Test: { TestString: 'are you there?' },
    });
  });

  it('stops what it drove when it goes', async () => {
    await client.ask({ SingleMotorVibrateCmd: { DeviceIndex: 0, Speed: 1 } });
    await live.simulated.reaches(TESTBED, 0, 20);
    client.webSocket.close();
    await live.simulated.reaches(TESTBED, 0, 0);
  });
});

it('a client of spec version 0 that misses its ping is told so with code 2, stopped and cut off', async () => {
  await using live = await startLive({ config: { plugins: { 'transport-websocket': { maxPingTime: 300 } } } });
  const client = await WireClient.connect(live.url, 0);
  await client.ask({ SingleMotorVibrateCmd: { DeviceIndex: 0, Speed: 1 } });
  await live.simulated.reaches(TESTBED, 0, 20);
  expect(await client.closed).toMatchObject({ code: 1008 });
  expect(client.events.at(-1)).toMatchObject({ Error: { Id: 0, ErrorCode: 2 } });
  await live.simulated.reaches(TESTBED, 0, 0);
});
