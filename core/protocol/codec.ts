import { actuatorLists } from './actuators.js';
import { commonMessages } from './common.js';
import type { MessageDefinition } from './definition.js';
import { type ClientLogLevel, frame } from './messages.js';
import type { AnnouncedDevice, InputReading, SpecVersion } from './model.js';
import * as v0 from './v0/device.js';
import { v0Messages } from './v0/messages.js';
import * as v1 from './v1/device.js';
import { v1Messages } from './v1/messages.js';
import * as v2 from './v2/device.js';
import { v2Messages } from './v2/messages.js';
import * as v3 from './v3/device.js';
import { v3Messages } from './v3/messages.js';
import { sensorData } from './v3/sensors.js';
import * as v4 from './v4/device.js';
import { inputReadingFrame, v4Messages } from './v4/messages.js';

/** Every client message there is, by name. */
export const clientMessages: ReadonlyMap<string, MessageDefinition> = new Map(
  [...commonMessages, ...v0Messages, ...v1Messages, ...v2Messages, ...v3Messages, ...v4Messages].map((message) => [
    message.name,
    message,
  ]),
);

export interface ServerIdentity {
  readonly name: string;
  /** Package version, for the v0 and v1 ServerInfo. */
  readonly version: readonly [major: number, minor: number, build: number];
}

/**
 * How one spec version writes what the server says. Each method returns whole frames with one message. A list of devices that
 * was handed over must not change any more.
 */
export interface SpecCodec {
  readonly version: SpecVersion;
  serverInfo(id: number, identity: ServerIdentity, maxPingTimeMs: number): string;
  deviceList(id: number, devices: readonly AnnouncedDevice[]): string;
  /** What to send when devices came and went; `all` is what is connected now. */
  devicesChanged(change: DeviceChange, all: readonly AnnouncedDevice[]): readonly string[];
  /** A reading somebody subscribed to; undefined where the version has no way to say it. */
  inputEvent(reading: InputReading, device: AnnouncedDevice): string | undefined;
  rawReading(id: number, deviceIndex: number, endpoint: string, data: Uint8Array): string;
  log(level: ClientLogLevel, text: string): string;
}

export interface DeviceChange {
  readonly added: readonly AnnouncedDevice[];
  /** Indexes. */
  readonly removed: readonly number[];
}

/** Remembers what `make` made of a list: every client that connects is told the same. */
function remembering<T>(make: (devices: readonly AnnouncedDevice[]) => T): (devices: readonly AnnouncedDevice[]) => T {
  const known = new WeakMap<readonly AnnouncedDevice[], T>();
  return (devices) => {
    const made = known.get(devices) ?? make(devices);
    known.set(devices, made);
    return made;
  };
}

const deviceListFrame = (id: number, devices: string) => `[{"DeviceList":{"Id":${id},"Devices":${devices}}}]`;

/** Versions 0 to 3 list devices in an array and hear of every change by itself. */
function legacyCodec(version: SpecVersion, describe: (device: AnnouncedDevice) => object): SpecCodec {
  const list = remembering((devices) => JSON.stringify(devices.map(describe)));
  const additions = remembering((devices) =>
    devices.map((device) => frame('DeviceAdded', { Id: 0, ...describe(device) })),
  );
  return {
    version,
    serverInfo(Id, identity, MaxPingTime) {
      const [MajorVersion, MinorVersion, BuildVersion] = identity.version;
      const info = { Id, ServerName: identity.name, MessageVersion: version, MaxPingTime };
      return frame('ServerInfo', version < 2 ? { ...info, MajorVersion, MinorVersion, BuildVersion } : info);
    },
    deviceList: (id, devices) => deviceListFrame(id, list(devices)),
    devicesChanged: ({ added, removed }) => [
      ...removed.map((DeviceIndex) => frame('DeviceRemoved', { Id: 0, DeviceIndex })),
      ...additions(added),
    ],
    inputEvent: (reading, device) => (version === 3 ? sensorReading(reading, device) : undefined),
    rawReading: (Id, DeviceIndex, Endpoint, data) =>
      frame('RawReading', { Id, DeviceIndex, Endpoint, Data: [...data] }),
    log: (LogLevel, LogMessage) => frame('Log', { Id: 0, LogLevel, LogMessage }),
  };
}

function sensorReading(reading: InputReading, device: AnnouncedDevice): string | undefined {
  const { subscribable } = actuatorLists(device);
  const SensorIndex = subscribable.findIndex(
    (sensor) => sensor.featureIndex === reading.featureIndex && sensor.type === reading.type,
  );
  const sensor = subscribable[SensorIndex];
  if (!sensor) return undefined;
  const { deviceIndex: DeviceIndex, type: SensorType } = reading;
  return frame('SensorReading', {
    Id: 0,
    DeviceIndex,
    SensorIndex,
    SensorType,
    Data: sensorData(sensor, reading.value),
  });
}

const v4List = remembering((devices) =>
  JSON.stringify(Object.fromEntries(devices.map((device) => [device.index, v4.describeDevice(device)]))),
);

const v4Codec: SpecCodec = {
  ...legacyCodec(4, v4.describeDevice),
  serverInfo: (Id, { name }, MaxPingTime) =>
    frame('ServerInfo', { Id, ServerName: name, MaxPingTime, ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 }),
  deviceList: (id, devices) => deviceListFrame(id, v4List(devices)),
  devicesChanged: (_change, all) => [v4Codec.deviceList(0, all)],
  inputEvent: (reading) => inputReadingFrame(0, reading),
};

export const codecs: Readonly<Record<SpecVersion, SpecCodec>> = {
  0: legacyCodec(0, v0.describeDevice),
  1: legacyCodec(1, v1.describeDevice),
  2: legacyCodec(2, v2.describeDevice),
  3: legacyCodec(3, v3.describeDevice),
  4: v4Codec,
};
