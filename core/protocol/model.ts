/**
 * The vocabulary of spec version 4, which everything inside the gateway speaks. Older versions exist only at the edge
 * (the other folders of core/protocol).
 */

/** What a feature can be told to do, in the order used wherever one feature has several. */
export const OUTPUT_TYPES = [
  'Vibrate',
  'Rotate',
  'Oscillate',
  'Constrict',
  'Temperature',
  'Led',
  'Spray',
  'Position',
  'HwPositionWithDuration',
] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

/** What a feature can report. */
export const INPUT_TYPES = ['Battery', 'RSSI', 'Pressure', 'Button', 'Depth', 'Position'] as const;
export type InputType = (typeof INPUT_TYPES)[number];

export const INPUT_COMMANDS = ['Read', 'Subscribe', 'Unsubscribe'] as const;
export type InputCommandType = (typeof INPUT_COMMANDS)[number];

export const SPEC_VERSIONS = [0, 1, 2, 3, 4] as const;
export type SpecVersion = (typeof SPEC_VERSIONS)[number];
export const NEWEST_SPEC: SpecVersion = 4;

/** Inclusive, whole numbers. */
export type Range = readonly [min: number, max: number];

/** One thing a feature can do. `value` in device steps; `duration` in ms, for timed moves only. */
export interface OutputProperties {
  readonly value: Range;
  readonly duration?: Range;
}

/** One thing a feature reports, and how it may be asked. */
export interface InputProperties {
  readonly value: readonly Range[];
  readonly commands: readonly ('Read' | 'Subscribe')[];
}

export type Outputs = { readonly [T in OutputType]?: OutputProperties };
export type Inputs = { readonly [T in InputType]?: InputProperties };

/** A feature as clients see it: after the user's limits, without what the user disabled. */
export interface AnnouncedFeature {
  readonly index: number;
  readonly description: string;
  /** The feature has outputs, even if the user disabled them all and `outputs` is empty. */
  readonly hasOutputs: boolean;
  readonly outputs: Outputs;
  readonly inputs: Inputs;
}

/** A device as clients see it. A new object whenever anything in it changes. */
export interface AnnouncedDevice {
  readonly index: number;
  readonly name: string;
  readonly displayName?: string | undefined;
  /** Enforced gap between packets, ms. */
  readonly messageGapMs: number;
  /** Ascending by index; gaps are allowed. */
  readonly features: readonly AnnouncedFeature[];
  /** Endpoints open to Raw messages; empty unless the user allowed them for this device. */
  readonly rawEndpoints: readonly string[];
  /** This is what one client was granted of the device; there may be more. */
  readonly isPart?: boolean | undefined;
}

/** One output order in announced steps: 0…N, or -N…N where the announced range says so. */
export interface OutputCommand {
  readonly deviceIndex: number;
  readonly featureIndex: number;
  readonly type: OutputType;
  readonly value: number;
  /** ms; present for HwPositionWithDuration only. */
  readonly duration?: number | undefined;
}

/** What a stop covers. Without a device: everything. A feature only counts together with its device. */
export interface StopScope {
  readonly deviceIndex?: number | undefined;
  readonly featureIndex?: number | undefined;
  readonly inputs: boolean;
  readonly outputs: boolean;
}

export interface InputAddress {
  readonly deviceIndex: number;
  readonly featureIndex: number;
  readonly type: InputType;
}

export interface InputReading extends InputAddress {
  readonly value: number;
}

/** Position outputs end by themselves and are never "off"; every other output is off at level 0. */
export function isPositionType(type: OutputType): type is 'Position' | 'HwPositionWithDuration' {
  return type === 'Position' || type === 'HwPositionWithDuration';
}

/** Whose levels may be below 0: a rotation the other way, and cold instead of heat. */
export const mayBeNegative = (type: OutputType): boolean => type === 'Rotate' || type === 'Temperature';
