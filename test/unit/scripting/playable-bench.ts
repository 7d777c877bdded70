import type { Playable } from '../../../core/scripting/sandbox/funscript-drive.js';
import { parse } from '../../../core/scripting/sandbox/funscript-format.js';
import type { PlayOptions } from '../../../core/scripting/sandbox/funscript-options.js';
import { FunscriptPlayer } from '../../../core/scripting/sandbox/funscript-player.js';
import { FakeClock } from '../../support/fake-clock.js';

/** A device that writes down what it is told, as "time command", on a clock of its own. */
export class PlayableBench implements Playable {
  readonly name = 'Bench';
  readonly clock = new FakeClock();
  /** Commands that are refused. */
  readonly refused = new Set<string>();
  /** How much later than asked for its timers fire, ms. */
  lateMs = 0;
  #log: string[] = [];

  constructor(private readonly outputs: readonly string[]) {}

  has(output: string): boolean {
    return this.outputs.includes(output);
  }

  positionWithDuration(position: number, ms: number): Promise<void> {
    return this.#take('move', position, ms);
  }

  position(position: number): Promise<void> {
    return this.#take('position', position);
  }

  vibrate(level: number): Promise<void> {
    return this.#take('vibrate', level);
  }

  oscillate(level: number): Promise<void> {
    return this.#take('oscillate', level);
  }

  stop(): Promise<void> {
    return this.#take('stop');
  }

  /** Plays actions written as [ms, pos]. */
  play(actions: readonly (readonly [at: number, pos: number])[], options: PlayOptions = {}): FunscriptPlayer {
    const funscript = parse(JSON.stringify({ actions: actions.map(([at, pos]) => ({ at, pos })) }));
    return new FunscriptPlayer(this, funscript, options, {
      now: () => this.clock.now(),
      after: (delayMs, task) => this.clock.after(delayMs + this.lateMs, task),
    });
  }

  /** What has come since it was last asked. */
  take(): string[] {
    const taken = this.#log;
    this.#log = [];
    return taken;
  }

  #take(command: string, ...values: readonly number[]): Promise<void> {
    const shown = values.map((value) => Math.round(value * 1000) / 1000);
    this.#log.push([Math.round(this.clock.now() * 1000) / 1000, command, ...shown].join(' '));
    return this.refused.has(command) ? Promise.reject(new Error(`no ${command}`)) : Promise.resolve();
  }
}
