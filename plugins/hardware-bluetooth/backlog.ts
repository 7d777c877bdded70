import { type Clock, LinkError } from 'pulsegate/plugin';

/** Packets of one device that may be on their way: nothing overtakes them, not even a stop. */
const MOST_UNDER_WAY = 2;
/** How often it is looked whether there is room, ms. */
const LOOK_MS = 5;
/** Where nobody tells when packets have left: a few of the moments at which a device listens, ms. */
const BLIND_PAUSE_MS = 100;

/**
 * Packets of one device on their way to the air that nobody answers. With an adapter driven directly, noble takes as many as it is given
 * and calls them written: while a device is hardly in reach they would pile up, with a stop behind all of them; and ending
 * the connection throws away what is left. The Bluetooth services of the systems hold a writer back by themselves.
 */
export class Backlog {
  /** @param underWay how many there are; undefined: nobody tells */
  constructor(
    private readonly underWay: () => number | undefined,
    private readonly clock: Clock,
  ) {}

  /** Resolves when there is room for a packet. Rejects with a LinkError when there is none for too long. */
  async room(limitMs: number, name: string, signal: AbortSignal): Promise<void> {
    const since = this.clock.now();
    while ((this.underWay() ?? 0) >= MOST_UNDER_WAY) {
      if (this.clock.now() - since > limitMs) throw new LinkError(`${name} took no packet within ${limitMs} ms`);
      await this.clock.sleep(LOOK_MS, signal);
    }
  }

  /** Resolves when everything has left, or after the limit. */
  async empty(limitMs: number): Promise<void> {
    if (this.underWay() === undefined) return this.clock.sleep(Math.min(BLIND_PAUSE_MS, limitMs));
    const since = this.clock.now();
    while ((this.underWay() ?? 0) > 0 && this.clock.now() - since < limitMs) await this.clock.sleep(LOOK_MS);
  }
}
