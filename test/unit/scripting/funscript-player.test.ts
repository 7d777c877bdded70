import { describe, expect, it } from 'vitest';
import { AbortController } from '../../../core/scripting/sandbox/abort.js';
import { PlayableBench } from './playable-bench.js';

const STROKES = [
  [0, 0],
  [500, 100],
  [1000, 0],
] as const;

const stroker = () => new PlayableBench(['HwPositionWithDuration', 'Position', 'Vibrate']);

describe('a funscript on a device with timed moves', () => {
  it('moves to each action within the time until it, and stops at the end', async () => {
    const bench = stroker();
    const player = bench.play(STROKES);
    await bench.clock.advance(2000);
    expect(bench.take()).toEqual(['0 move 1 500', '500 move 0 500', '1000 stop']);
    await expect(player.finished).resolves.toBe('ended');
    expect([player.playing, player.position, bench.clock.waiting]).toEqual([false, 1000, 0]);
  });

  it('takes the time until the first action to get there', async () => {
    const bench = stroker();
    bench.play([
      [800, 30],
      [1000, 60],
    ]);
    await bench.clock.advance(1000);
    expect(bench.take()).toEqual(['0 move 0.3 800', '800 move 0.6 200', '1000 stop']);
  });

  it('begins in mid-segment with the time that remains', async () => {
    const bench = stroker();
    bench.play(STROKES, { from: 300 });
    await bench.clock.advance(1000);
    expect(bench.take()).toEqual(['0 move 1 200', '200 move 0 500', '700 stop']);
  });

  it('plays at another speed', async () => {
    const bench = stroker();
    bench.play(STROKES, { speed: 2 });
    await bench.clock.advance(1000);
    expect(bench.take()).toEqual(['0 move 1 250', '250 move 0 250', '500 stop']);
    const slow = stroker();
    slow.play(STROKES, { speed: 0.1 });
    await slow.clock.advance(10_000);
    expect(slow.take()).toEqual(['0 move 1 5000', '5000 move 0 5000', '10000 stop']);
  });

  it('keeps to the stroke range', async () => {
    const bench = stroker();
    bench.play(STROKES, { range: [0.2, 0.6] });
    await bench.clock.advance(1000);
    expect(bench.take()).toEqual(['0 move 0.6 500', '500 move 0.2 500', '1000 stop']);
  });

  it('begins anew without a stop when it loops', async () => {
    const bench = stroker();
    const player = bench.play(
      [
        [200, 100],
        [500, 0],
      ],
      { loop: true },
    );
    await bench.clock.advance(1200);
    expect(bench.take()).toEqual([
      '0 move 1 200',
      '200 move 0 300',
      '500 move 1 200',
      '700 move 0 300',
      '1000 move 1 200',
      '1200 move 0 300',
    ]);
    expect([player.playing, player.position]).toEqual([true, 200]);
  });

  it('late timers do not add up: each move takes what remains until its action', async () => {
    const bench = stroker();
    bench.lateMs = 7;
    bench.play(
      [
        [0, 0],
        [100, 100],
        [200, 0],
      ],
      { loop: true },
    );
    await bench.clock.advance(100_040);
    expect(bench.take().slice(-3)).toEqual(['99807 move 1 93', '99907 move 0 93', '100007 move 1 93']);
  });

  it('leaves out what a late timer has missed', async () => {
    const bench = stroker();
    bench.lateMs = 250;
    bench.play([
      [0, 0],
      [100, 100],
      [200, 0],
      [300, 90],
      [600, 10],
    ]);
    await bench.clock.advance(2000);
    expect(bench.take()).toEqual(['0 move 1 100', '350 move 0.1 250', '850 stop']);
  });

  it('sends no more than 50 moves a second, however close the actions lie', async () => {
    const bench = stroker();
    bench.play(Array.from({ length: 1001 }, (_, ms) => [ms, ms % 2 === 0 ? 0 : 100] as const));
    await bench.clock.advance(1000);
    expect(bench.take().filter((entry) => entry.includes('move')).length).toBeLessThanOrEqual(51);
    const even = stroker();
    even.play(Array.from({ length: 6 }, (_, index) => [20 * index, 20 * index] as const));
    await even.clock.advance(100);
    expect(even.take()).toEqual([
      '0 move 0.2 20',
      '20 move 0.4 20',
      '40 move 0.6 20',
      '60 move 0.8 20',
      '80 move 1 20',
      '100 stop',
    ]);
  });

  it('only stops when there is nothing left to play', async () => {
    const bench = stroker();
    const player = bench.play(STROKES, { from: 1000 });
    expect(bench.take()).toEqual(['0 stop']);
    await expect(player.finished).resolves.toBe('ended');
  });
});

