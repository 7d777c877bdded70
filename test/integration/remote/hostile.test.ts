import { describe, expect, it } from 'vitest';
import { startLive, TESTBED } from '../../support/live-gateway.js';
import { announced, clientOf, eventually, remoteTo, startHub, statusOf } from '../../support/remote/hub.js';
import { ScriptedServer, vibrator } from '../../support/remote/scripted-server.js';

const list = (Devices: unknown) => JSON.stringify([{ DeviceList: { Id: 0, Devices } }]);
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

describe('a remote that says what nobody can mean', () => {
  it.each([
    ['no JSON', 'hello'],
    ['no frame', '{"Ok":{"Id":1}}'],
    ['a message without a name', '[{}]'],
    ['a message without an Id', '[{"Ok":{}}]'],
    ['an Id that is none', '[{"Ok":{"Id":-1}}]'],
    ['nesting without end', deep],
    ['a list without devices', '[{"DeviceList":{"Id":0}}]'],
    ['a device without a name', list({ 0: { DeviceIndex: 0, DeviceFeatures: {} } })],
    ['an index that is none', list({ 0: { DeviceIndex: 1.5, DeviceName: 'x', DeviceFeatures: {} } })],
    [
      'a range that is none',
      list(vibrator(0, 'x', { DeviceFeatures: { 0: { FeatureIndex: 0, Output: { Vibrate: { Value: [0] } } } } })),
    ],
    ['an Error that is none', '[{"Error":{"Id":0}}]'],
    ['bytes', Buffer.from([0xff, 0x00, 0x80])],
    ['more than it may', `"${'x'.repeat(70_000)}"`],
  ])('is disconnected: %s', async (_what, text) => {
    await using bedroom = await startLive();
    await using server = await ScriptedServer.start({ devices: vibrator() });
    await using hub = await startHub({
      remotes: [{ name: 'garden', url: server.url }, remoteTo('bedroom', bedroom)],
      settings: { maxPayload: 65_536, reconnect: { firstDelay: 60_000, maxDelay: 60_000 } },
    });
    const client = await clientOf(hub, 2);
    const index = (await announced(client)).find(({ DeviceName }) => DeviceName === 'Pulsegate Testbed')?.DeviceIndex;
    server.say(text);
    await hub.simulated.connected(1);
    expect((await statusOf(hub, 'garden'))?.state).toBe('waiting');
    await client.output(index ?? 0, 0, { Vibrate: { Value: 3 } });
    await bedroom.simulated.reaches(TESTBED, 0, 3);
    client.webSocket.close();
  });

  it('has no more devices, features and letters than are believed', async () => {
    const name = `\u0000${'é'.repeat(500)}`;
    const features = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [
        index,
        { FeatureIndex: index, FeatureDescription: '', Output: { Vibrate: { Value: [0, 5] } } },
      ]),
    );
    const devices = Object.assign(
      {},
      ...Array.from({ length: 30 }, (_, index) => vibrator(index, name, { DeviceFeatures: features })),
    );
    await using server = await ScriptedServer.start({ devices });
    await using hub = await startHub({
      remotes: [{ name: 'garden', url: server.url }],
      settings: { maxDevices: 20 },
      devices: 20,
    });
    const client = await clientOf(hub, 20);
    const seen = await announced(client);
    expect(seen.every(({ DeviceName }) => DeviceName === 'é'.repeat(80))).toBe(true);
    expect(seen.every(({ DeviceFeatures }) => Object.keys(DeviceFeatures).length === 64)).toBe(true);
    client.webSocket.close();
  });

  it('may announce what this version does not know', async () => {
    const DeviceFeatures = {
      0: {
        FeatureIndex: 0,
        Output: { Tickle: 'softly', Vibrate: { Value: [0, 20], More: true }, Rotate: { Value: [5, 9] } },
        Input: { Mood: {}, Rssi: { Value: [[-100, 0]], Command: ['Read', 'Guess'] } },
        Extra: 1,
      },
    };
    await using server = await ScriptedServer.start({ devices: vibrator(0, 'Wand', { DeviceFeatures }) });
    await using hub = await startHub({ remotes: [{ name: 'garden', url: server.url }] });
    const client = await clientOf(hub, 1);
    server.say('[{"Sunrise":{"Id":0}}]');
    expect((await announced(client))[0]?.DeviceFeatures['0']).toMatchObject({
      Output: { Vibrate: { Value: [0, 20] } },
      Input: { RSSI: { Value: [[-100, 0]], Command: ['Read'] } },
    });
    expect((await statusOf(hub, 'garden'))?.state).toBe('connected');
    client.webSocket.close();
  });
});

