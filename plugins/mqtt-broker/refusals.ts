import type { Clock, Logger } from 'pulsegate/plugin';

/** Why somebody or something was not let through; labels of a metric. */
const REASONS = [
  'too-many-connections',
  'too-many-pending',
  'connect-timeout',
  'packet-timeout',
  'malformed',
  'too-large',
  'reads-too-slowly',
  'credentials',
  'anonymous',
  'client-id',
  'will',
  'publish',
  'subscribe',
  'too-many-subscriptions',
  'retained-full',
  'queue-full',
] as const;
export type Reason = (typeof REASONS)[number];

/** One line per reason in this time, ms: a client that comes back and back must not fill the disk. */
const QUIET_MS = 10_000;
const MAX_LENGTH = 200;

/** Text with something in it that a client has sent: not too long, and nothing that a terminal would act on. */
export const readable = (text: string) => text.slice(0, MAX_LENGTH).replace(/\p{Cc}/gu, '\u{fffd}');

/** Counts what was refused, and says so now and then. */
export class Refusals {
  readonly counts = new Map<Reason, number>(REASONS.map((reason) => [reason, 0]));
  readonly #quiet = new Map<Reason, { readonly sinceMs: number; unsaid: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** @param text what happened, in a sentence; may hold anything a client has sent */
  note(reason: Reason, text: string): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
    const now = this.clock.now();
    const quiet = this.#quiet.get(reason);
    if (quiet && now - quiet.sinceMs < QUIET_MS) {
      quiet.unsaid += 1;
      return;
    }
    const more = quiet && quiet.unsaid > 0 ? { alsoBefore: quiet.unsaid } : {};
    this.#quiet.set(reason, { sinceMs: now, unsaid: 0 });
    this.log.warn({ reason, ...more }, readable(text));
  }
}
