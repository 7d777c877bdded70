import type { Clock } from 'pulsegate/plugin';
import type { Random } from './random.js';

const WEAKEST = -75;
const STRONGEST = -45;
const STEP_MS = 1000;
/** After a minute it may be anywhere anyway. */
const MAX_STEPS = 60;

/** Signal strength as it wanders about in a room: a dBm up or down every second. */
export class SignalStrength {
  #dbm = -55;
  #steppedAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.#steppedAt = clock.now();
  }

  get dbm(): number {
    const steps = Math.floor((this.clock.now() - this.#steppedAt) / STEP_MS);
    this.#steppedAt += steps * STEP_MS;
    for (let step = 0; step < Math.min(steps, MAX_STEPS); step += 1) {
      const next = this.#dbm + (this.random.chance(0.5) ? 1 : -1);
      this.#dbm = Math.min(STRONGEST, Math.max(WEAKEST, next));
    }
    return this.#dbm;
  }
}
