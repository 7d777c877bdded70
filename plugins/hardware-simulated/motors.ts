import { type Clock, type FeatureDefinition, isPositionType, OUTPUT_TYPES, type OutputType } from 'pulsegate/plugin';

export interface OutputState {
  readonly feature: number;
  readonly type: OutputType;
  /** In the device's own steps. */
  readonly level: number;
  /** Present while a timed move is under way. */
  readonly moving?: true;
}

/** Something in the toy that uses power. */
interface Part {
  /** Milliseconds of full power between two times; nothing may have changed in between. */
  work(since: number, until: number): number;
}

class Motor implements Part {
  level = 0;

  constructor(private readonly full: number) {}

  work(since: number, until: number): number {
    return (until - since) * Math.min(1, Math.abs(this.level) / this.full);
  }
}

/** A part that goes to positions, at an even speed. */
class Stroker implements Part {
  #from = 0;
  #target = 0;
  #startedAt = 0;
  #endsAt = 0;

  position(now: number): number {
    if (now >= this.#endsAt) return this.#target;
    const share = (now - this.#startedAt) / (this.#endsAt - this.#startedAt);
    return this.#from + (this.#target - this.#from) * share;
  }

  isMoving(now: number): boolean {
    return now < this.#endsAt && this.#from !== this.#target;
  }

  move(target: number, durationMs: number, now: number): void {
    this.#from = this.position(now);
    this.#target = target;
    this.#startedAt = now;
    this.#endsAt = now + Math.max(0, durationMs);
  }

  work(since: number, until: number): number {
    if (this.#from === this.#target) return 0;
    return Math.max(0, Math.min(until, this.#endsAt) - Math.max(since, this.#startedAt));
  }
}

type PositionType = 'Position' | 'HwPositionWithDuration';
/** Range of a motor that the model does not mention. */
const UNKNOWN_RANGE = 100;

/** Everything in one toy that moves. Starts with the outputs of its model; the firmware may bring in others. */
export class Motors {
  readonly #motors = new Map<string, { readonly feature: number; readonly type: OutputType; readonly motor: Motor }>();
  readonly #strokers = new Map<number, { readonly types: Set<PositionType>; readonly stroker: Stroker }>();

  constructor(
    features: readonly FeatureDefinition[],
    private readonly clock: Clock,
  ) {
    for (const { index, outputs } of features) {
      for (const type of OUTPUT_TYPES) {
        const output = outputs[type];
        if (!output) continue;
        if (isPositionType(type)) this.#stroker(index, type);
        else this.#motor(index, type, Math.max(...output.value.map(Math.abs)));
      }
    }
  }

  /** A position is there at once. */
  set(feature: number, type: OutputType, level: number): void {
    if (isPositionType(type)) this.#stroker(feature, type).move(level, 0, this.clock.now());
    else this.#motor(feature, type, UNKNOWN_RANGE).level = level;
  }

  /** Starts where an earlier move has got to. */
  move(feature: number, target: number, durationMs: number): void {
    const known = this.#strokers.get(feature)?.stroker ?? this.#stroker(feature, 'HwPositionWithDuration');
    known.move(target, durationMs, this.clock.now());
  }

  /** 0 for a part that is not there. */
  position(feature: number): number {
    return this.#strokers.get(feature)?.stroker.position(this.clock.now()) ?? 0;
  }

  /** Ascending by feature. */
  get states(): readonly OutputState[] {
    const now = this.clock.now();
    const states: OutputState[] = [];
    for (const { feature, type, motor } of this.#motors.values()) states.push({ feature, type, level: motor.level });
    for (const [feature, { types, stroker }] of this.#strokers) {
      const level = Math.round(stroker.position(now));
      for (const type of types)
        states.push({ feature, type, level, ...(stroker.isMoving(now) ? { moving: true } : {}) });
    }
    return states.sort((left, right) => left.feature - right.feature);
  }

  /** Milliseconds of full power between two times: with everything at its top, the time itself. */
  work(since: number, until: number): number {
    const parts: Part[] = [
      ...[...this.#motors.values()].map(({ motor }) => motor),
      ...[...this.#strokers.values()].map(({ stroker }) => stroker),
    ];
    return parts.reduce((sum, part) => sum + part.work(since, until), 0) / Math.max(1, parts.length);
  }

  #motor(feature: number, type: OutputType, full: number): Motor {
    const key = `${feature} ${type}`;
    const known = this.#motors.get(key)?.motor;
    if (known) return known;
    const motor = new Motor(Math.max(1, full));
    this.#motors.set(key, { feature, type, motor });
    return motor;
  }

  #stroker(feature: number, type: PositionType): Stroker {
    const known = this.#strokers.get(feature) ?? { types: new Set<PositionType>(), stroker: new Stroker() };
    known.types.add(type);
    this.#strokers.set(feature, known);
    return known.stroker;
  }
}
