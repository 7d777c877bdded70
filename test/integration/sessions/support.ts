import {
  button,
  combined,
  type DeviceGrant,
  type FeatureDefinition,
  features,
  at as numbered,
  rotate,
  vibrate,
} from 'pulsegate/plugin';
import { type Booted, type BootOptions, boot, type Message, type TestLine } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { type Version, workedExample } from '../protocol/support.js';

/** Device 1 beside the worked example. No index is used twice, so that an order names the device it was for. */
const wand: readonly FeatureDefinition[] = features(
  numbered(10, combined(vibrate(20, { description: 'Head' }), rotate(20), button())),
  numbered(11, vibrate(5)),
  numbered(12, button({ description: 'Key' })),
);

/** A Rabbit (the worked example, index 0) and a Wand (index 1). */
export async function bootPair(
  options: Pick<BootOptions, 'config' | 'maxPingTimeMs'> = {},
): Promise<{ readonly gateway: Booted; readonly recording: RecordingProtocol }> {
  const recording = new RecordingProtocol({ Rabbit: workedExample, Wand: wand });
  recording.readings.set('Battery', 81);
  const devices = [{ model: 'Rabbit' }, { model: 'Wand' }];
  return { recording, gateway: await boot({ ...options, plugins: [recording.plugin], devices }) };
}

/** A client of this version that has these grants. */
export const connectGranted = (gateway: Booted, version: Version, ...grants: readonly DeviceGrant[]) =>
  gateway.connect(version, 'a script', grants);

/** The devices a client is told of when it asks. */
export async function listed(client: TestLine): Promise<readonly Message[string][]> {
  const { DeviceList } = await client.ask({ RequestDeviceList: {} });
  return Object.values(DeviceList?.Devices ?? {});
}
