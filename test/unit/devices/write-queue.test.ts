import { describe, expect, it } from 'vitest';
import { packet, QueueBench } from './queue-bench.js';

describe('write queue: gap and leading edge', () => {
  it('B14: writes the first command after a pause at once, not a gap later', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    await bench.clock.advance(1000);
    bench.enqueue('a1');
    await bench.clock.advance(0);
    expect(bench.sent).toEqual(['1000 a1']);
  });

  it('keeps the gap between two flushes, counted from the end of the first', async () => {
    const bench = new QueueBench({ gapMs: 75, latencyMs: 30 });
    bench.enqueue('a1');
    await bench.clock.advance(10);
    bench.enqueue('a2');
    await bench.clock.advance(200);
    bench.enqueue('a3');
    await bench.clock.advance(200);
    expect(bench.sent).toEqual(['0 a1', '105 a2', '210 a3']);
  });

  it('writes what arrived together in one flush, in order, without a gap between', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('a1', 'b1', 'c1');
    await bench.clock.advance(500);
    expect(bench.sent).toEqual(['0 a1', '0 b1', '0 c1']);
  });

  it('waits for nothing on a link without a gap', async () => {
    const bench = new QueueBench();
    bench.enqueue('a1');
    await bench.clock.advance(0);
    bench.enqueue('a2');
    await bench.clock.advance(0);
    expect(bench.sent).toEqual(['0 a1', '0 a2']);
  });

  it('B14: steady input does not put the flush off', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    for (let count = 0; count < 290; count += 1) {
      bench.enqueue(`a${count}`);
      await bench.clock.advance(1);
    }
    expect(bench.sent).toEqual(['0 a0', '75 a74', '150 a149', '225 a224']);
  });
});

describe('write queue: merging', () => {
  it('lets a newer packet replace a waiting one of its slot and take its turn at the end', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('x0');
    await bench.clock.advance(0);
    bench.enqueue('a5', 'b7', 'a9');
    await bench.clock.advance(75);
    expect(bench.sent).toEqual(['0 x0', '75 b7', '75 a9']);
  });

  it('B14: never replaces packets within one command', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('x0');
    await bench.clock.advance(0);
    bench.enqueue('a1');
    bench.queue.enqueue([packet('a2'), packet('a3'), packet('b3')]);
    await bench.clock.advance(75);
    expect(bench.sent).toEqual(['0 x0', '75 a2', '75 a3', '75 b3']);
  });

  it('lets a packet for several slots replace, and be replaced by, packets of each', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('x0');
    await bench.clock.advance(0);
    bench.enqueue('a1', 'b1', 'c1');
    bench.queue.enqueue([packet('a2', { alsoSlots: ['b'] })]);
    await bench.clock.advance(75);
    expect(bench.sent.splice(0)).toEqual(['0 x0', '75 c1', '75 a2']);

    bench.queue.enqueue([packet('a3', { alsoSlots: ['b'] })]);
    bench.enqueue('b4');
    await bench.clock.advance(75);
    expect(bench.sent).toEqual(['150 b4']);
  });

  it('leaves a packet alone that is already on its way, and writes the newest after it', async () => {
    const bench = new QueueBench({ latencyMs: 100 });
    bench.enqueue('a1');
    await bench.clock.advance(10);
    bench.enqueue('a2', 'a3', 'a4');
    await bench.clock.advance(500);
    expect(bench.arrived).toEqual(['a1', 'a4']);
  });
});

