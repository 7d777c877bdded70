import { url as debuggerUrl } from 'node:inspector';

const TURNS = 0;
const IS_DEBUGGED = 1;

/** What two threads share: how often one of them has come round, for the other to see. */
export class Beat {
  readonly #cells: Int32Array;

  constructor(readonly memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.#cells = new Int32Array(memory);
  }

  /** Of the thread that is watched. */
  tick(): void {
    Atomics.add(this.#cells, TURNS, 1);
    Atomics.store(this.#cells, IS_DEBUGGED, debuggerUrl() === undefined ? 0 : 1);
  }

  get turns(): number {
    return Atomics.load(this.#cells, TURNS);
  }

  /** With a debugger at hand, whoever halts the thread does so on purpose. */
  get isDebugged(): boolean {
    return Atomics.load(this.#cells, IS_DEBUGGED) === 1;
  }
}
