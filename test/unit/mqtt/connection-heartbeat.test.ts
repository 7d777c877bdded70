import { describe, expect, it } from 'vitest';
import { Heartbeat } from '../../../plugins/transport-mqtt/connection/heartbeat.js';
import { FakeClock } from '../../support/fake-clock.js';

/** A heartbeat and the broker it comes back from. */
function stage({ answers = true } = {}) {
  const clock = new FakeClock();
  const broker = { answers, sent: [] as string[], silent: [] as boolean[] };
  const heartbeat: Heartbeat = new Heartbeat(clock, 2_000, {
    send(payload) {
      broker.sent.push(payload);
      if (broker.answers) clock.after(1, () => heartbeat.heard(payload));
    },
    silent: (everHeard) => broker.silent.push(everHeard),
  });
  return { clock, broker, heartbeat };
}

describe('the heartbeat', () => {
  it('is content with a broker that answers', async () => {
    const { clock, broker, heartbeat } = stage();
    await clock.advance(60_000);
    expect(broker.silent).toEqual([]);
    expect(broker.sent).toHaveLength(121);
    expect(heartbeat.isCurrent).toBe(true);
  });

  it('notices a broker that stops to answer, not before its time and soon after', async () => {
    const { clock, broker } = stage();
    await clock.advance(10_000);
    broker.answers = false;
    await clock.advance(2_000);
    expect(broker.silent).toEqual([]);
    await clock.advance(501);
    expect(broker.silent[0]).toBe(true);
  });

  it('knows a broker that has never answered', async () => {
    const { clock, broker } = stage({ answers: false });
    await clock.advance(2_501);
    expect(broker.silent[0]).toBe(false);
  });

  it('takes no other beats for its own', async () => {
    const { clock, broker, heartbeat } = stage({ answers: false });
    const other = stage();
    for (let second = 0; second < 5; second += 0.5) {
      heartbeat.heard(other.broker.sent[0] ?? '');
      heartbeat.heard('');
      heartbeat.heard('x/99999999');
      await clock.advance(500);
    }
    expect(broker.silent.length).toBeGreaterThan(0);
  });

  it('is not misled by a process that did not run: an answer that lies in the socket counts', async () => {
    const { clock, broker, heartbeat } = stage({ answers: false });
    // The timer comes first, the socket is read afterwards.
    clock.after(4_000, () => {});
    await clock.advance(1_999);
    const answer = broker.sent[0] ?? '';
    clock.afterPendingInput(() => heartbeat.heard(answer));
    await clock.advance(0);
    await clock.advance(600);
    expect(broker.silent).toEqual([]);
  });

  it('trusts nothing that came while the process did not run, until a beat sent since has come back', async () => {
    const { heartbeat, wake, halt } = halted();
    expect(heartbeat.isCurrent).toBe(true);
    halt(30_000);
    // The socket may be read before any timer has run.
    expect(heartbeat.isCurrent).toBe(false);
    const [late = '', fresh = ''] = wake();
    expect(heartbeat.isCurrent).toBe(false);
    heartbeat.heard(late);
    expect(heartbeat.isCurrent).toBe(false);
    heartbeat.heard(fresh);
    expect(heartbeat.isCurrent).toBe(true);
  });

  it('is over when it is disposed of', async () => {
    const { clock, broker, heartbeat } = stage({ answers: false });
    heartbeat[Symbol.dispose]();
    await clock.advance(10_000);
    expect(broker.sent).toHaveLength(1);
    expect(broker.silent).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});

/** A process that stands still while time goes by, as no clock that is moved by hand lets it. */
function halted() {
  let now = 0;
  let tick = () => {};
  const sent: string[] = [];
  const nothing = { cancel() {} };
  const heartbeat = new Heartbeat(
    {
      now: () => now,
      date: () => new Date(now),
      after: () => nothing,
      every: (_period, task) => {
        tick = task;
        return nothing;
      },
      afterPendingInput: () => nothing,
      sleep: async () => {},
    },
    2_000,
    { send: (payload) => sent.push(payload), silent: () => {} },
  );
  heartbeat.heard(sent[0] ?? '');
  const halt = (ms: number) => {
    now += ms;
  };
  /** The beat before, and the one that is sent now. */
  const wake = () => {
    tick();
    return sent.slice(-2);
  };
  return { heartbeat, halt, wake };
}