describe('write queue: stop', () => {
  it('goes ahead of everything that waits, without regard to the gap', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('x0');
    await bench.clock.advance(10);
    bench.enqueue('a5', 'b5');
    bench.stop('a0');
    await bench.clock.advance(0);
    expect(bench.sent).toEqual(['0 x0', '10 a0']);
  });

  it('is written in the very call, before anything else can happen', () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.stop('a0');
    expect(bench.sent).toEqual(['0 a0']);
  });

  it('leaves nothing older of its slots behind, and what belongs to other slots in place', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('x0');
    await bench.clock.advance(10);
    bench.enqueue('a5', 'b5', 'a6');
    bench.stop('a0');
    await bench.clock.advance(500);
    expect(bench.arrived).toEqual(['x0', 'a0', 'a0', 'b5']);
  });

  it('that came too soon for the gap is repeated after it', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('a5');
    await bench.clock.advance(10);
    bench.stop('a0');
    await bench.clock.advance(500);
    expect(bench.sent).toEqual(['0 a5', '10 a0', '85 a0']);
  });

  it('that kept the gap is not repeated', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('a5');
    await bench.clock.advance(75);
    bench.stop('a0');
    await bench.clock.advance(500);
    expect(bench.sent).toEqual(['0 a5', '75 a0']);
  });

  it('is not repeated over a newer command', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('a5');
    await bench.clock.advance(10);
    bench.stop('a0');
    await bench.clock.advance(10);
    bench.enqueue('a7');
    await bench.clock.advance(500);
    expect(bench.sent).toEqual(['0 a5', '10 a0', '85 a7']);
  });

  it('is not repeated over a newer command that came while it was being written', async () => {
    const bench = new QueueBench({ gapMs: 75, latencyMs: 100 });
    bench.enqueue('a5');
    await bench.clock.advance(10);
    bench.stop('a0');
    await bench.clock.advance(150);
    bench.enqueue('a7');
    await bench.clock.advance(1000);
    expect(bench.arrived).toEqual(['a5', 'a0', 'a7']);
  });

  it('during a slow write is the very next packet, and the rest of that flush stays behind it', async () => {
    const bench = new QueueBench({ gapMs: 75, latencyMs: 100 });
    bench.enqueue('a5', 'b5', 'c5');
    await bench.clock.advance(50);
    bench.stop('a0', 'b0');
    await bench.clock.advance(1000);
    expect(bench.sent).toEqual(['0 a5', '100 a0', '200 b0', '300 c5', '475 a0', '575 b0']);
  });

  it('of several outputs in one slot is one packet, the last', async () => {
    const bench = new QueueBench();
    bench.queue.stop([[packet('d1')], [packet('d2')], [packet('d3')]]);
    await bench.clock.advance(0);
    expect(bench.arrived).toEqual(['d3']);
  });

  it('with nothing to send changes nothing', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('x0');
    await bench.clock.advance(0);
    bench.enqueue('a1');
    bench.queue.stop([[]]);
    await bench.clock.advance(10);
    expect(bench.sent).toEqual(['0 x0']);
    await bench.clock.advance(65);
    expect(bench.sent).toEqual(['0 x0', '75 a1']);
  });
});

describe('write queue: devices that lose packets which follow too closely', () => {
  it('keeps the pauses between single packets, and begins a new row after the longest', async () => {
    const bench = new QueueBench({ packetGapsMs: [30, 250], latencyMs: 5 });
    bench.enqueue('a1', 'b1', 'c1', 'd1');
    await bench.clock.advance(1000);
    expect(bench.sent).toEqual(['0 a1', '35 b1', '290 c1', '325 d1']);
  });

  it('begins a new row after a silence as long', async () => {
    const bench = new QueueBench({ packetGapsMs: [30, 250] });
    bench.enqueue('a1', 'b1');
    await bench.clock.advance(279);
    bench.enqueue('c1');
    await bench.clock.advance(251);
    bench.enqueue('d1', 'e1');
    await bench.clock.advance(1000);
    expect(bench.sent).toEqual(['0 a1', '30 b1', '280 c1', '530 d1', '560 e1']);
  });

  it('keeps them for a stop too, which goes before what waits', async () => {
    const bench = new QueueBench({ gapMs: 75, packetGapsMs: [35] });
    bench.enqueue('a1', 'b1', 'c1');
    await bench.clock.advance(10);
    bench.stop('a0', 'b0');
    await bench.clock.advance(1000);
    expect(bench.sent.map((entry) => entry.split(' ')[1])).toEqual(['a1', 'a0', 'b0', 'c1', 'a0', 'b0']);
    const at = bench.sent.map((entry) => Number(entry.split(' ')[0]));
    expect(at.slice(0, 4)).toEqual([0, 35, 70, 105]);
    expect(at[5]).toBe((at[4] ?? 0) + 35);
  });

  it('leaves no pause behind when the link is gone', async () => {
    const bench = new QueueBench({ packetGapsMs: [35] });
    bench.enqueue('a1', 'b1');
    await bench.clock.advance(10);
    bench.queue.close();
    await bench.clock.advance(0);
    expect(bench.clock.waiting).toBe(0);
    await bench.clock.advance(100);
    expect(bench.sent).toEqual(['0 a1']);
  });
});

