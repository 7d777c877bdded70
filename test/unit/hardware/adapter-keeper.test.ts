import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { AdapterKeeper } from '../../../plugins/hardware-bluetooth/adapter-keeper.js';
import { SystemBinding } from '../../../plugins/hardware-bluetooth/bindings/system-binding.js';
import { FakeNoble } from '../../support/bluetooth/fake-noble.js';
import { FakeClock } from '../../support/fake-clock.js';

const FIRST_PAUSE_MS = 1_000;

class StoppableNoble extends FakeNoble {
  isStopped = false;

  override stop(): void {
    this.isStopped = true;
  }
}

/** @param open what becomes of each try */
function keeperOf(open: (noble: StoppableNoble, lose: (reason: string) => void, at: number) => Promise<void> | void) {
  const clock = new FakeClock();
  const said: string[] = [];
  const ready: StoppableNoble[] = [];
  const opened: StoppableNoble[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => said.push(JSON.parse(line).msg) });
  const keeper = new AdapterKeeper({
    choose: async () => ({
      binding: 'mac',
      options: {},
      name: 'this Mac',
      attach: (tools) => new SystemBinding(tools),
    }),
    open: async (_choice, onLost) => {
      const noble = new StoppableNoble();
      opened.push(noble);
      await open(noble, onLost, opened.length);
      return { noble, binding: new SystemBinding({ noble, log, onLost }), explain: String };
    },
    onReady: ({ noble }) => {
      if (noble instanceof StoppableNoble) ready.push(noble);
    },
    onLost: async () => {},
    clock,
    log,
  });
  return { keeper, clock, said, ready, opened };
}

describe('an adapter', () => {
  it('that is lost in the moment in which it is ready is not used, and the next one is', async () => {
    const { keeper, clock, ready, opened } = keeperOf((_noble, lose, at) => {
      if (at === 1) lose('it is off');
    });
    await keeper.start();
    expect(ready).toEqual([]);
    expect(opened[0]?.isStopped).toBe(true);
    await clock.advance(FIRST_PAUSE_MS);
    expect(ready).toEqual([opened[1]]);
    expect(opened).toHaveLength(2);
  });

  it('that is still being opened when the gateway ends is left alone, and nothing is said of it', async () => {
    const failing = Promise.withResolvers<void>();
    const { keeper, clock, said, opened } = keeperOf(() => failing.promise);
    const started = keeper.start();
    await clock.advance(0);
    keeper.close();
    failing.reject(new Error('it does not answer'));
    await started;
    await clock.advance(60_000);
    expect(said).toEqual([]);
    expect(opened).toHaveLength(1);
  });
});
