import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumbered, Sequence } from '../../../plugins/hardware-remote/lines/numbered.js';
import { FakeClock } from '../../support/fake-clock.js';

function record() {
  const clock = new FakeClock();
  const taken: string[] = [];
  let missed = 0;
  const sequence = new Sequence(clock, {
    next: (body) => taken.push(body),
    missing: () => {
      missed += 1;
    },
  });
  return { clock, taken, sequence, missed: () => missed };
}

describe('the numbers of a session over MQTT', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999_999_999), fc.string({ minLength: 1 }), (number, body) => {
        const whole = body.toWellFormed();
        expect(readNumbered(Buffer.from(`${number} ${whole}`))).toEqual({ number, body: whole });
      }),
    );
  });

  it.each(['', ' ', '1', '1 ', ' 1 x', '01 x', '-1 x', '1.5 x', '0x1 x', '1e3 x', 'one x', '1234567890123456 x'])(
    'are not read from "%s"',
    (text) => {
      expect(readNumbered(Buffer.from(text))).toBeUndefined();
    },
  );

  it('never throw, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readNumbered(Buffer.from(bytes))));
  });

  it('put what comes twice and out of order into order, each once', () => {
    const deliveries = fc.integer({ min: 1, max: 20 }).chain((count) =>
      fc.shuffledSubarray(
        Array.from({ length: count * 2 }, (_, place) => (place % count) + 1),
        { minLength: count * 2 },
      ),
    );
    fc.assert(
      fc.property(deliveries, (numbers) => {
        const { taken, sequence, missed } = record();
        for (const number of numbers) sequence.take({ number, body: String(number) });
        const count = Math.max(...numbers);
        expect(taken).toEqual(Array.from({ length: count }, (_, place) => String(place + 1)));
        expect(missed()).toBe(0);
      }),
    );
  });

  it('miss what does not come in time, once, and take nothing after it', async () => {
    const { clock, taken, sequence, missed } = record();
    for (const number of [1, 3, 4]) sequence.take({ number, body: String(number) });
    await clock.advance(249);
    expect(missed()).toBe(0);
    await clock.advance(1);
    expect(missed()).toBe(1);
    sequence.take({ number: 2, body: '2' });
    expect(taken).toEqual(['1']);
    expect(clock.waiting).toBe(0);
  });

  it('miss at once what is too far ahead', () => {
    const { sequence, missed } = record();
    sequence.take({ number: 100, body: 'x' });
    expect(missed()).toBe(1);
  });
});
