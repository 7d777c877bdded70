import type { SpecVersion } from '../../core/protocol/model.js';
import type { Message } from '../support/boot.js';
import type { Announced, Feature } from './announced.js';
import type { ClientCommand } from './case.js';

/** The client has no way to send a command to this device; the case fails. */
export class ClientRefusal extends Error {}

/**
 * What a client of this version sends for a command: messages without Ids, none where it has nothing to say (facts:
 * conformance-format, §5). Throws a ClientRefusal.
 */
export function translate(command: ClientCommand, version: SpecVersion, device: Announced): readonly Message[] {
  if (command.tag === 'Battery') return [readBattery(version, device)];
  if (version === 4) return toVersion4(command, device);
  const DeviceIndex = device.index;
  switch (command.tag) {
    case 'Stop':
      return [{ StopDeviceCmd: { DeviceIndex } }];
    case 'Vibrate':
      if (version === 0) return [{ SingleMotorVibrateCmd: { DeviceIndex, Speed: command.value[0]?.Speed ?? 0 } }];
      return [vibrate(command.value, version, device)];
    case 'Scalar':
      if (version < 3) return [];
      checkIndexes('ScalarCmd', command.value, device.scalars);
      return [{ ScalarCmd: { DeviceIndex, Scalars: command.value } }];
    case 'Rotate':
      if (version === 0) return [];
      checkIndexes('RotateCmd', command.value, device.rotators);
      return [{ RotateCmd: { DeviceIndex, Rotations: command.value } }];
    case 'Linear': {
      if (version === 0) return [];
      // Old clients count entries and do not look at what the case calls them.
      const Vectors = command.value.map((entry, Index) => ({ ...entry, Index }));
      checkIndexes('LinearCmd', Vectors, device.linears);
      return [{ LinearCmd: { DeviceIndex, Vectors } }];
    }
  }
}

type Vibrations = Extract<ClientCommand, { tag: 'Vibrate' }>['value'];

function vibrate(entries: Vibrations, version: SpecVersion, device: Announced): Message {
  checkIndexes('VibrateCmd', entries, device.vibrators.length);
  const DeviceIndex = device.index;
  if (version < 3) return { VibrateCmd: { DeviceIndex, Speeds: entries } };
  const Scalars = entries.map(({ Index, Speed }) => ({
    Index: device.vibrators[Index],
    Scalar: Speed,
    ActuatorType: 'Vibrate',
  }));
  return { ScalarCmd: { DeviceIndex, Scalars } };
}

function checkIndexes(name: string, entries: readonly { readonly Index: number }[], announced: number): void {
  if (entries.length > announced || entries.some(({ Index }) => Index >= announced)) {
    const indexes = entries.map(({ Index }) => Index).join(', ');
    throw new ClientRefusal(`the client refuses ${name} for ${indexes}: the device announces ${announced}`);
  }
}

function readBattery(version: SpecVersion, device: Announced): Message {
  const [battery] = device.batteries;
  if (version < 2) throw new ClientRefusal(`clients of version ${version} cannot read a battery`);
  if (battery === undefined || device.batteries.length > 1) {
    throw new ClientRefusal(`the client wants one battery, the device announces ${device.batteries.length}`);
  }
  const DeviceIndex = device.index;
  if (version === 2) return { BatteryLevelCmd: { DeviceIndex } };
  if (version === 3) return { SensorReadCmd: { DeviceIndex, SensorIndex: battery, SensorType: 'Battery' } };
  return { InputCmd: { DeviceIndex, FeatureIndex: battery, Type: 'Battery', Command: 'Read' } };
}

function toVersion4(command: Exclude<ClientCommand, { tag: 'Battery' }>, device: Announced): readonly Message[] {
  const { features } = device;
  switch (command.tag) {
    case 'Stop':
      return [{ StopCmd: { DeviceIndex: device.index, Inputs: true, Outputs: true } }];
    case 'Vibrate': {
      const vibrators = features.filter(({ outputs }) => outputs.Vibrate);
      return command.value.map(({ Index, Speed }) => output(device, vibrators[Index], 'Vibrate', Speed));
    }
    case 'Scalar': {
      const scalars = features.filter(isScalar);
      return command.value.map(({ Index, Scalar, ActuatorType }) => {
        const feature = scalars[Index] ?? features.find(({ index }) => index === 0);
        return output(device, feature, ActuatorType, Scalar);
      });
    }
    case 'Rotate': {
      const rotators = features.filter(({ outputs }) => outputs.Rotate);
      return command.value.map(({ Index, Speed, Clockwise }) =>
        output(device, rotators[Index], 'Rotate', Speed, Clockwise ? {} : { sign: -1 }),
      );
    }
    case 'Linear':
      return command.value.map(({ Index, Position, Duration }) => {
        const feature = features.find(({ index }) => index === Index);
        return output(device, feature, 'HwPositionWithDuration', Position, { fields: { Duration } });
      });
  }
}

/** Rotation both ways is not among them, unlike in version 3. */
const isScalar = ({ outputs }: Feature) =>
  Boolean(outputs.Vibrate ?? outputs.Oscillate ?? outputs.Constrict) || (outputs.Rotate?.[0] ?? -1) >= 0;

interface OutputExtras {
  readonly sign?: -1;
  readonly fields?: object;
}

function output(
  device: Announced,
  feature: Feature | undefined,
  type: string,
  fraction: number,
  { sign, fields }: OutputExtras = {},
): Message {
  const range = feature?.outputs[type];
  if (!feature || !range) throw new ClientRefusal(`the client finds no ${type} output for it on ${device.name}`);
  const steps = fraction * range[1];
  const magnitude = fraction > 0.000001 ? Math.ceil(steps) : Math.floor(steps);
  const Value = magnitude === 0 ? 0 : magnitude * (sign ?? 1);
  const { index: FeatureIndex } = feature;
  return { OutputCmd: { DeviceIndex: device.index, FeatureIndex, Command: { [type]: { Value, ...fields } } } };
}