describe('write queue: failures', () => {
  it('B12: reports a packet that was refused, and goes on with the next', async () => {
    const bench = new QueueBench();
    bench.refuses = (label) => label === 'a1';
    bench.enqueue('a1', 'b1');
    await bench.clock.advance(0);
    expect(bench.arrived).toEqual(['b1']);
    expect(bench.failures).toEqual([{ isEnd: false, reason: 'refused a1' }]);
  });

  it('tries a stop three times in all before it is reported', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.refuses = () => true;
    bench.stop('a0');
    await bench.clock.advance(500);
    expect(bench.sent).toEqual(['0 a0', '0 a0', '0 a0']);
    expect(bench.failures).toEqual([{ isEnd: true, reason: 'refused a0' }]);
  });

  it('writes a stop that was refused before anything queued after it', async () => {
    const bench = new QueueBench({ latencyMs: 10 });
    bench.refuses = (label) => label === 'a0' && bench.sent.length < 3;
    bench.stop('a0');
    bench.enqueue('a9', 'b9');
    await bench.clock.advance(500);
    expect(bench.arrived).toEqual(['a0', 'a9', 'b9']);
    expect(bench.failures).toEqual([]);
  });

  it('never repeats a refused stop over a newer stop of its slot', async () => {
    const bench = new QueueBench({ latencyMs: 10 });
    // One slot for a whole device: the first packet stops one motor of two, the second the other as well.
    bench.refuses = (label) => label === 'd-one-left';
    bench.stop('d-one-left');
    await bench.clock.advance(5);
    bench.stop('d-all-off');
    await bench.clock.advance(500);
    expect(bench.sent.map((entry) => entry.split(' ')[1])).toEqual(['d-one-left', 'd-all-off']);
    expect(bench.arrived).toEqual(['d-all-off']);
  });

  it.each([
    ['still waits', 0],
    ['is on its way', 10],
  ])('tries a packet again that took the place of a level 0, when the level 0 %s', async (_when, afterMs) => {
    const bench = new QueueBench({ latencyMs: 20 });
    const refused = ['d-one-off', 'd-one-off-other-up', 'd-one-off-other-up'];
    bench.refuses = (label) => refused.includes(label) && refused.splice(refused.indexOf(label), 1).length > 0;
    // One slot for a whole device: the second packet stands for the first one's level 0 as well.
    bench.queue.enqueue([packet('d-one-off')], true);
    if (afterMs > 0) await bench.clock.advance(afterMs);
    bench.enqueue('d-one-off-other-up');
    await bench.clock.advance(500);
    expect(bench.arrived).toEqual(['d-one-off-other-up']);
    expect(bench.failures).toEqual([]);
  });

  it('tries every packet of a command again that took the place of one with a level 0', async () => {
    const bench = new QueueBench();
    let refusals = 2;
    bench.refuses = (label) => label === 'd-other-up' && refusals-- > 0;
    bench.queue.enqueue([packet('d-mode'), packet('d-one-off')], true);
    bench.queue.enqueue([packet('d-mode'), packet('d-other-up')]);
    await bench.clock.advance(500);
    expect(bench.arrived).toEqual(['d-mode', 'd-other-up']);
  });

  it('gives up on a write that never ends, and goes on', async () => {
    const bench = new QueueBench();
    bench.swallows = (label) => label === 'a1';
    bench.enqueue('a1', 'b1');
    await bench.clock.advance(2999);
    expect(bench.arrived).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.arrived).toEqual(['b1']);
    expect(bench.failures).toEqual([{ isEnd: false, reason: expect.stringContaining('within 3000 ms') }]);
  });
});