describe('a funscript on a device without timed moves', () => {
  it('sends a position device where it has to be at the next update', async () => {
    const bench = new PlayableBench(['Position', 'Oscillate', 'Vibrate']);
    bench.play(STROKES, { rate: 4, range: [0, 0.5] });
    await bench.clock.advance(1000);
    expect(bench.take()).toEqual([
      '0 position 0.25',
      '250 position 0.5',
      '500 position 0.25',
      '750 position 0',
      '1000 stop',
    ]);
  });

  it('turns speed into a level: full at 4 per second, times the intensity', async () => {
    const bench = new PlayableBench(['Vibrate']);
    bench.play(
      [
        [0, 0],
        [250, 100],
        [500, 50],
        [750, 50],
        [850, 100],
      ],
      { rate: 4, intensity: 0.5 },
    );
    await bench.clock.advance(1000);
    expect(bench.take()).toEqual(['0 vibrate 0.5', '250 vibrate 0.25', '500 vibrate 0', '750 vibrate 0.5', '850 stop']);
  });

  it('strokes that are played faster are stronger, and never above full', async () => {
    const bench = new PlayableBench(['Vibrate', 'Oscillate']);
    bench.play(
      [
        [0, 0],
        [1000, 100],
        [1200, 0],
      ],
      { rate: 1, speed: 2 },
    );
    await bench.clock.advance(499);
    expect(bench.take()).toEqual(['0 oscillate 0.5']);
    const slow = new PlayableBench(['Oscillate']);
    slow.play(
      [
        [0, 0],
        [100, 100],
      ],
      { speed: 2 },
    );
    expect(slow.take()).toEqual(['0 oscillate 1']);
  });

  it('updates 20 times a second unless told otherwise, on a grid that late timers do not move', async () => {
    const bench = new PlayableBench(['Vibrate']);
    bench.lateMs = 3;
    bench.play(
      [
        [0, 0],
        [10_000, 100],
      ],
      { loop: true },
    );
    await bench.clock.advance(60_000);
    const times = bench.take().map((entry) => Number(entry.split(' ')[0]));
    expect(times.length).toBe(1200);
    expect(times.slice(1, 4)).toEqual([53, 103, 153]);
    expect(times.at(-1)).toBe(59_953);
  });

  it('keeps the grid of a rate that does not divide a second', async () => {
    const bench = new PlayableBench(['Vibrate']);
    bench.play(
      [
        [0, 0],
        [1000, 100],
      ],
      { rate: 30, speed: 0.7, loop: true },
    );
    await bench.clock.advance(99_999);
    const count = bench.take().length;
    // 70 rounds of 1000 ms, with a tick every 23⅓ ms of the funscript and one at the beginning of each.
    expect([count, bench.clock.waiting]).toEqual([70 * 43, 1]);
  });

  it('names what a device lacks', () => {
    expect(() => new PlayableBench(['Rotate']).play(STROKES)).toThrow(
      'Bench cannot play a funscript: it has none of HwPositionWithDuration, Position, Oscillate and Vibrate',
    );
  });
});

