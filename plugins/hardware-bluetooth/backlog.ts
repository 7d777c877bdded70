import type { Noble } from '@abandonware/noble';
import { type Clock, LinkError } from 'pulsegate/plugin';
import { field } from './field.js';

/** Packets of one device that may be on their way: nothing overtakes them, not even a stop. */
const MOST_UNDER_WAY = 2;
/** How often it is looked whether there is room, ms. */
const LOOK_MS = 5;
/** Where nobody tells when packets have left: a few of the moments at which a device listens, ms. */
const BLIND_PAUSE_MS = 100;

/**
 * Packets of one device on their way to the air that nobody answers. With an adapter driven directly, noble takes as many as it is given
 * and calls them written: while a device is hardly in reach they would pile up, with a stop behind all of them; and ending
 * the connection throws away what is left. Noble tells by fields of its own alone how many there are. The Bluetooth
 * services of the systems hold a writer back by themselves.
 */
export class Backlog {
  constructor(
    private readonly noble: Noble,
    private readonly peripheralId: string,
    private readonly clock: Clock,
  ) {}

  /** Resolves when there is room for a packet. Rejects with a LinkError when there is none for too long. */
  async room(limitMs: number, name: string, signal: AbortSignal): Promise<void> {
    const since = this.clock.now();
    while ((this.#underWay() ?? 0) >= MOST_UNDER_WAY) {
      if (this.clock.now() - since > limitMs) throw new LinkError(`${name} took no packet within ${limitMs} ms`);
      await this.clock.sleep(LOOK_MS, signal);
    }
  }

  /** Resolves when everything has left, or after the limit. */
  async empty(limitMs: number): Promise<void> {
    if (this.#underWay() === undefined) return this.clock.sleep(Math.min(BLIND_PAUSE_MS, limitMs));
    const since = this.clock.now();
    while ((this.#underWay() ?? 0) > 0 && this.clock.now() - since < limitMs) await this.clock.sleep(LOOK_MS);
  }

  /** Undefined: nobody tells. */
  #underWay(): number | undefined {
    const bindings = this.noble._bindings;
    const hci = field(bindings, '_hci');
    const handle = field(field(bindings, '_handles'), this.peripheralId);
    const [queue, connections] = [field(hci, '_aclQueue'), field(hci, '_aclConnections')];
    if (!Array.isArray(queue) || !(connections instanceof Map)) return undefined;
    const pending = field(connections.get(handle), 'pending');
    const queued = queue.filter((packet) => field(packet, 'handle') === handle).length;
    return queued + (typeof pending === 'number' ? pending : 0);
  }
}
