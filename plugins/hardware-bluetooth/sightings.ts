import type { NoblePeripheral } from '@abandonware/noble';
import { type Advertisement, type Clock, growingPause, LinkError } from 'pulsegate/plugin';
import { pictureOf } from './advertisement.js';
import { within } from './within.js';

interface Sighting {
  peripheral: NoblePeripheral;
  /** What it looked like; undefined: it was not seen yet. */
  picture: string | undefined;
  seenAt: number;
  /** Scan in which it was shown. */
  shownIn: number;
  failures: number;
  /** Not shown again before, unless it looks different. */
  notBefore: number;
}

/** Most that are remembered: in a crowd, phones come by under ever new addresses. */
const MOST_REMEMBERED = 1_000;
/** What was seen this long ago is still in reach, ms. */
const FRESH_MS = 2_000;
/** Of those nobody is connected to: a connected one does not advertise, and must not be forgotten for that. */
const FREE: readonly NoblePeripheral['state'][] = ['disconnected', 'error'];
const NEVER_SEEN = { picture: undefined, seenAt: Number.NEGATIVE_INFINITY, shownIn: -1, failures: 0, notBefore: 0 };
const FIRST_PAUSE_MS = 10_000;
const MOST_PAUSE_MS = 300_000;

/** Who advertises around here, and whether that is news. */
export class Sightings {
  /** In the order of the last sighting. */
  readonly #known = new Map<string, Sighting>();
  /** Those who wait for a device, by its address. */
  readonly #awaited = new Map<string, Set<PromiseWithResolvers<void>>>();
  #scan = 0;

  /** @param onForgotten nothing is known of it any more */
  constructor(
    private readonly clock: Clock,
    private readonly onForgotten: (peripheral: NoblePeripheral) => void,
  ) {}

  /** Everything is news once more. */
  newScan(): void {
    this.#scan += 1;
  }

  /** The system knows of it, and it is not in reach. */
  list(address: string, peripheral: NoblePeripheral): void {
    const sighting = this.#known.get(address);
    if (sighting) sighting.peripheral = peripheral;
    else this.#known.set(address, { ...NEVER_SEEN, peripheral });
    this.#forgetOldest();
  }

  /** @returns what to show, if it is news */
  note(peripheral: NoblePeripheral, advertisement: Advertisement, mayShow: boolean): Advertisement | undefined {
    const { address } = advertisement;
    const picture = pictureOf(advertisement);
    const now = this.clock.now();
    const sighting = this.#known.get(address) ?? { ...NEVER_SEEN, peripheral };
    const isChanged = sighting.picture !== picture;
    Object.assign(sighting, { peripheral, picture, seenAt: now });
    this.#known.delete(address);
    this.#known.set(address, sighting);
    this.#forgetOldest();
    for (const { resolve } of this.#awaited.get(address) ?? []) resolve();
    const isDue = sighting.shownIn !== this.#scan || (sighting.failures > 0 && now >= sighting.notBefore);
    if (!mayShow || !(isChanged || isDue)) return undefined;
    sighting.shownIn = this.#scan;
    if (sighting.failures > 0) sighting.notBefore = Number.POSITIVE_INFINITY;
    return advertisement;
  }

  /** It was connected and is not any more: seen again, it is news, and so is who found no room. */
  left(address: string): void {
    const sighting = this.#known.get(address);
    if (sighting) Object.assign(sighting, { shownIn: -1, seenAt: Number.NEGATIVE_INFINITY });
    for (const other of this.#known.values()) other.notBefore = 0;
  }

  connected(address: string): void {
    const sighting = this.#known.get(address);
    if (sighting) sighting.failures = 0;
  }

  /** Seen again after a while, it is news; the more often it failed, the longer that takes. */
  failed(address: string): void {
    const sighting = this.#known.get(address);
    if (!sighting) return;
    sighting.notBefore = this.clock.now() + growingPause(FIRST_PAUSE_MS, MOST_PAUSE_MS, sighting.failures);
    sighting.failures += 1;
  }

  isFresh(address: string): boolean {
    const sighting = this.#known.get(address);
    return sighting !== undefined && this.clock.now() - sighting.seenAt < FRESH_MS;
  }

  /** As it was seen last. Throws a LinkError when it was not. */
  peripheral(address: string): NoblePeripheral {
    const sighting = this.#known.get(address);
    if (!sighting) throw new LinkError(`${address} is not in reach`);
    return sighting.peripheral;
  }

  /** Resolves as soon as it advertises. Rejects with a LinkError when it does not within the limit. */
  async next(address: string, limitMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const seen = Promise.withResolvers<void>();
    const waiting = this.#awaited.get(address) ?? new Set();
    this.#awaited.set(address, waiting.add(seen));
    const onAbort = () => seen.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await within(this.clock, limitMs, `waiting for ${address} to advertise`, seen.promise);
    } finally {
      signal.removeEventListener('abort', onAbort);
      waiting.delete(seen);
      if (waiting.size === 0 && this.#awaited.get(address) === waiting) this.#awaited.delete(address);
    }
  }

  /** The adapter they were seen by is gone, and with it the peripherals as it knew them. */
  forget(reason: string): void {
    this.#known.clear();
    for (const waiting of this.#awaited.values()) for (const { reject } of waiting) reject(new LinkError(reason));
  }

  #forgetOldest(): void {
    for (const [address, { peripheral }] of this.#known) {
      if (this.#known.size <= MOST_REMEMBERED) return;
      if (!FREE.includes(peripheral.state)) continue;
      this.#known.delete(address);
      this.onForgotten(peripheral);
    }
  }
}
