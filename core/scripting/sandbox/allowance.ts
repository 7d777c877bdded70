import { now } from './time.js';

/** How many messages a script may send, as the host counts them: frames' messages and calls alike. */
let perSecond = Number.POSITIVE_INFINITY;
let left = 0;
let filledAt = 0;

export function allow(messagesPerSecond: number): void {
  perSecond = messagesPerSecond;
  left = messagesPerSecond;
}

/** Takes one. Throws when there is none left: the script learns of the limit before the host ends it for breaking it. */
export function spend(): void {
  left = Math.min(perSecond, left + ((now() - filledAt) / 1000) * perSecond);
  filledAt = now();
  if (left < 1) {
    throw new Error(
      `More than ${perSecond} messages in a second; wait between them with await sleep(…), or raise limits.messagesPerSecond`,
    );
  }
  left -= 1;
}
