import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backoff } from '../../../core/scripting/backoff.js';
import { Budget } from '../../../core/scripting/host/budget.js';
import { describeFailure } from '../../../core/scripting/host/failure.js';
import { readBatch } from '../../../core/scripting/host/outgoing.js';
import { TurnWatch, type Watched } from '../../../core/scripting/host/turn-watch.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('what a sandbox says', () => {
  it('is read in its form', () => {
    const batch = [
      ['h'],
      ['f', '[{"Ping":{"Id":1}}]'],
      ['c', '{}'],
      ['c', '{}', 'a text'],
      ['l', 'warn', 'careful'],
      ['w', 12.5],
      ['i'],
      ['x', ''],
    ];
    expect(readBatch(JSON.stringify(batch))).toEqual([
      { kind: 'handshake' },
      { kind: 'frame', text: '[{"Ping":{"Id":1}}]' },
      { kind: 'call', text: '{}', data: undefined },
      { kind: 'call', text: '{}', data: 'a text' },
      { kind: 'log', level: 'warn', text: 'careful' },
      { kind: 'wake', delayMs: 12.5 },
      { kind: 'idle' },
      { kind: 'exit', problem: '' },
    ]);
  });

  it('is refused in any other, or has nothing but text and numbers of the right kind in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.json().map((text) => `[${text}]`),
          fc.string(),
        ),
        (text) => {
          let messages: ReturnType<typeof readBatch>;
          try {
            messages = readBatch(text);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
            return;
          }
          for (const message of messages) {
            if (message.kind === 'wake') expect(message.delayMs).toBeGreaterThanOrEqual(0);
            if (message.kind === 'frame' || message.kind === 'call') expect(message.text).toBeTypeOf('string');
          }
        },
      ),
    );
  });
});

describe('a failure', () => {
  it('is told in the script’s own terms', () => {
    const error = new TypeError('no such thing');
    error.stack = `TypeError: no such thing
    at helper (script:///lib/words.js:2:15)
    at deliver (pulsegate:runtime.js:80:3)
    at script:///index.js:4:1
    at (<isolated-vm boundary>)
    at ScriptRun (/somewhere/dist/core/scripting/host/script-run.js:1:1)`;
    expect(describeFailure(error)).toEqual({
      message: 'TypeError: no such thing',
      stack: ['lib/words.js:2:15', 'index.js:4:1'],
    });
  });

  it('in the text of a script has its place', () => {
    const error = new SyntaxError('Unexpected token ; [script:///one.js:2:9]');
    expect(describeFailure(error)).toEqual({ message: 'SyntaxError: Unexpected token ;', stack: ['one.js:2:9'] });
  });

  it('may be anything, and is never long', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const { message, stack } = describeFailure(thrown);
        expect(message.length).toBeLessThanOrEqual(2000);
        expect(stack.length).toBeLessThanOrEqual(10);
      }),
    );
    expect(describeFailure(new Error('x'.repeat(1e6))).message).toHaveLength(2000);
  });
});

describe('a budget', () => {
  it('gives so many a second, and never more than that at once', async () => {
    const clock = new FakeClock();
    const budget = new Budget(clock, 10);
    const spendAll = () => {
      let count = 0;
      while (budget.spend()) count += 1;
      return count;
    };
    expect(spendAll()).toBe(10);
    await clock.advance(500);
    expect(spendAll()).toBe(5);
    await clock.advance(60_000);
    expect(spendAll()).toBe(10);
  });
});

describe('a back-off', () => {
  it('doubles up to its most, and begins anew', () => {
    const backoff = new Backoff({ firstMs: 500, mostMs: 3000, free: 1 });
    const waits = Array.from({ length: 6 }, () => {
      backoff.failed();
      return backoff.waitMs;
    });
    expect(waits).toEqual([0, 500, 1000, 2000, 3000, 3000]);
    backoff.reset();
    expect(backoff.waitMs).toBe(0);
  });
});

describe('the watch over turns', () => {
  class Turn implements Watched {
    cpuMs = 0;
    readonly limits = { cpuMs: 100, wallMs: 300 };
    readonly heard: string[] = [];
    overrun(what: 'cpu' | 'wall'): void {
      this.heard.push(what);
    }
    lost(): void {
      this.heard.push('lost');
    }
  }

  it('ends one that has used its CPU time, or its time', async () => {
    const clock = new FakeClock();
    let processCpu = 1000;
    const watch = new TurnWatch(clock, () => processCpu);
    const [busy, waiting, fine] = [new Turn(), new Turn(), new Turn()];
    for (const turn of [busy, waiting, fine]) watch.begin(turn);
    await clock.advance(20);
    busy.cpuMs = 101;
    processCpu += 500;
    await clock.advance(20);
    expect([busy.heard, waiting.heard]).toEqual([['cpu'], []]);
    await clock.advance(300);
    watch.finish(fine);
    await clock.advance(100);
    expect([waiting.heard, fine.heard]).toEqual([['wall'], []]);
  });

  it('does not take waiting for a busy machine for computing', async () => {
    const clock = new FakeClock();
    const watch = new TurnWatch(clock, () => clock.now() / 10);
    const turn = new Turn();
    watch.begin(turn);
    await clock.advance(20);
    turn.cpuMs = 250;
    await clock.advance(250);
    expect(turn.heard).toEqual([]);
    watch.finish(turn);
  });

  it('gives one up that does not come back', async () => {
    const clock = new FakeClock();
    let processCpu = 0;
    const watch = new TurnWatch(clock, () => processCpu);
    const turn = new Turn();
    watch.begin(turn);
    await clock.advance(20);
    turn.cpuMs = 500;
    processCpu = 500;
    await clock.advance(1600);
    expect(turn.heard).toEqual(['cpu', 'lost']);
    await clock.advance(10_000);
    expect(turn.heard).toEqual(['cpu', 'lost']);
    expect(clock.waiting).toBe(0);
  });

  it('costs nothing while nothing is under way', async () => {
    const clock = new FakeClock();
    const watch = new TurnWatch(clock, () => 0);
    const turn = new Turn();
    watch.begin(turn);
    watch.finish(turn);
    await clock.advance(20);
    expect(clock.waiting).toBe(0);
  });
});
