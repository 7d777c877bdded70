import type { DeviceWrite, Keepalive, ProtocolHandler } from '../catalogue/definition.js';
import { type Clock, type Timer, withDeadline } from '../clock.js';
import { LinkError } from '../errors.js';
import type { HardwareLink } from '../hardware/contract.js';
import type { WriteQueue } from './write-queue.js';

/** How long a link that needs keepalives may stay silent, ms (facts: server-behaviour, §9). */
const IDLE_LINK_MS = 5000;
/** A keepalive that takes longer has failed, ms. */
const WRITE_TIMEOUT_MS = 3000;
/** Failures in a row after which the device counts as gone (facts: B17). */
const MAX_FAILURES = 3;

type Packet = Omit<DeviceWrite, 'slot'>;

interface Plan {
  readonly everyMs: number;
  packet(): Packet | undefined;
}

export interface KeepaliveParts {
  /** As the protocol declares it. */
  readonly keepalive: Keepalive | undefined;
  readonly handler: Pick<ProtocolHandler, 'keepalive'>;
  readonly link: HardwareLink;
  readonly queue: WriteQueue;
  readonly clock: Clock;
  /** The device takes none any more. */
  readonly onDead: (error: unknown) => void;
}

/** Whether this protocol repeats its last packet on this link, so that a stop must be sent for it to have one. */
export function repeatsLastPacket(keepalive: Keepalive | undefined, link: HardwareLink): boolean {
  return keepalive?.kind === 'repeat-last' || (keepalive === undefined && link.needsKeepalive);
}

function planFor({ keepalive, handler, link, queue }: KeepaliveParts): Plan | undefined {
  const last = () => queue.lastTried && (handler.keepalive?.() ?? queue.lastTried);
  if (keepalive?.kind === 'repeat-last') return { everyMs: keepalive.everyMs, packet: last };
  if (!link.needsKeepalive) return undefined;
  if (keepalive?.kind === 'packet') return { everyMs: IDLE_LINK_MS, packet: () => keepalive.write };
  return { everyMs: IDLE_LINK_MS, packet: last };
}

/**
 * Sends something whenever nothing was written for a while. Time counts from the last write, whatever the device says
 * meanwhile. After three failures in a row `onDead` is called and the keepalive ends.
 */
export function startKeepalive(parts: KeepaliveParts): Disposable {
  const { link, queue, clock, onDead } = parts;
  const plan = planFor(parts);
  let timer: Timer | undefined;
  let ended = plan === undefined;
  let lastSent = clock.now();
  let failures = 0;
  let lastFailed = Number.NEGATIVE_INFINITY;

  const schedule = (delayMs: number) => {
    if (!ended) timer = clock.after(delayMs, tick);
  };
  const send = ({ endpoint, data, withResponse }: Packet) =>
    withDeadline(
      clock,
      WRITE_TIMEOUT_MS,
      link.write(endpoint, data, { withResponse }),
      () => new LinkError(`${link.name} did not take its keepalive within ${WRITE_TIMEOUT_MS} ms`),
    );
  const tick = () => {
    if (!plan || ended) return;
    const quiet = clock.now() - Math.max(queue.lastWriteAt, lastSent);
    if (quiet < plan.everyMs) {
      schedule(plan.everyMs - quiet);
      return;
    }
    lastSent = clock.now();
    // What the queue writes is a sign of life, and may be the stop of the very level that would be repeated.
    const packet = queue.isBusy ? undefined : plan.packet();
    if (!packet) {
      schedule(plan.everyMs);
      return;
    }
    send(packet).then(
      () => {
        failures = 0;
        schedule(plan.everyMs);
      },
      (error: unknown) => {
        // A packet of an order that was taken since breaks the row.
        failures = queue.lastWriteAt >= lastFailed ? 1 : failures + 1;
        lastFailed = clock.now();
        if (failures < MAX_FAILURES) schedule(plan.everyMs);
        else if (!ended) onDead(error);
      },
    );
  };
  if (plan) schedule(plan.everyMs);
  return {
    [Symbol.dispose]() {
      ended = true;
      timer?.cancel();
    },
  };
}
