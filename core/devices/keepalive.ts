import type { DeviceWrite, Keepalive } from '../catalogue/definition.js';
import { type Clock, type Timer, withDeadline } from '../clock.js';
import { LinkError } from '../errors.js';
import type { HardwareLink } from './hardware.js';
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

/** Whether this protocol repeats its last packet on this link, so that a stop must be sent for it to have one. */
export function repeatsLastPacket(keepalive: Keepalive | undefined, link: HardwareLink): boolean {
  return keepalive?.kind === 'repeat-last' || (keepalive === undefined && link.needsKeepalive);
}

function planFor(keepalive: Keepalive | undefined, link: HardwareLink, queue: WriteQueue): Plan | undefined {
  const last = () => queue.lastWritten;
  if (keepalive?.kind === 'repeat-last') return { everyMs: keepalive.everyMs, packet: last };
  if (!link.needsKeepalive) return undefined;
  if (keepalive?.kind === 'packet') return { everyMs: IDLE_LINK_MS, packet: () => keepalive.write };
  return { everyMs: IDLE_LINK_MS, packet: last };
}

/**
 * Sends something whenever nothing was written for a while. Time counts from the last write, whatever the device says
 * meanwhile. After three failures in a row `onDead` is called and the keepalive ends.
 */
export function startKeepalive(
  keepalive: Keepalive | undefined,
  link: HardwareLink,
  queue: WriteQueue,
  clock: Clock,
  onDead: (error: unknown) => void,
): Disposable {
  const plan = planFor(keepalive, link, queue);
  let timer: Timer | undefined;
  let ended = plan === undefined;
  let lastSent = clock.now();
  let failures = 0;

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
    const packet = plan.packet();
    lastSent = clock.now();
    // What the queue writes is a sign of life, and may be the stop of the very level that would be repeated.
    if (!packet || queue.isBusy) {
      schedule(plan.everyMs);
      return;
    }
    send(packet).then(
      () => {
        failures = 0;
        schedule(plan.everyMs);
      },
      (error: unknown) => {
        failures += 1;
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
