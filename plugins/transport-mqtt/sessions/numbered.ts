/**
 * The payloads of a session, both ways: a decimal number, one space, and a body that is not empty. Nothing is read but the number,
 * so what was taken before costs next to nothing. The gateway and the connector share this file; it imports nothing.
 */

/** What `numberOf` says of anything else. */
export const MALFORMED = -1;
/** Number of what a gateway says outside of any session; sessions begin with 1. */
export const OUTSIDE = 0;
/** A frame that holds nothing: from the client it opens a session, from the gateway it says that the session is open. */
export const EMPTY_FRAME = '[]';

const SPACE = 0x20;
const ZERO = 0x30;
/** More digits would not stay exact. */
const MAX_DIGITS = 15;
const CLOSED = 'closed ';

/** The number a payload begins with, or MALFORMED. */
export function numberOf(payload: Uint8Array): number {
  let number = 0;
  for (let at = 0; at <= MAX_DIGITS; at += 1) {
    const byte = payload[at];
    if (byte === undefined) return MALFORMED;
    if (byte === SPACE) return at > 0 && at + 1 < payload.length ? number : MALFORMED;
    const digit = byte - ZERO;
    // One way to write each number: no zeros in front.
    if (digit < 0 || digit > 9 || (at > 0 && number === 0)) return MALFORMED;
    number = number * 10 + digit;
  }
  return MALFORMED;
}

/** Where the body behind this number begins, bytes. */
export function bodyStart(number: number): number {
  let at = 2;
  for (let power = 10; power <= number; power *= 10) at += 1;
  return at;
}

export const numbered = (number: number, body: string) => `${number} ${body}`;

/** The last words of a session. */
export const closedBody = (reason: string) => `${CLOSED}${reason}`;

/** The reason in the last words of a session; undefined for anything else. */
export const closedReason = (body: string) => (body.startsWith(CLOSED) ? body.slice(CLOSED.length) : undefined);
