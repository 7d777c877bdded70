import Type, { type Static, type TSchema } from 'typebox';
import type { SpecVersion } from '../../core/protocol/model.js';

/** A device case (facts: conformance-format, §1). Names are the format's own; fields beyond these are ignored. */

const U32 = Type.Integer({ minimum: 0, maximum: 4294967295 });
const Fraction = Type.Number({ minimum: 0, maximum: 1 });
const tagged = <const T extends string, S extends TSchema>(tag: T, value: S) =>
  Type.Object({ tag: Type.Literal(tag), value });
const bare = <const T extends string>(tag: T) => Type.Object({ tag: Type.Literal(tag) });
const step = <const T extends string, P extends Type.TProperties>(tag: T, value: P) =>
  Type.Object({ tag: Type.Literal(tag), line: Type.Integer(), value: Type.Object(value) });

const ClientCommand = Type.Union([
  tagged('Scalar', Type.Array(Type.Object({ Index: U32, Scalar: Type.Number(), ActuatorType: Type.String() }))),
  tagged('Vibrate', Type.Array(Type.Object({ Index: U32, Speed: Fraction }))),
  tagged('Rotate', Type.Array(Type.Object({ Index: U32, Speed: Fraction, Clockwise: Type.Boolean() }))),
  tagged('Linear', Type.Array(Type.Object({ Index: U32, Duration: U32, Position: Fraction }))),
  tagged('Battery', Type.Object({ expected_power: Fraction, run_async: Type.Optional(Type.Boolean()) })),
  bare('Stop'),
]);
export type ClientCommand = Static<typeof ClientCommand>;

const packet = { endpoint: Type.String(), data: Type.Array(Type.Integer({ minimum: 0, maximum: 255 })) };
const EndpointOnly = Type.Object({ endpoint: Type.String() });
const HardwareCommand = Type.Union([
  tagged('Write', Type.Object({ ...packet, write_with_response: Type.Boolean() })),
  tagged('Subscribe', EndpointOnly),
  tagged('Unsubscribe', EndpointOnly),
]);
export type HardwareCommand = Static<typeof HardwareCommand>;

const HardwareEvent = Type.Union([
  tagged('Notifications', Type.Array(Type.Object(packet))),
  tagged('Reads', Type.Array(Type.Object(packet))),
  bare('Disconnect'),
]);
export type HardwareEvent = Static<typeof HardwareEvent>;

const MessagesStep = step('Messages', { device_index: U32, messages: Type.Array(ClientCommand) });
const CommandsStep = step('Commands', { device_index: U32, commands: Type.Array(HardwareCommand) });
const EventsStep = step('Events', { device_index: U32, events: Type.Array(HardwareEvent) });
const VersionGated = step('VersionGated', {
  min_spec_version: Type.Integer({ minimum: 0, maximum: 4 }),
  commands: Type.Array(Type.Unknown()),
});
/** A step as it is read; those behind a gate are read after it. */
export const WrittenStep = Type.Union([MessagesStep, CommandsStep, EventsStep, VersionGated]);

/** Something that happens or is expected, and the line of the file where it is written. */
export type Step = Static<typeof MessagesStep> | Static<typeof CommandsStep> | Static<typeof EventsStep>;

/** Steps for clients of a spec version and newer ones. */
interface Gate {
  readonly tag: 'VersionGated';
  readonly minVersion: number;
  readonly steps: readonly CaseStep[];
}
export type CaseStep = Step | Gate;

const CaseDevice = Type.Object({
  identifier: Type.Object({
    name: Type.String(),
    address: Type.Optional(Type.String()),
    /** Ours, for protocols that have no Bluetooth name of their own; the community's cases are all Bluetooth. */
    link: Type.Optional(Type.Enum(['bluetooth', 'serial'])),
    /** Of a device on a serial port, which does not tell by itself. */
    protocol: Type.Optional(Type.String()),
  }),
  expected_name: Type.Optional(Type.String()),
  expected_display_name: Type.Optional(Type.String()),
});
export type CaseDevice = Static<typeof CaseDevice>;

export const WrittenCase = Type.Object({
  user_device_config_file: Type.Optional(Type.String()),
  device_config_file: Type.Optional(Type.String()),
  devices: Type.Array(CaseDevice, { minItems: 1 }),
  device_init: Type.Optional(Type.Union([Type.Array(Type.Unknown()), Type.Null()])),
  device_commands: Type.Optional(Type.Union([Type.Array(Type.Unknown()), Type.Null()])),
});

export interface DeviceCase {
  /** The file's name without its extension. */
  readonly name: string;
  readonly path: string;
  /** Paths of the configuration files it names. */
  readonly userConfig: string | undefined;
  readonly deviceConfig: string | undefined;
  readonly devices: readonly CaseDevice[];
  readonly init: readonly CaseStep[];
  readonly commands: readonly CaseStep[];
}

/** What a client of this version runs of `steps`. */
export function stepsFor(steps: readonly CaseStep[], version: SpecVersion): readonly Step[] {
  return steps.flatMap((entry) => {
    if (entry.tag !== 'VersionGated') return [entry];
    return version >= entry.minVersion ? stepsFor(entry.steps, version) : [];
  });
}
