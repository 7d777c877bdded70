import { describe, expect, it } from 'vitest';
import { TESTBED } from '../../support/live-gateway.js';
import { announced, eventually, startPair, statusOf } from '../../support/remote/hub.js';
import { WireClient } from '../../support/wire-client.js';

/** A device of another gateway, driven through a hub. Features as the Pulsegate Testbed numbers them. */
const VIBRATE = 0;
const STROKER = 8;
const BATTERY = 9;
const BUTTON = 12;

describe('the device of a gateway that speaks version 4', () => {
  it('is announced as it is there, and its name says where it is', async () => {
    await using pair = await startPair();
    const { bedroom, client } = pair;
    const there = await WireClient.connect(bedroom.url);
    const [original] = await announced(there);
    const [shown] = await announced(client);
    expect(shown).toEqual({
      ...original,
      DeviceDisplayName: 'Bedroom: Pulsegate Testbed',
      DeviceMessageTimingGap: 0,
    });
    there.webSocket.close();
  });

  it.each([
    [VIBRATE, 'Vibrate', 20],
    [1, 'Rotate', -20],
    [2, 'Oscillate', 7],
    [4, 'Temperature', -10],
    [7, 'Position', 42],
  ])('takes orders for feature %i: %s %i', async (feature, type, value) => {
    await using pair = await startPair();
    const { bedroom, client } = pair;
    await client.output(0, feature, { [type]: { Value: value } });
    await bedroom.simulated.reaches(TESTBED, feature, value);
  });

  it('moves in the time it is told', async () => {
    await using pair = await startPair();
    const { bedroom, client } = pair;
    await client.output(0, STROKER, { HwPositionWithDuration: { Value: 80, Duration: 50 } });
    await bedroom.simulated.reaches(TESTBED, STROKER, 80);
  });

  it('takes the same order again after somebody else has changed the output there', async () => {
    await using pair = await startPair();
    const { bedroom, client } = pair;
    const there = await WireClient.connect(bedroom.url);
    await client.output(0, VIBRATE, { Vibrate: { Value: 9 } });
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 9);
    await there.output(0, VIBRATE, { Vibrate: { Value: 3 } });
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 3);
    await client.output(0, VIBRATE, { Vibrate: { Value: 9 } });
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 9);
    there.webSocket.close();
  });

  it('stops for a client of the hub, whoever has turned it on', async () => {
    await using pair = await startPair();
    const { bedroom, client } = pair;
    const there = await WireClient.connect(bedroom.url);
    await there.output(0, VIBRATE, { Vibrate: { Value: 15 } });
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 15);
    expect(await client.ask({ StopCmd: {} })).toHaveProperty('Ok');
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 0);
    there.webSocket.close();
  });

  it('stops when the client of the hub is gone', async () => {
    await using pair = await startPair();
    const { bedroom, hub } = pair;
    const other = await WireClient.connect(hub.url);
    await other.output(0, VIBRATE, { Vibrate: { Value: 5 } });
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 5);
    other.socket.destroy();
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 0);
  });

  it('is left alone when a client of the hub goes that has turned it off before', async () => {
    await using pair = await startPair();
    const { bedroom, hub } = pair;
    const there = await WireClient.connect(bedroom.url);
    const other = await WireClient.connect(hub.url);
    await other.output(0, VIBRATE, { Vibrate: { Value: 5 } });
    await other.output(0, VIBRATE, { Vibrate: { Value: 0 } });
    await other.output(0, 2, { Oscillate: { Value: 5 } });
    await bedroom.simulated.reaches(TESTBED, 2, 5);
    await there.output(0, VIBRATE, { Vibrate: { Value: 15 } });
    other.socket.destroy();
    await bedroom.simulated.reaches(TESTBED, 2, 0);
    expect((await bedroom.simulated.output(TESTBED, VIBRATE)).level).toBe(15);
    there.webSocket.close();
  });

  it('tells its battery', async () => {
    await using pair = await startPair();
    const { bedroom, client } = pair;
    const { InputReading } = await client.ask({
      InputCmd: { DeviceIndex: 0, FeatureIndex: BATTERY, Type: 'Battery', Command: 'Read' },
    });
    const { battery } = await bedroom.simulated.state(TESTBED);
    expect(InputReading).toMatchObject({ FeatureIndex: BATTERY, Reading: { Battery: { Value: Math.round(battery) } } });
  });

  it('tells when its button is pressed, until nobody listens', async () => {
    await using pair = await startPair();
    const { bedroom, client } = pair;
    const button = { DeviceIndex: 0, FeatureIndex: BUTTON, Type: 'Button' };
    expect(await client.ask({ InputCmd: { ...button, Command: 'Subscribe' } })).toHaveProperty('Ok');
    await bedroom.simulated.sense(TESTBED, BUTTON, 1);
    const { InputReading } = await client.event((message) => 'InputReading' in message);
    expect(InputReading).toMatchObject({ Id: 0, FeatureIndex: BUTTON, Reading: { Button: { Value: 1 } } });
    expect(await client.ask({ InputCmd: { ...button, Command: 'Unsubscribe' } })).toHaveProperty('Ok');
  });

  it('is refused what it does not have, as at home', async () => {
    await using pair = await startPair();
    const { client } = pair;
    const reply = await client.ask({
      OutputCmd: { DeviceIndex: 0, FeatureIndex: VIBRATE, Command: { Vibrate: { Value: 21 } } },
    });
    expect(reply.Error).toMatchObject({ ErrorCode: 4 });
  });

  it('shows up in status and metrics', async () => {
    await using pair = await startPair();
    const { bedroom, hub, client } = pair;
    await client.output(0, VIBRATE, { Vibrate: { Value: 1 } });
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 1);
    await eventually(async () => (await statusOf(hub, 'bedroom'))?.latencyMs).not.toBeNull();
    expect(await statusOf(hub, 'bedroom')).toMatchObject({
      address: bedroom.url,
      state: 'connected',
      server: 'Pulsegate',
      spec: 4,
      devices: [{ address: 'bedroom/0', name: 'Pulsegate Testbed' }],
      lastError: null,
    });
    expect(await hub.metric('pulsegate_remote_connected\\{remote="bedroom"\\}')).toBe(1);
    expect(await hub.metric('pulsegate_remote_latency_seconds\\{remote="bedroom"\\}')).toBeGreaterThan(0);
    expect(await hub.metric('pulsegate_remote_commands_total\\{remote="bedroom",outcome="done"\\}')).toBeGreaterThan(0);
  });
});

