import { features, led, at as numbered, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import type { Booted, TestLine } from '../../support/boot.js';
import {
  checkOfVersion1Client,
  type FrameCheck,
  needsOfficialSchema,
  officialCheck,
} from '../../support/official-schema.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { catalogue } from './catalogue.js';
import { bootWithSettings, exchange, VERSIONS, type Version, workedExample } from './support.js';

/** Everything the gateway says, held against the schemas strict clients check with (messages §1). */

const TOY = 'pulsegate-testbed-1';

/** A device that has everything, one with gaps, one of which nothing is left, one with nothing old clients know. */
function bootAll(): Promise<Booted> {
  const recording = new RecordingProtocol({
    Rabbit: workedExample,
    Forbidden: features(vibrate(20), vibrate(20)),
    Lamp: features(numbered(3, led(10))),
  });
  recording.readings.set('Battery', 55);
  return bootWithSettings(
    [
      { address: `simulated:${TOY}`, raw: true, displayName: 'Bench' },
      {
        address: 'simulated:forbidden-1',
        features: { 0: { Vibrate: { disabled: true } }, 1: { Vibrate: { range: [3, 3] } } },
      },
    ],
    {
      plugins: [recording.plugin],
      devices: ['Pulsegate Testbed', 'Rabbit', 'Forbidden', 'Lamp'].map((model) => ({ model, messageGap: 7.5 })),
    },
  );
}

/** Makes the gateway say whatever it can say to a client of this version. */
async function everythingSaid(gateway: Booted, client: TestLine, version: Version): Promise<readonly string[]> {
  if (version < 2) await client.ask({ RequestLog: { LogLevel: 'Trace' } });
  const messages = catalogue.filter(({ versions }) => versions.includes(version));
  const { clock } = gateway;
  for (const { name, body } of messages.filter(({ name }) => name !== 'Disconnect' && name !== 'RequestLog')) {
    await client.ask({ [name]: body });
    // A stop would end what was subscribed; this leaves each reading time to come.
    await gateway.post(`/api/simulated/${TOY}/sensors`, { feature: 11, value: 700 });
    await gateway.post(`/api/simulated/${TOY}/sensors`, { feature: 12, value: 1 });
    await clock.advance(100);
  }
  if (version === 2 || version === 3) {
    await client.ask({ RawSubscribeCmd: { DeviceIndex: 0, Endpoint: 'rx' } });
    await gateway.post(`/api/simulated/${TOY}/sensors`, { feature: 12, value: 0 });
  }
  if (version === 4) {
    for (const [FeatureIndex, Type] of [
      [11, 'Pressure'],
      [12, 'Button'],
    ]) {
      await client.ask({ InputCmd: { DeviceIndex: 0, FeatureIndex, Type, Command: 'Subscribe' } });
    }
    await client.ask({ InputCmd: { DeviceIndex: 0, FeatureIndex: 10, Type: 'RSSI', Command: 'Read' } });
    await gateway.post(`/api/simulated/${TOY}/sensors`, { feature: 11, value: 1000 });
  }
  for (const bad of ['nonsense', '[]', '[null]', '[{"Nonsense":{"Id":4}}]', '[{"Ping":{"Id":-1}}]']) {
    await exchange(gateway, client, bad);
  }
  await client.ask({ StartScanning: {} });
  await clock.advance(1000);
  await gateway.post(`/api/simulated/${TOY}/disconnect`, { awayFor: 1 });
  await clock.advance(5000);
  if (version === 4) await client.ask({ Disconnect: {} });
  return client.frames;
}

const WRONG = [
  '[{"Ok":{"Id":1,"Extra":1}}]',
  '[{"Nonsense":{"Id":1}}]',
  '[{"Error":{"Id":0,"ErrorMessage":"","ErrorCode":5}}]',
  '[{"ScanningFinished":{"Id":1}}]',
  '[{"Ok":{"Id":1},"Ping":{"Id":1}}]',
  '[]',
];
const hasFindings = (findings: readonly string[]) => findings.length > 0;

const nameOf = (frame: string) => /^\[\{"(\w+)"/.exec(frame)?.[1];

const heard: Readonly<Record<Version, readonly string[]>> = {
  0: ['DeviceAdded', 'DeviceList', 'DeviceRemoved', 'Error', 'Log', 'Ok', 'ScanningFinished', 'ServerInfo', 'Test'],
  1: ['DeviceAdded', 'DeviceList', 'DeviceRemoved', 'Error', 'Log', 'Ok', 'ScanningFinished', 'ServerInfo', 'Test'],
  2: [
    'BatteryLevelReading',
    'DeviceAdded',
    'DeviceList',
    'DeviceRemoved',
    'Error',
    'Ok',
    'RSSILevelReading',
    'RawReading',
    'ScanningFinished',
    'ServerInfo',
  ],
  3: [
    'DeviceAdded',
    'DeviceList',
    'DeviceRemoved',
    'Error',
    'Ok',
    'RawReading',
    'ScanningFinished',
    'SensorReading',
    'ServerInfo',
  ],
  4: ['DeviceList', 'Error', 'InputReading', 'Ok', 'ScanningFinished', 'ServerInfo'],
};

/** Frames that do not fit, with what is wrong. */
const misfits = (frames: readonly string[], check: FrameCheck) =>
  frames.map((frame) => [frame, check(frame)] as const).filter(([, findings]) => hasFindings(findings));

describe.each(VERSIONS)('v%i', (version) => {
  it('every kind of frame the gateway sends fits the official schema', async ({ skip }) => {
    needsOfficialSchema(skip);
    await using gateway = await bootAll();
    const client = await gateway.connect(version);
    const frames = await everythingSaid(gateway, client, version);
    expect(new Set(frames.map(nameOf))).toEqual(new Set(heard[version]));
    expect(misfits(frames, officialCheck(version))).toEqual([]);
  });

  it('the last words too: too new, silent, ping missed', async ({ skip }) => {
    needsOfficialSchema(skip);
    await using gateway = await bootWithSettings([], { maxPingTimeMs: 500 });
    const [tooNew, silent, late] = [gateway.open(), gateway.open(), await gateway.connect(version)];
    tooNew.raw('[{"RequestServerInfo":{"Id":1,"ClientName":"","MessageVersion":7}}]');
    await gateway.clock.advance(60_000);
    const words = [tooNew, silent, late].map(({ frames }) => frames.at(-1) ?? '');
    expect(words.map(nameOf)).toEqual(['Error', 'Error', 'Error']);
    expect(misfits(words, officialCheck(version))).toEqual([]);
  });

  it('the official check finds what is wrong', ({ skip }) => {
    needsOfficialSchema(skip);
    expect([...WRONG, '[{"Ok":{"Id":0}}]'].map(officialCheck(version)).every(hasFindings)).toBe(true);
  });
});

it('what a v1 client hears fits the schema that came with npm’s buttplug 0.13', async () => {
  await using gateway = await bootAll();
  const client = await gateway.connect(1);
  const frames = await everythingSaid(gateway, client, 1);
  expect(new Set(frames.map(nameOf))).toEqual(new Set(heard[1]));
  expect(misfits(frames, checkOfVersion1Client())).toEqual([]);
});

it('the check of the v1 client finds what is wrong', () => {
  expect(WRONG.map(checkOfVersion1Client()).every(hasFindings)).toBe(true);
});
