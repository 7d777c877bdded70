import { type DeviceCard, DeviceError, isPositionType, OUTPUT_TYPES, type OutputType } from 'pulsegate/plugin';
import type { SetOrder, Wish } from './order.js';

/** One output, told what to do in its own steps. */
export interface Setting {
  readonly type: OutputType;
  readonly value: number;
  /** ms */
  readonly duration: number | undefined;
}

type Feature = DeviceCard['features'][number];

const TIMED: OutputType = 'HwPositionWithDuration';
/** How long a timed move takes when nobody says: the shortest there is would be a jolt, ms. */
const USUAL_MOVE_MS = 500;

/**
 * All of an order, in the order of OUTPUT_TYPES.
 *
 * @throws DeviceError when the feature is not capable of all of it
 */
export function settingsFor(feature: Feature, { wishes, duration }: SetOrder): readonly Setting[] {
  const settings = wishes.map((wish) => settingFor(feature, wish, duration));
  if (duration !== undefined && !settings.some(({ type }) => type === TIMED)) {
    const type = settings[0]?.type;
    throw new DeviceError(
      `${type} of feature ${feature.index} takes no "duration", which is the time of a move; "hold" says how long it stays on`,
    );
  }
  return settings;
}

function settingFor(feature: Feature, wish: Wish, duration: number | undefined): Setting {
  const type = wish.type ?? outputOf(feature, duration !== undefined);
  const output = type && feature.outputs[type];
  if (!type || !output)
    throw new DeviceError(`Feature ${feature.index} has no ${type ? `${type} ` : ''}output${outputsOf(feature)}`);
  const { level } = wish;
  const [least, most] = output.value;
  const value = 'steps' in level ? level.steps : stepsOf(type, level.share, most);
  if (value < least || value > most) {
    const bounds = 'steps' in level ? `${least} to ${most} steps` : `${least < 0 ? -1 : 0} to ${most > 0 ? 1 : 0}`;
    throw new DeviceError(`${type} of feature ${feature.index} takes ${bounds}`);
  }
  if (type !== TIMED) return { type, value, duration: undefined };
  const wanted = duration ?? USUAL_MOVE_MS;
  const [shortest, longest] = output.duration ?? [0, wanted];
  return { type, value, duration: Math.min(Math.max(wanted, shortest), longest) };
}

/** However little is asked for, it is not nothing. */
function stepsOf(type: OutputType, share: number, most: number): number {
  if (isPositionType(type)) return Math.round(share * most);
  const steps = Math.max(Math.round(Math.abs(share) * most), share === 0 ? 0 : 1);
  return share < 0 ? -steps : steps;
}

function outputOf({ outputs }: Feature, isTimed: boolean): OutputType | undefined {
  if (isTimed && outputs[TIMED]) return TIMED;
  return OUTPUT_TYPES.find((type) => outputs[type] && type !== TIMED) ?? (outputs[TIMED] && TIMED);
}

function outputsOf({ outputs }: Feature): string {
  const types = OUTPUT_TYPES.filter((type) => outputs[type]);
  return types.length > 0 ? `; it has ${types.join(', ')}` : '';
}

/** Steps as what an order would say: -1…1. */
export const shareOf = (value: number, most: number): number => (most > 0 ? Math.round((value / most) * 1e4) / 1e4 : 0);