describe('write queue: what is taken back', () => {
  const [left, right] = [{}, {}];

  it('is what waits for those outputs, and leaves no timer', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('x0');
    await bench.clock.advance(0);
    bench.queue.enqueue([packet('a5')], false, left);
    bench.queue.enqueue([packet('b5')], false, right);
    bench.queue.withdraw(new Set([left]));
    expect(bench.queue.depth).toBe(1);
    const idle = bench.queue.idle();
    bench.queue.withdraw(new Set([right]));
    await bench.clock.until(idle);
    expect(bench.clock.waiting).toBe(0);
    expect(bench.sent).toEqual(['0 x0']);
    bench.enqueue('a6');
    await bench.clock.until(bench.queue.idle());
    expect(bench.sent).toEqual(['0 x0', '75 a6']);
  });

  it('is in the middle of a flush too', async () => {
    const bench = new QueueBench({ latencyMs: 100 });
    bench.enqueue('x0');
    bench.queue.enqueue([packet('a5'), packet('a6')], false, left);
    bench.queue.enqueue([packet('b5')], false, right);
    await bench.clock.advance(150);
    bench.queue.withdraw(new Set([left]));
    await bench.clock.until(bench.queue.idle());
    expect(bench.sent).toEqual(['0 x0', '100 a5', '200 b5']);
  });

  it('is neither what ends something nor what carries the level of another output', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('x0');
    await bench.clock.advance(0);
    bench.queue.enqueue([packet('a0')], true, left);
    bench.queue.enqueue([packet('d5')], false, right);
    bench.queue.enqueue([packet('d6')], false, left);
    bench.queue.withdraw(new Set([left]));
    await bench.clock.until(bench.queue.idle());
    expect(bench.sent).toEqual(['0 x0', '75 a0', '75 d6']);
  });
});

describe('write queue: departures', () => {
  it('are told of every packet that sets out, each time, and of none that was replaced', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    const departed: string[] = [];
    const told = (label: string) => ({
      ...packet(label),
      onDeparture: () => {
        departed.push(`${bench.clock.now()} ${label}`);
      },
    });
    bench.enqueue('x0');
    await bench.clock.advance(0);
    bench.queue.enqueue([told('a1')]);
    bench.queue.enqueue([told('a2')]);
    await bench.clock.advance(80);
    bench.queue.stop([[told('a0')]]);
    await bench.clock.until(bench.queue.idle());
    expect(departed).toEqual(['75 a2', '80 a0', '155 a0']);
    expect(bench.sent).toEqual(['0 x0', ...departed]);
  });
});

describe('write queue: the end', () => {
  it('is idle once everything is written, the repeat of an early stop included', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('a5');
    await bench.clock.advance(10);
    bench.stop('a0');
    await bench.clock.until(bench.queue.idle());
    expect(bench.sent).toEqual(['0 a5', '10 a0', '85 a0']);
    await bench.clock.until(bench.queue.idle());
    expect(bench.clock.waiting).toBe(0);
  });

  it('drops what waits when the link is gone, and leaves no timer behind', async () => {
    const bench = new QueueBench({ gapMs: 75 });
    bench.enqueue('a1');
    await bench.clock.advance(0);
    bench.enqueue('a2');
    const idle = bench.queue.idle();
    bench.queue.close();
    bench.enqueue('a3');
    bench.stop('a0');
    await bench.clock.until(idle);
    expect(bench.clock.waiting).toBe(0);
    await bench.clock.advance(1000);
    expect(bench.sent).toEqual(['0 a1']);
  });
});
