import { type DeviceCard, DeviceError, isPositionType, OUTPUT_TYPES, type OutputType, Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';

/** What somebody wants of a feature. */
export type Order =
  | { readonly kind: 'stop' }
  | {
      readonly kind: 'set';
      /** -1…1 of what the output is capable of, or its own steps. */
      readonly level: { readonly share: number } | { readonly steps: number };
      readonly type: OutputType | undefined;
      /** ms; of a timed move. */
      readonly duration: number | undefined;
      /** ms */
      readonly hold: number | undefined;
    };

/** Longest payload of an order, bytes. */
const MAX_LENGTH = 1024;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;
const STOP = /^(stop|off)$/i;

const optional = { type: Type.Optional(Type.Enum([...OUTPUT_TYPES])) };
const times = {
  duration: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000 })),
  hold: Type.Optional(Type.Integer({ minimum: 100, maximum: 86_400_000 })),
};
const exactly = <P extends Type.TProperties>(level: P) =>
  Type.Object({ ...level, ...optional, ...times }, { additionalProperties: false });
const ByShare = Compile(exactly({ value: Type.Number({ minimum: -1, maximum: 1 }) }));
const ByPercent = Compile(exactly({ percent: Type.Number({ minimum: -100, maximum: 100 }) }));
const BySteps = Compile(exactly({ steps: Type.Integer({ minimum: -100_000, maximum: 100_000 }) }));

const EXPECTED =
  'a number from 0 to 1 (from -1 for what goes both ways), "stop", or JSON: {"value": 0.5}, {"percent": 50} or {"steps": 10}, ' +
  'with "type", "duration" (ms) and "hold" (ms, at least 100) where wanted';

/** @throws DeviceError with a sentence for whoever published it */
export function readOrder(payload: Buffer): Order {
  if (payload.length > MAX_LENGTH) {
    throw new DeviceError(`An order has at most ${MAX_LENGTH} bytes, not ${payload.length}`);
  }
  const text = payload.toString().trim();
  if (STOP.test(text)) return { kind: 'stop' };
  if (NUMBER.test(text)) return bare(Number(text));
  return fromJson(text);
}

function bare(share: number): Order {
  if (Math.abs(share) > 1)
    throw new DeviceError(`${share} is beyond 1, which is everything there is; expected ${EXPECTED}`);
  return { kind: 'set', level: { share }, type: undefined, duration: undefined, hold: undefined };
}

function fromJson(text: string): Order {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DeviceError(`That is no order; expected ${EXPECTED}`);
  }
  if (ByShare.Check(json)) return { kind: 'set', level: { share: json.value }, ...details(json) };
  if (ByPercent.Check(json)) return { kind: 'set', level: { share: json.percent / 100 }, ...details(json) };
  if (BySteps.Check(json)) return { kind: 'set', level: { steps: json.steps }, ...details(json) };
  throw new DeviceError(`That is no order; expected ${EXPECTED}`);
}

const details = ({ type, duration, hold }: { type?: OutputType; duration?: number; hold?: number }) => ({
  type,
  duration,
  hold,
});

/** One output, told what to do in its own steps. */
export interface Setting {
  readonly type: OutputType;
  readonly value: number;
  /** ms */
  readonly duration: number | undefined;
}

type Feature = DeviceCard['features'][number];

/** @throws DeviceError when the feature is not capable of that */
export function settingFor(feature: Feature, order: Extract<Order, { kind: 'set' }>): Setting {
  const type = order.type ?? outputOf(feature, order.duration !== undefined);
  const output = type && feature.outputs[type];
  if (!type || !output)
    throw new DeviceError(`Feature ${feature.index} has no ${order.type ?? ''} output${outputsOf(feature)}`);
  const [least, most] = output.value;
  const value = 'steps' in order.level ? order.level.steps : stepsOf(type, order.level.share, most);
  if (value < least || value > most) {
    const bounds = 'steps' in order.level ? `${least} to ${most} steps` : `${least < 0 ? -1 : 0} to 1`;
    throw new DeviceError(`${type} of feature ${feature.index} takes ${bounds}`);
  }
  if (type !== 'HwPositionWithDuration') return { type, value, duration: undefined };
  const [shortest, longest] = output.duration ?? [0, order.duration ?? 0];
  return { type, value, duration: Math.min(Math.max(order.duration ?? shortest, shortest), longest) };
}

/** However little is asked for, it is not nothing. */
function stepsOf(type: OutputType, share: number, most: number): number {
  if (isPositionType(type)) return Math.round(share * most);
  const steps = Math.max(Math.round(Math.abs(share) * most), share === 0 ? 0 : 1);
  return share < 0 ? -steps : steps;
}

function outputOf({ outputs }: Feature, isTimed: boolean): OutputType | undefined {
  if (isTimed && outputs.HwPositionWithDuration) return 'HwPositionWithDuration';
  return OUTPUT_TYPES.find((type) => outputs[type]);
}

function outputsOf({ outputs }: Feature): string {
  const types = OUTPUT_TYPES.filter((type) => outputs[type]);
  return types.length > 0 ? `; it has ${types.join(', ')}` : '';
}

/** Steps as what an order would say: -1…1. */
export const shareOf = (value: number, most: number): number => (most > 0 ? Math.round((value / most) * 1e4) / 1e4 : 0);
