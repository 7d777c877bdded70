import { type Clock, LinkError, withDeadline } from 'pulsegate/plugin';

/**
 * Noble's calls may never come back: every one is waited for so long and no longer.
 *
 * @param what for the error: `connecting to LVS-Edge`
 */
export function within<T>(clock: Clock, limitMs: number, what: string, work: Promise<T>): Promise<T> {
  return withDeadline(clock, limitMs, work, () => new LateError(what, limitMs));
}

/** Nothing came back in time. */
export class LateError extends LinkError {
  constructor(what: string, limitMs: number) {
    super(`${what} took longer than ${limitMs} ms`);
  }
}
