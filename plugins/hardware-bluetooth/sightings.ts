import type { NoblePeripheral } from '@abandonware/noble';
import { type Advertisement, type Clock, growingPause, LinkError } from 'pulsegate/plugin';
import { advertisementOf, pictureOf } from './advertisement.js';
import { within } from './within.js';

interface Sighting {
  peripheral: NoblePeripheral;
  picture: string;
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
const FIRST_PAUSE_MS = 10_000;
const MOST_PAUSE_MS = 300_000;

/** Who advertises around here, and whether that is news. */
export class Sightings {
  /** In the order of the last sighting. */
  readonly #known = new Map<string, Sighting>();
  readonly #awaited = new Map<string, PromiseWithResolvers<void>>();
  #scan = 0;

  constructor(private readonly clock: Clock) {}

  /** Everything is news once more. */
  newScan(): void {
    this.#scan += 1;
  }

  /** @returns what to show, if it is news */
  note(peripheral: NoblePeripheral, mayShow: boolean): Advertisement | undefined {
    const advertisement = advertisementOf(peripheral);
    const { address } = advertisement;
    const picture = pictureOf(advertisement);
    const now = this.clock.now();
    const before = this.#known.get(address);
    const sighting = before ?? { peripheral, picture, seenAt: now, shownIn: -1, failures: 0, notBefore: 0 };
    const isChanged = sighting.picture !== picture;
    Object.assign(sighting, { peripheral, picture, seenAt: now });
    this.#known.delete(address);
    this.#known.set(address, sighting);
    this.#forgetOldest();
    this.#awaited.get(address)?.resolve();
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

  /** The device, as soon as it advertises. Rejects with a LinkError when it does not within the limit. */
  async next(address: string, limitMs: number, signal: AbortSignal): Promise<void> {
    const awaited = this.#awaited.get(address) ?? Promise.withResolvers<void>();
    this.#awaited.set(address, awaited);
    const onAbort = () => awaited.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await within(this.clock, limitMs, `waiting for ${address} to advertise`, awaited.promise);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#awaited.delete(address);
    }
  }

  /** The adapter they were seen by is gone, and with it the peripherals as it knew them. */
  forget(reason: string): void {
    this.#known.clear();
    for (const { reject } of this.#awaited.values()) reject(new LinkError(reason));
  }

  #forgetOldest(): void {
    for (const address of this.#known.keys()) {
      if (this.#known.size <= MOST_REMEMBERED) return;
      this.#known.delete(address);
    }
  }
}
