import type { Clock, Timer } from '../../clock.js';

/** A file is whole when nothing has been written for this long, ms. */
const QUIET_MS = 150;
/** Nobody waits longer than this, whatever goes on being written, ms. */
const PATIENCE_MS = 2_000;

/** Gathers paths that change and tells them together once it is quiet. */
export class Changes {
  #paths = new Set<string>();
  #timer: Timer | undefined;
  #since = 0;
  #closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly tell: (paths: ReadonlySet<string>) => void,
  ) {}

  note(path: string): void {
    if (this.#closed) return;
    const now = this.clock.now();
    if (this.#paths.size === 0) this.#since = now;
    this.#paths.add(path);
    this.#timer?.cancel();
    this.#timer = this.clock.after(Math.min(QUIET_MS, this.#since + PATIENCE_MS - now), () => this.#flush());
  }

  /** What has not been told stays untold. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #flush(): void {
    const paths = this.#paths;
    this.#paths = new Set();
    this.tell(paths);
  }
}
