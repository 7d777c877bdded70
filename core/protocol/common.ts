import Type from 'typebox';
import { Exactly, Id, message, U32 } from './definition.js';
import type { ClientMessage } from './messages.js';
import { SPEC_VERSIONS, type SpecVersion } from './model.js';

/** Messages that look alike in every version that has them. */

const UP_TO_V3: readonly SpecVersion[] = [0, 1, 2, 3];

const bare = (name: string, versions: readonly SpecVersion[], decoded: ClientMessage) =>
  message(name, versions, Exactly({ Id }), () => decoded);

/** Only ever a repetition: the first one is read by the handshake, before a version is known. */
const requestServerInfo = message('RequestServerInfo', SPEC_VERSIONS, Type.Object({ Id }), () => ({
  kind: 'handshake',
}));

const stopDeviceCmd = message('StopDeviceCmd', UP_TO_V3, Exactly({ Id, DeviceIndex: U32 }), ({ DeviceIndex }) => ({
  kind: 'stop',
  scope: { deviceIndex: DeviceIndex, inputs: true, outputs: true },
}));

export const commonMessages = [
  requestServerInfo,
  bare('Ping', SPEC_VERSIONS, { kind: 'ping' }),
  bare('StartScanning', SPEC_VERSIONS, { kind: 'start-scanning' }),
  bare('StopScanning', SPEC_VERSIONS, { kind: 'stop-scanning' }),
  bare('RequestDeviceList', SPEC_VERSIONS, { kind: 'request-device-list' }),
  bare('StopAllDevices', UP_TO_V3, { kind: 'stop', scope: { inputs: true, outputs: true } }),
  stopDeviceCmd,
];