describe('the device of a server that speaks version 3', () => {
  it('can do what version 3 can say', async () => {
    await using pair = await startPair({ spec: 3 });
    const { bedroom, hub, client } = pair;
    expect(await statusOf(hub, 'bedroom')).toMatchObject({ spec: 3 });
    const [device] = await announced(client);
    const features = Object.values(device?.DeviceFeatures ?? {});
    const indexOf = (type: string) =>
      features.findIndex(({ Output = {}, Input = {} }) => type in Output || type in Input);
    for (const value of [0, 1, 11, 19, 20]) {
      await client.output(0, indexOf('Vibrate'), { Vibrate: { Value: value } });
      await bedroom.simulated.reaches(TESTBED, VIBRATE, value);
    }
    for (const value of [-20, -7, 13]) {
      await client.output(0, indexOf('Rotate'), { Rotate: { Value: value } });
      await bedroom.simulated.reaches(TESTBED, 1, value);
    }
    for (const value of [100, 29, 0, 57]) {
      const move = { HwPositionWithDuration: { Value: value, Duration: 20 } };
      await client.output(0, indexOf('HwPositionWithDuration'), move);
      await bedroom.simulated.reaches(TESTBED, STROKER, value);
    }
    const battery = indexOf('Battery');
    const { InputReading } = await client.ask({
      InputCmd: { DeviceIndex: 0, FeatureIndex: battery, Type: 'Battery', Command: 'Read' },
    });
    expect(InputReading).toMatchObject({ Reading: { Battery: { Value: 100 } } });
    const button = { DeviceIndex: 0, FeatureIndex: indexOf('Button'), Type: 'Button' };
    expect(await client.ask({ InputCmd: { ...button, Command: 'Subscribe' } })).toHaveProperty('Ok');
    await bedroom.simulated.sense(TESTBED, BUTTON, 1);
    const event = await client.event((message) => 'InputReading' in message);
    expect(event.InputReading).toMatchObject({ Reading: { Button: { Value: 1 } } });
    expect(await client.ask({ StopCmd: {} })).toHaveProperty('Ok');
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 0);
    await bedroom.simulated.reaches(TESTBED, 1, 0);
  });
});
