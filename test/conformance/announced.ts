import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { SpecVersion } from '../../core/protocol/model.js';

/** A device as a client of some version was told about it, as far as translating commands needs it. */
export interface Announced {
  readonly index: number;
  readonly name: string;
  /** Versions 3 and 4. */
  readonly displayName: string | undefined;
  /** Commands of versions 1 to 3: how many entries each may have. */
  readonly rotators: number;
  readonly linears: number;
  readonly scalars: number;
  /** What to call the k-th vibrator in a command of versions 1 to 3. */
  readonly vibrators: readonly number[];
  /** What to call each battery; version 2 has at most one, without a number. */
  readonly batteries: readonly number[];
  /** Version 4, ascending by index. */
  readonly features: readonly Feature[];
}

export interface Feature {
  readonly index: number;
  /** Output type to its range. */
  readonly outputs: Readonly<Record<string, readonly [min: number, max: number]>>;
}

const Name = { DeviceIndex: Type.Integer(), DeviceName: Type.String() };
const DisplayName = Type.Optional(Type.String());
const List = <T extends TSchema>(item: T) => Type.Optional(Type.Array(item));
const Count = Type.Optional(Type.Object({ FeatureCount: Type.Integer() }));

const v0 = Type.Object({ ...Name, DeviceMessages: Type.Array(Type.String()) });
const v1 = Type.Object({
  ...Name,
  DeviceMessages: Type.Object({
    VibrateCmd: Count,
    RotateCmd: Count,
    LinearCmd: Count,
    BatteryLevelCmd: Type.Optional(Type.Object({})),
  }),
});
const v3 = Type.Object({
  ...Name,
  DeviceDisplayName: DisplayName,
  DeviceMessages: Type.Object({
    ScalarCmd: List(Type.Object({ ActuatorType: Type.String() })),
    RotateCmd: List(Type.Object({})),
    LinearCmd: List(Type.Object({})),
    SensorReadCmd: List(Type.Object({ SensorType: Type.String() })),
  }),
});
const Output = Type.Object({ Value: Type.Tuple([Type.Integer(), Type.Integer()]) });
const v4 = Type.Object({
  ...Name,
  DeviceDisplayName: DisplayName,
  DeviceFeatures: Type.Record(
    Type.String(),
    Type.Object({
      FeatureIndex: Type.Integer(),
      Output: Type.Optional(Type.Record(Type.String(), Output)),
      Input: Type.Optional(Type.Record(Type.String(), Type.Object({ Command: Type.Array(Type.String()) }))),
    }),
  ),
});

const NOTHING = {
  displayName: undefined,
  rotators: 0,
  linears: 0,
  scalars: 0,
  vibrators: [],
  batteries: [],
  features: [],
} as const;

const placesOf = <T>(entries: readonly T[], wanted: (entry: T) => boolean) =>
  entries.flatMap((entry, place) => (wanted(entry) ? [place] : []));

/** Throws for what is not a device of that version. */
const reader = <S extends TSchema>(schema: S, read: (device: Static<S>) => Announced) => {
  const form = Compile(schema);
  return (device: unknown): Announced => read(form.Parse(device) as Static<S>);
};

const fromV1 = reader(v1, (device) => {
  const { VibrateCmd, RotateCmd, LinearCmd, BatteryLevelCmd } = device.DeviceMessages;
  return {
    ...NOTHING,
    index: device.DeviceIndex,
    name: device.DeviceName,
    vibrators: Array.from({ length: VibrateCmd?.FeatureCount ?? 0 }, (_, place) => place),
    rotators: RotateCmd?.FeatureCount ?? 0,
    linears: LinearCmd?.FeatureCount ?? 0,
    batteries: BatteryLevelCmd ? [0] : [],
  };
});

const readers: Readonly<Record<SpecVersion, (device: unknown) => Announced>> = {
  0: reader(v0, (device) => ({ ...NOTHING, index: device.DeviceIndex, name: device.DeviceName })),
  1: fromV1,
  2: fromV1,
  3: reader(v3, (device) => {
    const { ScalarCmd = [], RotateCmd = [], LinearCmd = [], SensorReadCmd = [] } = device.DeviceMessages;
    return {
      ...NOTHING,
      index: device.DeviceIndex,
      name: device.DeviceName,
      displayName: device.DeviceDisplayName,
      scalars: ScalarCmd.length,
      vibrators: placesOf(ScalarCmd, ({ ActuatorType }) => ActuatorType === 'Vibrate'),
      rotators: RotateCmd.length,
      linears: LinearCmd.length,
      batteries: placesOf(SensorReadCmd, ({ SensorType }) => SensorType === 'Battery'),
    };
  }),
  4: reader(v4, (device) => {
    const features = Object.values(device.DeviceFeatures).sort((left, right) => left.FeatureIndex - right.FeatureIndex);
    return {
      ...NOTHING,
      index: device.DeviceIndex,
      name: device.DeviceName,
      displayName: device.DeviceDisplayName,
      features: features.map(({ FeatureIndex, Output = {} }) => ({
        index: FeatureIndex,
        outputs: Object.fromEntries(Object.entries(Output).map(([type, { Value }]) => [type, Value])),
      })),
      batteries: features
        .filter(({ Input }) => Input?.Battery?.Command.includes('Read'))
        .map(({ FeatureIndex }) => FeatureIndex),
    };
  }),
};

/** Reads one device of a DeviceAdded or DeviceList. Throws for what is none of that version. */
export function readAnnounced(version: SpecVersion, device: unknown): Announced {
  return readers[version](device);
}