describe('a server', () => {
  it('that is older is spoken to in version 3', async () => {
    const motor = { FeatureDescriptor: 'Motor', ActuatorType: 'Vibrate', StepCount: 20 };
    const both = { FeatureDescriptor: 'Both ways', ActuatorType: 'Rotate', StepCount: 10 };
    const device = (DeviceIndex: number, DeviceName: string) => ({
      DeviceIndex,
      DeviceName,
      DeviceMessages: { ScalarCmd: [motor, both, motor], RotateCmd: [both], StopDeviceCmd: {} },
    });
    await using server = await ScriptedServer.start({ spec: 3, devices: [device(4, 'Old One')] });
    await using hub = await startHub({ remotes: [{ name: 'garden', url: server.url }] });
    const client = await clientOf(hub, 1);
    expect(await statusOf(hub, 'garden')).toMatchObject({ spec: 3, state: 'connected' });
    expect(Object.values((await announced(client))[0]?.DeviceFeatures ?? {})).toMatchObject([
      { FeatureDescription: 'Motor', Output: { Vibrate: { Value: [0, 20] } } },
      { FeatureDescription: 'Motor', Output: { Vibrate: { Value: [0, 20] } } },
      { FeatureDescription: 'Both ways', Output: { Rotate: { Value: [-10, 10] } } },
    ]);
    await client.output(0, 1, { Vibrate: { Value: 20 } });
    await client.output(0, 2, { Rotate: { Value: -10 } });
    await eventually(() => server.all('ScalarCmd').at(-1)).toMatchObject({
      DeviceIndex: 4,
      Scalars: [{ Index: 2, Scalar: 1, ActuatorType: 'Vibrate' }],
    });
    await eventually(() => server.all('RotateCmd').at(-1)).toMatchObject({
      Rotations: [{ Index: 0, Speed: 1, Clockwise: false }],
    });
    server.say(JSON.stringify([{ DeviceAdded: { Id: 0, ...device(5, 'New One') } }]));
    await hub.simulated.connected(2);
    server.say('[{"DeviceRemoved":{"Id":0,"DeviceIndex":4}}]');
    await hub.simulated.connected(1);
    expect((await announced(client)).map(({ DeviceName }) => DeviceName)).toEqual(['New One']);
    client.webSocket.close();
  });

  it('that wants a token gets it, and nobody else sees it', async () => {
    const token = 'a-token-of-some-length';
    await using server = await ScriptedServer.start({ devices: vibrator() });
    await using hub = await startHub({
      remotes: [{ name: 'garden', url: `${server.url}/?secret=${token}`, token }],
    });
    expect(server.headers[0]).toMatchObject({ authorization: `Bearer ${token}` });
    expect(JSON.stringify(await statusOf(hub, 'garden'))).not.toContain(token);
    expect(hub.log.join('')).not.toContain(token);
  });

  it('of which the token is wrong is not reached, and says why', async () => {
    const token = 'a-token-of-some-length';
    await using bedroom = await startLive({ config: { http: { token } } });
    await using hub = await startHub({
      remotes: [remoteTo('bedroom', bedroom), remoteTo('again', bedroom, { token })],
      devices: 1,
    });
    await eventually(async () => (await statusOf(hub, 'bedroom'))?.lastError).toMatch(/401/);
    expect(await statusOf(hub, 'again')).toMatchObject({ state: 'connected' });
  });

  it('is asked to scan when somebody scans here, and to stop', async () => {
    await using server = await ScriptedServer.start({ devices: vibrator() });
    await using hub = await startHub({ remotes: [{ name: 'garden', url: server.url }] });
    const client = await clientOf(hub, 1);
    await client.ask({ StartScanning: {} });
    await eventually(() => server.all('StartScanning')).toHaveLength(1);
    server.say('[{"ScanningFinished":{"Id":0}}]');
    await client.event((message) => 'ScanningFinished' in message);
    await client.ask({ StartScanning: {} });
    await eventually(() => server.all('StartScanning')).toHaveLength(2);
    await client.ask({ StopScanning: {} });
    await eventually(() => server.all('StopScanning')).toHaveLength(1);
    client.webSocket.close();
  });
});
