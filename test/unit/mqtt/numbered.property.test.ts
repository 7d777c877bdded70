import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bodyStart,
  closedBody,
  closedReason,
  MALFORMED,
  numbered,
  numberOf,
} from '../../../plugins/transport-mqtt/sessions/numbered.js';

const number = fc.oneof(fc.nat(20), fc.integer({ min: 0, max: 999_999_999_999_999 }));
const body = fc.string({ minLength: 1, unit: 'grapheme' });
/** What is nearly right, more often than chance would have it. */
const near = fc
  .array(fc.oneof(fc.constantFrom('0', '1', '9', ' ', '+', '-', '.', 'e', '[', '\u0000', '١', '\n'), fc.string()), {
    maxLength: 20,
  })
  .map((parts) => Buffer.from(parts.join('')));
const junk = fc.oneof(
  near,
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

/** The same in other words: slow and plain. */
function plainly(payload: Buffer): { number: number; body: Buffer } | undefined {
  const text = payload.toString('latin1');
  const digits = /^(0|[1-9][0-9]{0,14}) ./s.exec(text)?.[1];
  return digits === undefined
    ? undefined
    : { number: Number(digits), body: payload.subarray(Buffer.byteLength(digits) + 1) };
}

describe('the payload of a session', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(number, body, (wanted, text) => {
        const payload = Buffer.from(numbered(wanted, text));
        expect(numberOf(payload)).toBe(wanted);
        expect(payload.toString('utf8', bodyStart(wanted))).toBe(Buffer.from(text).toString());
      }),
    );
  });

  it('is one of one form: a number without zeros in front, one space, and at least one byte', () => {
    fc.assert(
      fc.property(junk, (payload) => {
        const expected = plainly(payload);
        const found = numberOf(payload);
        expect(found).toBe(expected?.number ?? MALFORMED);
        if (expected) expect(payload.subarray(bodyStart(found))).toEqual(expected.body);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(['', ' ', '1', '1 ', ' 1 []', '01 []', '00 []', '+1 []', '-1 []', '1.0 []', '1e3 []', '1\t[]', '١ []', '[]'])(
    'is not %j',
    (payload) => {
      expect(numberOf(Buffer.from(payload))).toBe(MALFORMED);
    },
  );

  it('has a number of 15 digits at most, which is exact', () => {
    expect(numberOf(Buffer.from('999999999999999 []'))).toBe(999_999_999_999_999);
    expect(numberOf(Buffer.from('1000000000000000 []'))).toBe(MALFORMED);
  });

  it('is not searched beyond its number, however long it is', () => {
    const long = Buffer.alloc(16_777_216, '1');
    const from = performance.now();
    for (let times = 0; times < 1000; times += 1) numberOf(long);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});

describe('the last words of a session', () => {
  it('carry their reason', () => {
    fc.assert(
      fc.property(fc.string(), (reason) => {
        expect(closedReason(closedBody(reason))).toBe(reason);
      }),
    );
  });

  it('are no frame', () => {
    expect(closedReason('[{"Ok":{"Id":1}}]')).toBeUndefined();
    expect(closedReason('["closed "]')).toBeUndefined();
  });
});
