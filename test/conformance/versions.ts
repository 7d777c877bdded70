import type { SpecVersion } from '../../core/protocol/model.js';
import { type ClientCommand, type DeviceCase, type HardwareCommand, type Step, stepsFor } from './case.js';

/** Which case can work for which client: from what the case does, never from its name. */

/** What clients of a version have no message for (facts: conformance-format, §5); its effects would be missing. */
const MISSING: Readonly<Record<SpecVersion, readonly ClientCommand['tag'][]>> = {
  0: ['Scalar', 'Rotate', 'Linear', 'Battery'],
  1: ['Scalar', 'Battery'],
  2: ['Scalar'],
  3: [],
  4: [],
};

/**
 * Why no server could pass this case for a client of this version; undefined when one can. `vibrators` is how many the device
 * announces; without it, as many as the case uses.
 */
export function obstacle(deviceCase: DeviceCase, version: SpecVersion, vibrators?: number): string | undefined {
  const steps = stepsFor(deviceCase.commands, version);
  return (
    missingCommand(steps, version) ??
    (version === 0 ? mixedSpeeds(steps, vibrators ?? vibratorsUsed(stepsFor(deviceCase.commands, 4))) : undefined) ??
    gapInCount(stepsFor(deviceCase.commands, 4), steps)
  );
}

const commandsOf = (steps: readonly Step[]) =>
  steps.flatMap((step) => (step.tag === 'Messages' ? step.value.messages : []));

function missingCommand(steps: readonly Step[], version: SpecVersion): string | undefined {
  const missing = commandsOf(steps).find(({ tag }) => MISSING[version].includes(tag));
  return missing && `clients of version ${version} cannot send its ${missing.tag}`;
}

/** A client of version 0 sends the first speed to every vibrator, so every command has to mean one speed for all. */
function mixedSpeeds(steps: readonly Step[], vibrators: number): string | undefined {
  const speeds = new Map<number, number>();
  for (const command of commandsOf(steps)) {
    if (command.tag === 'Stop') speeds.clear();
    if (command.tag !== 'Vibrate') continue;
    for (const { Index, Speed } of command.value) speeds.set(Index, Speed);
    const all = Array.from({ length: vibrators }, (_, index) => speeds.get(index) ?? 0);
    if (new Set(all).size > 1) return 'clients of version 0 have one speed for all vibrators';
  }
  return undefined;
}

function vibratorsUsed(steps: readonly Step[]): number {
  const indexes = commandsOf(steps).flatMap((command) =>
    command.tag === 'Vibrate' ? command.value.map(({ Index }) => Index) : [],
  );
  return Math.max(0, ...indexes.map((index) => index + 1));
}

/** Packets that are numbered shift when the steps before them are left out. */
function gapInCount(all: readonly Step[], remaining: readonly Step[]): string | undefined {
  const writes = writesOf(all);
  const kept = writesOf(remaining);
  const isStart = kept.every((write, place) => write === writes[place]);
  return !isStart && areNumbered(writes)
    ? 'its packets are numbered, and some of them belong to newer clients'
    : undefined;
}

const writesOf = (steps: readonly Step[]) =>
  steps
    .flatMap((step) => (step.tag === 'Commands' ? step.value.commands : []))
    .filter((command): command is Write => command.tag === 'Write');
type Write = Extract<HardwareCommand, { tag: 'Write' }>;

/** One byte counts from packet to packet. Two packets prove nothing. */
function areNumbered(writes: readonly Write[]): boolean {
  const [first] = writes;
  if (!first || writes.length < 3) return false;
  const counts = (position: number) =>
    writes.every(({ value }, place) => value.data[position] === (Number(first.value.data[position]) + place) % 256);
  return first.value.data.some((_, position) => counts(position));
}
