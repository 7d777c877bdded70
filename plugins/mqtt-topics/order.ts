import { DeviceError, OUTPUT_TYPES, type OutputType, Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';

/** -1…1 of what the output is capable of, or its own steps. */
type Level = { readonly share: number } | { readonly steps: number };

export interface Wish {
  /** Undefined: whichever the feature has. */
  readonly type: OutputType | undefined;
  readonly level: Level;
}

/** What somebody wants of a feature. */
export type Order =
  | { readonly kind: 'stop' }
  | {
      readonly kind: 'set';
      /** At least one; of each type one at most. */
      readonly wishes: readonly Wish[];
      /** A number and nothing else. */
      readonly isBare: boolean;
      /** ms; of a timed move. */
      readonly duration: number | undefined;
      /** ms */
      readonly hold: number | undefined;
    };

export type SetOrder = Extract<Order, { kind: 'set' }>;

/** Longest payload of an order, bytes. */
const MAX_LENGTH = 1024;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;
const STOP = /^("?)(stop|off)\1$/i;

const share = Type.Number({ minimum: -1, maximum: 1 });
const times = {
  duration: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000 })),
  hold: Type.Optional(Type.Integer({ minimum: 100, maximum: 86_400_000 })),
};
const optional = Type.Optional(share);
const types = {
  Vibrate: optional,
  Rotate: optional,
  Oscillate: optional,
  Constrict: optional,
  Temperature: optional,
  Led: optional,
  Spray: optional,
  Position: optional,
  HwPositionWithDuration: optional,
} satisfies Record<OutputType, typeof optional>;
const exactly = <P extends Type.TProperties>(properties: P) =>
  Type.Object({ ...properties, ...times }, { additionalProperties: false });
const ofOne = <P extends Type.TProperties>(level: P) =>
  Compile(exactly({ ...level, type: Type.Optional(Type.Enum([...OUTPUT_TYPES])) }));
const ByShare = ofOne({ value: share });
const ByPercent = ofOne({ percent: Type.Number({ minimum: -100, maximum: 100 }) });
const BySteps = ofOne({ steps: Type.Integer({ minimum: -100_000, maximum: 100_000 }) });
const ByType = Compile(exactly(types));

const EXPECTED =
  'a number from 0 to 1 (from -1 for what goes both ways), "stop", or JSON: {"value": 0.5}, {"percent": 50} or {"steps": 10}, ' +
  'with "type", "duration" (ms) and "hold" (ms, at least 100) where wanted, or {"Vibrate": 0.5, "Rotate": -0.2}';

/** @throws DeviceError with a sentence for whoever published it */
export function readOrder(payload: Buffer): Order {
  if (payload.length > MAX_LENGTH) {
    throw new DeviceError(`An order has at most ${MAX_LENGTH} bytes, not ${payload.length}; send a shorter one`);
  }
  const text = payload.toString().trim();
  if (STOP.test(text)) return { kind: 'stop' };
  if (NUMBER.test(text)) return bare(Number(text));
  return fromJson(text);
}

function bare(amount: number): Order {
  if (Math.abs(amount) > 1)
    throw new DeviceError(`${amount} is beyond 1, which is everything there is; expected ${EXPECTED}`);
  const wishes = [{ type: undefined, level: { share: amount } }];
  return { kind: 'set', wishes, isBare: true, duration: undefined, hold: undefined };
}

function fromJson(text: string): Order {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw noOrder();
  }
  if (ByShare.Check(json)) return set([{ type: json.type, level: { share: json.value } }], json);
  if (ByPercent.Check(json)) return set([{ type: json.type, level: { share: json.percent / 100 } }], json);
  if (BySteps.Check(json)) return set([{ type: json.type, level: { steps: json.steps } }], json);
  if (!ByType.Check(json)) throw noOrder();
  const wishes = OUTPUT_TYPES.flatMap((type) => {
    const amount = json[type];
    return amount === undefined ? [] : [{ type, level: { share: amount } }];
  });
  if (wishes.length === 0) throw noOrder();
  return set(wishes, json);
}

const set = (wishes: readonly Wish[], { duration, hold }: { duration?: number; hold?: number }): Order => ({
  kind: 'set',
  wishes,
  isBare: false,
  duration,
  hold,
});

const noOrder = () => new DeviceError(`That is no order; expected ${EXPECTED}`);