describe('a player', () => {
  it('pauses with a stop and goes on where it was', async () => {
    const bench = stroker();
    const player = bench.play(STROKES);
    await bench.clock.advance(300);
    player.pause();
    player.pause();
    expect([player.playing, player.position]).toEqual([false, 300]);
    await bench.clock.advance(5000);
    expect(player.position).toBe(300);
    player.resume();
    player.resume();
    await bench.clock.advance(5000);
    expect(bench.take()).toEqual(['0 move 1 500', '300 stop', '5300 move 1 200', '5500 move 0 500', '6000 stop']);
    await expect(player.finished).resolves.toBe('ended');
  });

  it('seeks while it plays', async () => {
    const bench = stroker();
    const player = bench.play(STROKES);
    await bench.clock.advance(100);
    player.seek(900);
    expect(player.position).toBe(900);
    await bench.clock.advance(50);
    player.seek(-50);
    await bench.clock.advance(1000);
    expect(bench.take()).toEqual(['0 move 1 500', '100 move 0 100', '150 move 1 500', '650 move 0 500', '1150 stop']);
  });

  it('seeks while it is paused, without an order to the device', async () => {
    const bench = stroker();
    const player = bench.play(STROKES);
    player.pause();
    bench.take();
    player.seek(750);
    await bench.clock.advance(1000);
    expect([bench.take(), player.position]).toEqual([[], 750]);
    player.resume();
    expect(bench.take()).toEqual(['1000 move 0 250']);
  });

  it('ends when it is sent beyond the end, or begins anew when it loops', async () => {
    const bench = stroker();
    const player = bench.play(STROKES);
    player.seek(99_999);
    await expect(player.finished).resolves.toBe('ended');
    expect(bench.take()).toEqual(['0 move 1 500', '0 stop']);
    const looping = bench.play(STROKES, { loop: true });
    looping.seek(99_999);
    expect(bench.take()).toEqual(['0 move 1 500', '0 move 1 500']);
    expect(() => looping.seek(Number.NaN)).toThrow(RangeError);
  });

  it('stops once and for all', async () => {
    const bench = stroker();
    const player = bench.play(STROKES, { loop: true });
    await bench.clock.advance(600);
    player.stop();
    player.stop();
    player.resume();
    player.pause();
    player.seek(0);
    await bench.clock.advance(5000);
    expect(bench.take()).toEqual(['0 move 1 500', '500 move 0 500', '600 stop']);
    await expect(player.finished).resolves.toBe('stopped');
    expect([player.playing, player.position, bench.clock.waiting]).toEqual([false, 600, 0]);
  });

  it('stops while it is paused', async () => {
    const bench = stroker();
    const player = bench.play(STROKES);
    player.pause();
    player.stop();
    await expect(player.finished).resolves.toBe('stopped');
    expect(bench.take()).toEqual(['0 move 1 500', '0 stop', '0 stop']);
  });

  it('stops when its signal is aborted', async () => {
    const bench = stroker();
    const controller = new AbortController();
    const player = bench.play(STROKES, { signal: controller.signal });
    await bench.clock.advance(200);
    controller.abort();
    await expect(player.finished).resolves.toBe('stopped');
    await bench.clock.advance(5000);
    expect(bench.take()).toEqual(['0 move 1 500', '200 stop']);
  });

  it('does not begin when its signal is aborted already', async () => {
    const bench = stroker();
    const controller = new AbortController();
    controller.abort();
    const player = bench.play(STROKES, { signal: controller.signal });
    await expect(player.finished).resolves.toBe('stopped');
    expect([bench.take(), bench.clock.waiting]).toEqual([[], 0]);
  });

  it('no longer listens to its signal after its end', async () => {
    const bench = stroker();
    const listeners = new Set<() => void>();
    const signal = {
      aborted: false,
      reason: undefined,
      addEventListener: (_: 'abort', listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: 'abort', listener: () => void) => void listeners.delete(listener),
    };
    bench.play(STROKES, { signal });
    expect(listeners.size).toBe(1);
    await bench.clock.advance(1000);
    expect(listeners.size).toBe(0);
  });

  it('ends with the error of a command that fails, and stops the device', async () => {
    const bench = stroker();
    const player = bench.play(STROKES);
    const outcome = player.finished.catch((error: unknown) => error);
    bench.refused.add('move');
    await bench.clock.advance(5000);
    expect(bench.take()).toEqual(['0 move 1 500', '500 move 0 500', '500 stop']);
    expect(await outcome).toEqual(new Error('no move'));
    expect([player.playing, player.position, bench.clock.waiting]).toEqual([false, 500, 0]);
  });

  it.each([
    ['at its end', 1000, () => {}],
    ['when stopped', 300, (player: { stop(): void }) => player.stop()],
    ['when paused', 300, (player: { pause(): void }) => player.pause()],
  ])('ends with the error of a stop that fails %s', async (_, ms, act) => {
    const bench = stroker();
    bench.refused.add('stop');
    const player = bench.play(STROKES);
    const outcome = player.finished.catch((error: unknown) => error);
    await bench.clock.advance(ms);
    act(player);
    expect(await outcome).toEqual(new Error('no stop'));
    expect(bench.clock.waiting).toBe(0);
  });

  it('leaves one unhandled rejection when nobody looks at its end', async () => {
    const seen: unknown[] = [];
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (error) => seen.push(error));
    try {
      const bench = stroker();
      bench.refused.add('move').add('stop');
      bench.play(STROKES);
      await bench.clock.advance(5000);
      expect(seen).toEqual([new Error('no move')]);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of others) process.on('unhandledRejection', listener);
    }
  });

  it.each([
    [{ speed: 0 }, 'speed must be a number from 0.1 to 4, not 0'],
    [{ from: 1001 }, 'from must be a number from 0 to 1000, not 1001'],
    [{ intensity: 1.5 }, 'intensity must be a number from 0 to 1, not 1.5'],
    [{ rate: 51 }, 'rate must be a number from 1 to 50, not 51'],
    [{ range: [0.6, 0.2] as const }, 'range must begin with its lower end, but 0.6 is not below 0.2'],
    [{ range: [0, 2] as const }, 'range[1] must be a number from 0 to 1, not 2'],
  ])('refuses %j', (options, message) => {
    const bench = stroker();
    expect(() => bench.play(STROKES, options)).toThrow(message);
    expect(bench.take()).toEqual([]);
  });

  it('refuses an option that it does not know', () => {
    const misspelt: object = { intensty: 0.1 };
    expect(() => stroker().play(STROKES, misspelt)).toThrow(
      'play has no option "intensty"; it has loop, speed, from, range, intensity, rate, signal',
    );
  });

  it('refuses to loop over nothing', () => {
    expect(() => stroker().play([[0, 50]], { loop: true })).toThrow(
      'loop needs a funscript that takes at least 20 ms at this speed; this one is 0 ms long',
    );
  });
});
