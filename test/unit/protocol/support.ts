import { DeviceError } from '../../../core/errors.js';
import { clientMessages, codecs } from '../../../core/protocol/codec.js';
import type { DeviceDirectory } from '../../../core/protocol/definition.js';
import type { AnnouncedDevice, OutputCommand, Outputs, SpecVersion } from '../../../core/protocol/model.js';

/** The only device there is, of which no position was ever sent. */
export const directoryOf = (device: AnnouncedDevice): DeviceDirectory => ({
  require(index) {
    if (index !== device.index) throw new DeviceError(`No device with index ${index}`);
    return { announced: device };
  },
  lastPosition: () => 0,
});

/** A device whose features have one output each, with indexes 0, 1, 2… */
export const deviceWith = (...outputs: readonly Outputs[]): AnnouncedDevice => ({
  index: 0,
  name: 'Toy',
  messageGapMs: 0,
  features: outputs.map((output, index) => ({ index, description: '', hasOutputs: true, outputs: output, inputs: {} })),
  rawEndpoints: [],
});

/** What a message tells the device to do. */
export function outputsOf(device: AnnouncedDevice, name: string, fields: object): readonly OutputCommand[] {
  const message = clientMessages
    .get(name)
    ?.decode({ Id: 1, DeviceIndex: device.index, ...fields }, directoryOf(device));
  if (message?.kind !== 'outputs') throw new Error(`${name} is no output command`);
  return message.commands;
}

export interface Counts {
  readonly FeatureCount: number;
  readonly StepCount?: readonly number[];
}
export interface ActuatorEntry {
  readonly FeatureDescriptor: string;
  readonly ActuatorType: string;
  readonly StepCount: number;
}
export interface SensorEntry {
  readonly FeatureDescriptor: string;
  readonly SensorType: string;
}
type Messages<M> = { readonly DeviceMessages: Readonly<Record<string, M>> };

/** The device as a client of this version reads it out of a DeviceList. */
function read<D>(version: SpecVersion, device: AnnouncedDevice): D {
  const frame = JSON.parse(codecs[version].deviceList(1, [device])) as [{ DeviceList: { Devices: Record<string, D> } }];
  const [described] = Object.values(frame[0].DeviceList.Devices);
  if (!described) throw new Error('the list is empty');
  return described;
}

export const namesInV0 = (device: AnnouncedDevice) =>
  read<{ readonly DeviceMessages: readonly string[] }>(0, device).DeviceMessages;
export const countsIn = (version: 1 | 2, device: AnnouncedDevice) =>
  read<Messages<Counts>>(version, device).DeviceMessages;
export const actuatorsInV3 = (device: AnnouncedDevice) =>
  read<Messages<readonly ActuatorEntry[]>>(3, device).DeviceMessages;
export const sensorsInV3 = (device: AnnouncedDevice) =>
  read<Messages<readonly SensorEntry[]>>(3, device).DeviceMessages;
export const featuresInV4 = (device: AnnouncedDevice) =>
  read<{ readonly DeviceFeatures: unknown }>(4, device).DeviceFeatures;
