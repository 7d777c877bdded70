import { isPositionType, type OutputType } from 'pulsegate/plugin';
import type { KnownOutput } from '../known-device.js';
import type { NumberComponent } from './component.js';
import { command, percentOf } from './templates.js';

interface OutputEntity {
  readonly label: string;
  readonly icon: string;
}

/** How Home Assistant shows what a device is able to do: all of it as a level, in percent. */
export const OUTPUT_ENTITIES = {
  Vibrate: { label: 'Vibration', icon: 'mdi:vibrate' },
  Rotate: { label: 'Rotation', icon: 'mdi:rotate-right' },
  Oscillate: { label: 'Oscillation', icon: 'mdi:sine-wave' },
  Constrict: { label: 'Constriction', icon: 'mdi:arrow-collapse-horizontal' },
  Temperature: { label: 'Temperature', icon: 'mdi:thermometer' },
  Led: { label: 'Light', icon: 'mdi:led-on' },
  Spray: { label: 'Spray', icon: 'mdi:spray' },
  Position: { label: 'Position', icon: 'mdi:arrow-up-down' },
  HwPositionWithDuration: { label: 'Timed position', icon: 'mdi:ray-start-end' },
} as const satisfies Record<OutputType, OutputEntity>;

/** What only a number has; the rest is common to all entities. */
export type NumberParts = Pick<
  NumberComponent,
  'command_template' | 'value_template' | 'min' | 'max' | 'step' | 'mode' | 'unit_of_measurement' | 'icon'
>;

export interface OutputOptions {
  /** ms */
  readonly hold: number;
  /** ms */
  readonly moveDuration: number;
}

/** Undefined where there is nothing to set: Home Assistant refuses a number without a range. */
export function numberParts(output: KnownOutput, { hold, moveDuration }: OutputOptions): NumberParts | undefined {
  const { type, value, duration } = output;
  const [min, max] = value;
  const steps = Math.max(max, -min);
  if (steps < 1) return undefined;
  return {
    // Moves end by themselves.
    command_template: command(type, {
      duration: duration && within(moveDuration, duration),
      hold: isPositionType(type) ? undefined : hold,
    }),
    value_template: percentOf(type),
    min: min < 0 ? -100 : 0,
    max: max > 0 ? 100 : 0,
    step: stepOf(steps),
    mode: 'slider',
    unit_of_measurement: '%',
    icon: OUTPUT_ENTITIES[type].icon,
  };
}

/**
 * Percent per step of the device, rounded down so that the last stop of a slider is not beyond its end. Nobody moves a slider by
 * less than 1 %, and automations are not bound to steps.
 */
function stepOf(steps: number): number {
  return Math.max(1, Math.floor(100_000 / steps) / 1_000);
}

const within = (wanted: number, [least, most]: readonly [number, number]) => Math.min(Math.max(wanted, least), most);
