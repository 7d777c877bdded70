import Type from 'typebox';
import { MessageError } from '../../errors.js';
import { actuatorLists, pick } from '../actuators.js';
import { type DeviceDirectory, Exactly, Id, message, requireDevice, U32 } from '../definition.js';
import { type ClientMessage, frame, type RawAction } from '../messages.js';
import type { InputType, SpecVersion } from '../model.js';

/** Battery, signal strength and raw access, new in spec version 2. */

const DeviceIndex = U32;
const Endpoint = Type.String({ minLength: 1, maxLength: 64 });
const V2_V3: readonly SpecVersion[] = [2, 3];

function readFirst(
  type: InputType,
  deviceIndex: number,
  devices: DeviceDirectory,
): Extract<ClientMessage, { kind: 'read' }>['input'] {
  const device = requireDevice(devices, deviceIndex);
  const sensors = actuatorLists(device).readable.filter((sensor) => sensor.type === type);
  return { deviceIndex, featureIndex: pick(sensors, 0, type, device).featureIndex, type };
}

const batteryLevelCmd = message('BatteryLevelCmd', [2], Exactly({ Id, DeviceIndex }), ({ DeviceIndex }, devices) => ({
  kind: 'read',
  input: readFirst('Battery', DeviceIndex, devices),
  reply: (Id, value) => frame('BatteryLevelReading', { Id, DeviceIndex, BatteryLevel: value / 100 }),
}));

const rssiLevelCmd = message('RSSILevelCmd', [2], Exactly({ Id, DeviceIndex }), ({ DeviceIndex }, devices) => ({
  kind: 'read',
  input: readFirst('RSSI', DeviceIndex, devices),
  reply: (Id, value) => frame('RSSILevelReading', { Id, DeviceIndex, RSSILevel: value }),
}));

const raw = (deviceIndex: number, endpoint: string, action: RawAction): ClientMessage => ({
  kind: 'raw',
  deviceIndex,
  endpoint,
  action,
});

const rawWriteCmd = message(
  'RawWriteCmd',
  V2_V3,
  Exactly({
    Id,
    DeviceIndex,
    Endpoint,
    Data: Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), { minItems: 1, maxItems: 4096 }),
    WriteWithResponse: Type.Boolean(),
  }),
  (body) =>
    raw(body.DeviceIndex, body.Endpoint, {
      kind: 'write',
      data: Uint8Array.from(body.Data),
      withResponse: body.WriteWithResponse,
    }),
);

/** The docs call the length `ExpectedLength`, the schema `Length`. Neither changes what a link returns. */
const rawReadCmd = message(
  'RawReadCmd',
  V2_V3,
  Exactly({
    Id,
    DeviceIndex,
    Endpoint,
    Length: Type.Optional(U32),
    ExpectedLength: Type.Optional(U32),
    WaitForData: Type.Boolean(),
  }),
  (body) => {
    if (body.Length === undefined && body.ExpectedLength === undefined) {
      throw new MessageError('RawReadCmd must have Length, or ExpectedLength');
    }
    return raw(body.DeviceIndex, body.Endpoint, { kind: 'read' });
  },
);

const rawSubscription = (name: string, kind: 'subscribe' | 'unsubscribe') =>
  message(name, V2_V3, Exactly({ Id, DeviceIndex, Endpoint }), (body) =>
    raw(body.DeviceIndex, body.Endpoint, { kind }),
  );

export const v2Messages = [
  batteryLevelCmd,
  rssiLevelCmd,
  rawWriteCmd,
  rawReadCmd,
  rawSubscription('RawSubscribeCmd', 'subscribe'),
  rawSubscription('RawUnsubscribeCmd', 'unsubscribe'),
];
