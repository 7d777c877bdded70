import { Lookout } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../support/fake-clock.js';

/** A lookout whose looks take as long as the test says. */
function lookoutOf(clock: FakeClock) {
  const looks: PromiseWithResolvers<void>[] = [];
  const lookout = new Lookout(clock, 1_000, () => {
    const look = Promise.withResolvers<void>();
    looks.push(look);
    return look.promise;
  });
  const end = async (at: number) => {
    looks[at]?.resolve();
    await clock.advance(0);
  };
  return { lookout, looks, end };
}

describe('a lookout', () => {
  it('looks again after a pause, which begins when the look is over', async () => {
    const clock = new FakeClock();
    const { lookout, looks, end } = lookoutOf(clock);
    void lookout.now();
    await clock.advance(5_000);
    expect(looks).toHaveLength(1);
    await end(0);
    await clock.advance(999);
    expect(looks).toHaveLength(1);
    await clock.advance(1);
    expect(looks).toHaveLength(2);
  });

  it('looks once at a time, and once more when it is told to meanwhile, however often', async () => {
    const clock = new FakeClock();
    const { lookout, looks, end } = lookoutOf(clock);
    void lookout.now();
    await clock.advance(0);
    let isOver = false;
    const told = [lookout.now(), lookout.now(), lookout.now()];
    void Promise.all(told).then(() => {
      isOver = true;
    });
    await clock.advance(0);
    expect(looks).toHaveLength(1);
    await end(0);
    expect(looks).toHaveLength(2);
    expect(isOver).toBe(false);
    await end(1);
    expect(isOver).toBe(true);
    expect(clock.waiting).toBe(1);
    await clock.advance(1_000);
    expect(looks).toHaveLength(3);
  });

  it('rests until it is told to look', async () => {
    const clock = new FakeClock();
    const { lookout, looks, end } = lookoutOf(clock);
    void lookout.now();
    await clock.advance(0);
    lookout.rest();
    await end(0);
    await clock.advance(10_000);
    expect(looks).toHaveLength(1);
    expect(clock.waiting).toBe(0);
    void lookout.now();
    await clock.advance(0);
    expect(looks).toHaveLength(2);
  });

  it('that is closed waits for the look under way, and looks no more', async () => {
    const clock = new FakeClock();
    const { lookout, looks, end } = lookoutOf(clock);
    void lookout.now();
    await clock.advance(0);
    let isClosed = false;
    void lookout.close().then(() => {
      isClosed = true;
    });
    await clock.advance(0);
    expect(isClosed).toBe(false);
    await end(0);
    expect(isClosed).toBe(true);
    await lookout.now();
    await clock.advance(10_000);
    expect(looks).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });
});
