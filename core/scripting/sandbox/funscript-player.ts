import { finite } from './checks.js';
import { type Drive, driveFor, EARLY_MS, type Playable } from './funscript-drive.js';
import type { Funscript } from './funscript-format.js';
import { checkOptions, type PlayOptions, type PlaySettings } from './funscript-options.js';

/** A funscript being played on a device. */
export interface Player {
  readonly playing: boolean;
  /** Place in the funscript, ms. */
  readonly position: number;
  /**
   * `ended` at the end of the funscript, `stopped` by `stop` or the signal; in both cases once the device has taken its stop.
   * Rejects with the error of a command that failed; the device is stopped then too.
   */
  readonly finished: Promise<PlayOutcome>;
  /** Stops the device and stays at this place. */
  pause(): void;
  resume(): void;
  /** Goes to a place in the funscript, ms; beyond its ends counts as there. */
  seek(ms: number): void;
  /** Stops the device; this player does not play again. */
  stop(): void;
}

export type PlayOutcome = 'ended' | 'stopped';

/** Where a player gets its time from, ms. */
export interface PlayerClock {
  now(): number;
  after(delayMs: number, task: () => void): { cancel(): void };
}

/** Plays from the moment it is made, unless its signal is aborted already. */
export class FunscriptPlayer implements Player {
  readonly finished: Promise<PlayOutcome>;
  readonly #result = Promise.withResolvers<PlayOutcome>();
  readonly #device: Playable;
  readonly #duration: number;
  readonly #settings: PlaySettings;
  readonly #drive: Drive;
  readonly #clock: PlayerClock;
  readonly #onAbort = () => this.stop();
  #state: 'playing' | 'paused' | 'over' = 'paused';
  #timer: { cancel(): void } | undefined;
  /** The place at the time of `#since`. All beats are counted from there, so that delays do not add up. */
  #origin: number;
  #since: number;

  constructor(device: Playable, funscript: Funscript, options: PlayOptions, clock: PlayerClock) {
    this.finished = this.#result.promise;
    this.#device = device;
    this.#duration = funscript.duration;
    this.#settings = checkOptions(options, funscript);
    this.#drive = driveFor(device, funscript, this.#settings);
    this.#clock = clock;
    this.#origin = this.#settings.from;
    this.#since = clock.now();
    const { signal } = this.#settings;
    if (signal?.aborted) {
      this.#state = 'over';
      this.#result.resolve('stopped');
      return;
    }
    signal?.addEventListener('abort', this.#onAbort);
    this.resume();
  }

  get playing(): boolean {
    return this.#state === 'playing';
  }

  get position(): number {
    const place = this.#place();
    if (!this.playing) return place;
    return this.#settings.loop ? place % this.#duration : Math.min(place, this.#duration);
  }

  pause(): void {
    if (this.#state !== 'playing') return;
    this.#halt('paused');
    void this.#send(() => this.#device.stop());
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#since = this.#clock.now();
    this.#state = 'playing';
    this.#beat();
  }

  seek(ms: number): void {
    const place = Math.min(Math.max(finite('ms', ms), 0), this.#duration);
    if (this.#state === 'over') return;
    this.#timer?.cancel();
    this.#origin = place;
    this.#since = this.#clock.now();
    if (this.playing) this.#beat();
  }

  stop(): void {
    void this.#finish('stopped');
  }

  /** Place in the funscript as if its rounds were one after another, ms. */
  #place(): number {
    if (!this.playing) return this.#origin;
    return this.#origin + (this.#clock.now() - this.#since) * this.#settings.speed;
  }

  #beat(): void {
    const { loop, speed } = this.#settings;
    const place = this.#place();
    let position = loop ? place % this.#duration : place;
    if (this.#duration - position < EARLY_MS * speed) {
      if (!loop) {
        void this.#finish('ended');
        return;
      }
      // As good as the beginning of the next round.
      position -= this.#duration;
    }
    const { send, next } = this.#drive(position);
    this.#timer = this.#clock.after((next - position) / speed, () => this.#beat());
    if (send) void this.#send(send);
  }

  /** Stands still at this place. */
  #halt(state: 'paused' | 'over'): void {
    this.#origin = this.position;
    this.#state = state;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (state === 'over') this.#settings.signal?.removeEventListener('abort', this.#onAbort);
  }

  async #finish(outcome: PlayOutcome): Promise<void> {
    if (this.#state === 'over') return;
    this.#halt('over');
    try {
      if (this.#device.connected !== false) await this.#device.stop();
      this.#result.resolve(outcome);
    } catch (error) {
      this.#result.reject(error);
    }
  }

  async #send(command: () => Promise<void>): Promise<void> {
    try {
      await command();
    } catch (error) {
      await this.#fail(error);
    }
  }

  async #fail(error: unknown): Promise<void> {
    // After the end nobody waits for what was sent before.
    if (this.#state === 'over') return;
    this.#halt('over');
    this.#result.reject(error);
    try {
      await this.#device.stop();
    } catch {
      // The first error is the one that tells what happened.
    }
  }
}
