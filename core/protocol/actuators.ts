import { DeviceError } from '../errors.js';
import type { AnnouncedDevice, InputType, OutputCommand, OutputType, Range } from './model.js';

/**
 * What v0–v3 clients see of a device: flat lists per kind of command, in ascending feature order, with an entry's place as its
 * index (facts: messages, §5). The same lists announce and resolve, so an index always means what was announced (facts: B23).
 */
export interface ActuatorLists {
  /** ScalarCmd entries of v3. */
  readonly scalars: readonly Actuator[];
  /** The vibrating ones among them: VibrateCmd of v1 and v2. */
  readonly vibrators: readonly Actuator[];
  /** Features that turn both ways: RotateCmd. */
  readonly rotators: readonly Actuator[];
  /** Timed moves: LinearCmd. */
  readonly linears: readonly Actuator[];
  readonly readable: readonly Sensor[];
  readonly subscribable: readonly Sensor[];
}

export interface Actuator {
  readonly featureIndex: number;
  readonly type: OutputType;
  /** Upper end of the announced range, at least 1. */
  readonly steps: number;
  readonly description: string;
}

export interface Sensor {
  readonly featureIndex: number;
  readonly type: InputType;
  readonly description: string;
  readonly range: Range;
}

/**
 * What old clients can be shown, in the order of the entries of one feature (facts: messages, §5). Temperature, Led and Spray
 * are not among them: strict v3 clients refuse a whole device list over a type they do not know (facts: B24).
 */
const LEGACY_TYPES: readonly OutputType[] = [
  'Constrict',
  'Oscillate',
  'Position',
  'Rotate',
  'Vibrate',
  'HwPositionWithDuration',
];
const SENSOR_TYPES: readonly InputType[] = ['Battery', 'RSSI', 'Button', 'Pressure'];

const cache = new WeakMap<AnnouncedDevice, ActuatorLists>();

export function actuatorLists(device: AnnouncedDevice): ActuatorLists {
  let lists = cache.get(device);
  if (!lists) {
    lists = buildLists(device);
    cache.set(device, lists);
  }
  return lists;
}

function buildLists(device: AnnouncedDevice): ActuatorLists {
  const outputs = device.features.flatMap((feature) =>
    LEGACY_TYPES.flatMap((type) => {
      const range = feature.outputs[type]?.value;
      // A step count of 0 has no place in the old schemas (facts: B27).
      if (!range || range[1] < 1) return [];
      return [
        { featureIndex: feature.index, type, steps: range[1], description: feature.description, signed: range[0] < 0 },
      ];
    }),
  );
  const sensors = (command: 'Read' | 'Subscribe') =>
    device.features.flatMap((feature) =>
      SENSOR_TYPES.flatMap((type) => {
        const input = feature.inputs[type];
        const range = input?.value[0];
        if (!range || !input.commands.includes(command)) return [];
        return [{ featureIndex: feature.index, type, description: feature.description, range }];
      }),
    );
  const scalars = outputs.filter(({ type }) => type !== 'HwPositionWithDuration');
  return {
    scalars,
    vibrators: scalars.filter(({ type }) => type === 'Vibrate'),
    rotators: outputs.filter(({ type, signed }) => type === 'Rotate' && signed),
    linears: outputs.filter(({ type }) => type === 'HwPositionWithDuration'),
    readable: sensors('Read'),
    subscribable: sensors('Subscribe'),
  };
}

/** The entry an old command means. */
export function pick<T>(entries: readonly T[], index: number, what: string, device: AnnouncedDevice): T {
  const entry = entries[index];
  if (entry) return entry;
  const why =
    entries.length === 0
      ? `has no ${what} feature`
      : `has ${entries.length} ${what} feature(s); index ${index} is not one of 0 to ${entries.length - 1}`;
  throw new DeviceError(`Device ${device.index} (${device.name}) ${why}${ofWhatIsGranted(device)}`);
}

/** Ends a refusal: what a client asked for in vain may be in the part of the device that was not granted to it. */
export const ofWhatIsGranted = ({ isPart }: AnnouncedDevice): string =>
  isPart ? '; the rest of the device is not granted to this client' : '';

/** 0…1 to steps, rounded up so that every level above 0 is felt (facts: messages, §7.3). */
export function toSteps(fraction: number, steps: number): number {
  return fraction < 0.000001 ? 0 : Math.ceil(fraction * steps);
}

export function outputFor(
  device: AnnouncedDevice,
  actuator: Actuator,
  value: number,
  duration?: number,
): OutputCommand {
  return { deviceIndex: device.index, featureIndex: actuator.featureIndex, type: actuator.type, value, duration };
}

/** The order in which the parts of one old message run (facts: messages, §6). */
export function byFeature(commands: readonly OutputCommand[]): readonly OutputCommand[] {
  return [...commands].sort((left, right) => left.featureIndex - right.featureIndex);
}
