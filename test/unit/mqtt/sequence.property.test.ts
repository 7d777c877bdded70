import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_HELD_BYTES,
  Sequence,
  type Taken,
  WAIT_MS,
  WINDOW,
} from '../../../plugins/transport-mqtt/sessions/sequence.js';
import { FakeClock } from '../../support/fake-clock.js';

/** A sequence, and everything that came out of it. */
class Stage {
  readonly clock = new FakeClock();
  readonly handedOn: number[] = [];
  readonly texts: string[] = [];
  lost = 0;
  readonly sequence = new Sequence(this.clock, {
    next: (payload, number) => {
      this.handedOn.push(number);
      this.texts.push(payload.toString());
    },
    missing: () => {
      this.lost += 1;
    },
  });

  take(...numbers: readonly number[]): readonly Taken[] {
    return numbers.map((number) => this.sequence.take(number, Buffer.from(`frame ${number}`)));
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** Numbers 1 to n, some of them lost, some more than once, in any order; and pauses. */
const deliveries = fc.integer({ min: 1, max: 40 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    order: fc
      .tuple(
        fc.shuffledSubarray(upTo(count), { minLength: 0 }),
        fc.array(fc.record({ number: fc.integer({ min: 1, max: count }), at: fc.nat(80) }), { maxLength: 40 }),
      )
      .map(([once, again]) => {
        const all = [...once];
        for (const { number, at } of again) all.splice(at, 0, number);
        return all;
      }),
    pauses: fc.array(fc.nat(80), { maxLength: 3 }),
  }),
);

describe('a sequence', () => {
  it('hands on every number at most once, in order and without a gap, whatever is lost, shuffled or sent again', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ order, pauses }) => {
        const stage = new Stage();
        for (const [at, number] of order.entries()) {
          if (pauses.includes(at)) await stage.clock.advance(WAIT_MS + 1);
          stage.take(number);
        }
        await stage.clock.advance(WAIT_MS + 1);
        expect(stage.handedOn).toEqual(upTo(stage.handedOn.length));
        expect(stage.texts).toEqual(stage.handedOn.map((number) => `frame ${number}`));
      }),
    );
  });

  it('hands on all of them, when all of them come in time', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ count, order }) => {
        const stage = new Stage();
        stage.take(...order, ...upTo(count));
        expect(stage.handedOn).toEqual(upTo(count));
        await stage.clock.advance(WAIT_MS * 4);
        expect(stage.lost).toBe(0);
        expect(stage.clock.waiting).toBe(0);
      }),
    );
  });

  it('says that something is lost exactly when something after it came and it did not', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ order }) => {
        const stage = new Stage();
        stage.take(...order);
        await stage.clock.advance(WAIT_MS + 1);
        const arrived = new Set(order);
        const isWhole = upTo(Math.max(0, ...arrived)).every((number) => arrived.has(number));
        expect(stage.lost).toBe(isWhole ? 0 : 1);
        expect(stage.clock.waiting).toBe(0);
      }),
    );
  });

  it('hands on nothing any more once something is lost, or it was ended', async () => {
    const lost = new Stage();
    lost.take(1, 3);
    await lost.clock.advance(WAIT_MS);
    expect(lost.take(2, 3, 4)).toEqual(['lost', 'lost', 'lost']);
    expect(lost.handedOn).toEqual([1]);

    const ended = new Stage();
    ended.take(1, 3);
    ended.sequence.end();
    expect(ended.take(2, 4)).toEqual(['lost', 'lost']);
    await ended.clock.advance(WAIT_MS * 2);
    expect([ended.handedOn, ended.lost]).toEqual([[1], 0]);
  });

  it('can be ended by whoever it hands on to, in the middle of what was held', () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    const sequence = new Sequence(clock, {
      next: (_payload, number) => {
        seen.push(number);
        if (number === 2) sequence.end();
      },
      missing: () => seen.push(-1),
    });
    for (const number of [4, 3, 2, 1]) sequence.take(number, Buffer.alloc(1));
    expect(seen).toEqual([1, 2]);
    expect(clock.waiting).toBe(0);
  });

  it('waits for each missing number by itself', async () => {
    const stage = new Stage();
    stage.take(1, 3, 5);
    await stage.clock.advance(WAIT_MS - 50);
    stage.take(2);
    await stage.clock.advance(WAIT_MS - 50);
    expect(stage.lost).toBe(0);
    stage.take(4);
    expect(stage.handedOn).toEqual([1, 2, 3, 4, 5]);
    expect(stage.clock.waiting).toBe(0);
  });

  it('looks at what lies in the socket before it gives up', async () => {
    const stage = new Stage();
    stage.take(1, 3);
    stage.clock.waitFor(async () => {
      if (stage.clock.now() === WAIT_MS) stage.take(2);
    });
    await stage.clock.advance(WAIT_MS);
    expect([stage.handedOn, stage.lost]).toEqual([[1, 2, 3], 0]);
  });

  it('holds so many numbers and bytes and no more', () => {
    const far = new Stage();
    expect(far.take(1, 2 + WINDOW)).toEqual(['taken', 'held']);
    expect(far.take(3 + WINDOW)).toEqual(['lost']);
    expect(far.lost).toBe(1);

    const fat = new Stage();
    const half = Buffer.alloc(MAX_HELD_BYTES / 2);
    expect([2, 3, 4].map((number) => fat.sequence.take(number, half))).toEqual(['held', 'held', 'lost']);
    expect(fat.lost).toBe(1);
  });

  it('keeps the first of two payloads with the same number, also while it waits', () => {
    const stage = new Stage();
    expect(stage.take(1, 3)).toEqual(['taken', 'held']);
    expect(stage.sequence.take(3, Buffer.from('another'))).toBe('repeated');
    stage.take(2);
    expect(stage.texts).toEqual(['frame 1', 'frame 2', 'frame 3']);
  });

  it('holds as much again once it has handed on what it held', () => {
    const stage = new Stage();
    const large = Buffer.alloc(MAX_HELD_BYTES);
    for (const number of [1, 3, 5, 7]) {
      expect(stage.sequence.take(number + 1, large)).toBe('held');
      expect(stage.take(number)).toEqual(['taken']);
    }
    expect(stage.lost).toBe(0);
  });
});
