import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Holds } from '../../../plugins/mqtt-topics/holds.js';
import { FakeClock } from '../../support/fake-clock.js';
import { PlainTopicsStage, WAND } from '../../support/mqtt/plain-topics-stage.js';

const [MOTORS, STROKER, SENSORS] = [0, 1, 2];
const MINUTE_MS = 60_000;

describe('an output that was set', () => {
  it('stops after its time, whatever came right before the newest order', async () => {
    using stage = await PlainTopicsStage.start();
    for (let steps = 1; steps <= 10; steps += 1) stage.set(MOTORS, { steps });
    await stage.clock.advance(MINUTE_MS - 1);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(10);
    await stage.clock.advance(1);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(0);
  });

  it('stops after its time when it was turned off and on again at once', async () => {
    using stage = await PlainTopicsStage.start();
    stage.set(MOTORS, { steps: 5 });
    await stage.clock.advance(0);
    stage.set(MOTORS, { steps: 0 });
    stage.set(MOTORS, { steps: 7 });
    await stage.clock.advance(MINUTE_MS - 1);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(7);
    await stage.clock.advance(1);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(0);
  });

  it('is told to stop after its time also when nobody has answered the order yet', async () => {
    const clock = new FakeClock();
    const stopped: string[] = [];
    const holds = new Holds(clock, { outputs: () => [] }, ({ type }) => stopped.push(type));
    const motor = { deviceIndex: 0, featureIndex: 0, type: 'Vibrate' } as const;
    const order = holds.begin(motor, { value: 5, goesOn: true, holdMs: 1000 });
    await clock.advance(1000);
    expect(stopped).toEqual(['Vibrate']);
    order.settled(true);
    expect(clock.waiting).toBe(0);
  });

  it('stays on from the newest order on, for longer or shorter', async () => {
    using stage = await PlainTopicsStage.start();
    stage.set(MOTORS, { value: 1, hold: 10_000 });
    await stage.clock.advance(9_000);
    stage.set(MOTORS, { value: 1, hold: 10_000 });
    await stage.clock.advance(9_999);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(20);
    stage.set(MOTORS, { value: 1, hold: 100 });
    await stage.clock.advance(100);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(0);
    expect(stage.clock.waiting).toBe(1);
  });

  it('stops after its time when a newer order was refused, even one to turn it off', async () => {
    using stage = await PlainTopicsStage.start();
    stage.set(MOTORS, { value: 1, type: 'Vibrate' });
    await stage.clock.advance(0);
    stage.gateway.refuses = 'OutputCmd';
    stage.set(MOTORS, { value: 0.5, type: 'Vibrate', hold: 50_000 });
    stage.set(MOTORS, { value: 0, type: 'Vibrate' });
    await stage.clock.advance(0);
    expect(stage.complaints).toEqual(['A test says no', 'A test says no']);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(20);
    await stage.clock.advance(MINUTE_MS);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(0);
  });

  it('stops also when the gentle way is refused', async () => {
    using stage = await PlainTopicsStage.start();
    stage.set(MOTORS, { Vibrate: 1, Rotate: 1 });
    await stage.clock.advance(0);
    stage.gateway.refuses = 'OutputCmd';
    await stage.clock.advance(MINUTE_MS);
    expect(stage.gateway.outputs(0).map(({ value }) => value)).toEqual([0, 0, 0]);
  });

  it('leaves the other outputs of its feature alone when it stops', async () => {
    using stage = await PlainTopicsStage.start();
    stage.set(MOTORS, { Vibrate: 1, hold: 1000 });
    stage.set(MOTORS, { Rotate: -0.5, hold: 5000 });
    await stage.clock.advance(1000);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(0);
    expect(stage.gateway.level(MOTORS, 'Rotate')).toBe(-10);
    await stage.clock.advance(4000);
    expect(stage.gateway.level(MOTORS, 'Rotate')).toBe(0);
    expect(stage.gateway.done.slice(-2)).toEqual(['0/0 Vibrate 0', 'stop 0/0']);
  });

  it('is left alone when somebody else has told it something since, and theirs no more when it is told again', async () => {
    using stage = await PlainTopicsStage.start();
    stage.set(MOTORS, '0.5');
    await stage.clock.advance(0);
    stage.gateway.tell(MOTORS, 'Vibrate', 15);
    await stage.clock.advance(MINUTE_MS);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(15);
    stage.set(MOTORS, { steps: 15 });
    await stage.clock.advance(MINUTE_MS);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(0);
  });

  it('never stays on for longer than its hold, whatever is asked for in which order', async () => {
    const step = fc.record({
      level: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 })),
      hold: fc.integer({ min: 100, max: 3000 }),
      isRefused: fc.boolean(),
      pauseMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 500 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        using stage = await PlainTopicsStage.start();
        for (const { level, hold, isRefused, pauseMs } of steps) {
          stage.gateway.refuses = isRefused ? 'OutputCmd' : undefined;
          stage.set(MOTORS, { steps: level, hold });
          // Without a pause several are on their way.
          if (pauseMs > 0) await stage.clock.advance(pauseMs);
        }
        stage.gateway.refuses = undefined;
        await stage.clock.advance(3000);
        expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('stops for good with a bare 0, past all that waits', async () => {
    using stage = await PlainTopicsStage.start();
    stage.set(MOTORS, { Vibrate: 1, Rotate: 1 });
    stage.set(MOTORS, '0');
    await stage.clock.advance(0);
    expect(stage.gateway.done).toEqual(['0/0 Vibrate 20', '0/0 Rotate 20', 'stop 0/0']);
  });
});

describe('a move', () => {
  it('ends by itself, and goes to the start with a bare 0', async () => {
    using stage = await PlainTopicsStage.start();
    stage.set(STROKER, '0.8');
    stage.set(STROKER, '0');
    await stage.clock.advance(2 * MINUTE_MS);
    expect(stage.gateway.done).toEqual(['0/1 HwPositionWithDuration 80', '0/1 HwPositionWithDuration 0']);
  });

  it('that takes longer than it is held is held where it is', async () => {
    using stage = await PlainTopicsStage.start();
    stage.set(STROKER, { value: 1, duration: 90_000 });
    await stage.clock.advance(MINUTE_MS);
    expect(stage.gateway.done).toEqual(['0/1 HwPositionWithDuration 100', 'stop 0/1']);
  });
});

describe('the usual hold', () => {
  it('is never longer than the longest that is allowed', async () => {
    using stage = await PlainTopicsStage.start({ maxHold: 1000 });
    stage.set(MOTORS, '1');
    await stage.clock.advance(1000);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(0);
    stage.set(MOTORS, { value: 1, hold: 1001 });
    expect(stage.complaints).toEqual(['"hold" is at most 1000 ms here (plugins.mqtt-topics.maxHold)']);
  });
});

describe('the session', () => {
  it('opens as soon as there is a transport, which starts last', async () => {
    using stage = await PlainTopicsStage.start({}, false);
    stage.set(MOTORS, '1');
    expect(stage.complaints).toEqual(['The gateway is not ready for orders; try again in a second']);
    expect(await stage.refused('busy')).toBe(1);
    stage.door.provide(stage.gateway);
    await stage.clock.advance(100);
    stage.set(MOTORS, '1');
    await stage.clock.advance(0);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(20);
  });

  it('ends with the connection to the broker, with all holds, and another begins with the next', async () => {
    using stage = await PlainTopicsStage.start();
    stage.set(MOTORS, '1');
    await stage.clock.advance(0);
    stage.broker.lose();
    expect(stage.gateway.session.isOver).toBe(true);
    await stage.clock.advance(2 * MINUTE_MS);
    expect(stage.gateway.done).toEqual(['0/0 Vibrate 20']);
    expect(stage.gateway.sessions).toHaveLength(1);
    stage.broker.connect();
    await stage.clock.advance(0);
    expect(stage.gateway.sessions).toHaveLength(2);
  });

  it('is followed by another when it ends otherwise, after longer and longer pauses', async () => {
    using stage = await PlainTopicsStage.start();
    const opened: number[] = [];
    for (let count = 1; count <= 5; count += 1) {
      stage.gateway.session.end();
      const from = stage.clock.now();
      while (stage.gateway.sessions.length === count) await stage.clock.advance(50);
      opened.push(stage.clock.now() - from);
    }
    expect(opened).toEqual([100, 200, 400, 800, 1600]);
    await stage.clock.advance(MINUTE_MS);
    stage.gateway.session.end();
    await stage.clock.advance(100);
    expect(stage.gateway.sessions).toHaveLength(7);
  });

  it('is noticed to be over by the first order, when nobody has told', async () => {
    using stage = await PlainTopicsStage.start();
    stage.gateway.session.vanish();
    stage.set(MOTORS, '1');
    await stage.clock.advance(100);
    expect(stage.gateway.sessions).toHaveLength(2);
    stage.set(MOTORS, '1');
    await stage.clock.advance(0);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(20);
  });

  it('opens without a pause for a stop', async () => {
    using stage = await PlainTopicsStage.start();
    for (let count = 0; count < 8; count += 1) {
      stage.gateway.session.end();
      await stage.clock.advance(count === 7 ? 0 : 30_000);
    }
    stage.gateway.tell(MOTORS, 'Vibrate', 20);
    stage.broker.say(stage.topics.stop, '');
    await stage.clock.advance(0);
    expect(stage.gateway.level(MOTORS, 'Vibrate')).toBe(0);
    expect(stage.complaints).toEqual([]);
  });

  it('does not let a stop wait for ever', async () => {
    using stage = await PlainTopicsStage.start();
    stage.gateway.isClosed = true;
    stage.gateway.session.end();
    stage.broker.say(stage.wand.stop, '');
    await stage.clock.advance(2000);
    expect(stage.complaints).toEqual(['The gateway is not ready for orders; try again in a second']);
    stage.gateway.isClosed = false;
    await stage.clock.advance(MINUTE_MS);
    expect(stage.gateway.done).toEqual([]);
  });
});

describe('a scan', () => {
  const shown = (stage: PlainTopicsStage) => stage.broker.retained.get(stage.topics.scan);

  it.each(['ON', 'on', '', 'start', '"start"'])('is started by %j', async (payload) => {
    using stage = await PlainTopicsStage.start();
    stage.broker.say(stage.topics.scanSet, payload);
    await stage.clock.advance(0);
    expect(stage.gateway.session.sent).toContain('StartScanning');
    expect(shown(stage)).toBe('ON');
  });

  it.each(['OFF', 'stop', '"stop"'])('is stopped by %j', async (payload) => {
    using stage = await PlainTopicsStage.start();
    stage.broker.say(stage.topics.scanSet, 'ON');
    stage.broker.say(stage.topics.scanSet, payload);
    await stage.clock.advance(0);
    expect(stage.gateway.session.sent).toContain('StopScanning');
    expect(shown(stage)).toBe('OFF');
  });

  it.each(['maybe', `on${' '.repeat(100)}`, '\0'])('is not started by %j', async (payload) => {
    using stage = await PlainTopicsStage.start();
    stage.broker.say(stage.topics.scanSet, payload);
    expect(stage.complaints).toEqual(['A scan is turned ON or OFF']);
  });

  it('is not shown any more when it has ended, was refused, or the session is over', async () => {
    using stage = await PlainTopicsStage.start();
    const start = async () => {
      stage.broker.say(stage.topics.scanSet, 'ON');
      await stage.clock.advance(0);
    };
    await start();
    stage.gateway.session.scanningFinished();
    expect(shown(stage)).toBe('OFF');
    await start();
    stage.gateway.session.end();
    expect(shown(stage)).toBe('OFF');
    await stage.clock.advance(100);
    stage.gateway.refuses = 'StartScanning';
    await start();
    expect(shown(stage)).toBe('OFF');
    expect(stage.complaints).toEqual(['A test says no']);
  });
});

describe('a stop', () => {
  it('leaves what is listened to alone', async () => {
    using stage = await PlainTopicsStage.start();
    stage.broker.say(stage.topics.stop, '');
    stage.broker.say(stage.wand.stop, '');
    stage.broker.say(stage.wand.feature(SENSORS).stop, '');
    await stage.clock.advance(0);
    expect(stage.gateway.done).toEqual(['stop all/all', 'stop 0/all', 'stop 0/2']);
    stage.gateway.session.reports(0, SENSORS, 'Button', 1);
    expect(stage.published(stage.wand.feature(SENSORS).event)).toEqual(['{"Button":1}']);
    await stage.clock.advance(200);
    expect(stage.state(SENSORS)).toMatchObject({ Button: 1 });
  });
});

describe('states', () => {
  it('are published five times a second at most, the last one always, and a stop at once', async () => {
    using stage = await PlainTopicsStage.start();
    const { state } = stage.wand.feature(MOTORS);
    await stage.clock.advance(1000);
    stage.broker.take();
    for (let level = 1; level <= 20; level += 1) {
      stage.gateway.tell(MOTORS, 'Vibrate', level);
      await stage.clock.advance(50);
    }
    expect(stage.published(state).length).toBeLessThanOrEqual(6);
    await stage.clock.advance(200);
    expect(stage.state(MOTORS)).toEqual({ Vibrate: 1, Rotate: 0 });
    stage.gateway.tell(MOTORS, 'Vibrate', 19);
    stage.gateway.tell(MOTORS, 'Vibrate', 0);
    expect(stage.state(MOTORS)).toEqual({ Vibrate: 0, Rotate: 0 });
  });

  it('are no flood when somebody starts and stops all the time', async () => {
    using stage = await PlainTopicsStage.start();
    await stage.clock.advance(1000);
    stage.broker.take();
    for (let count = 0; count < 100; count += 1) {
      stage.gateway.tell(MOTORS, 'Rotate', 1 + (count % 20));
      stage.gateway.tell(MOTORS, 'Vibrate', count % 2 === 0 ? 20 : 0);
      await stage.clock.advance(10);
    }
    expect(stage.published(stage.wand.feature(MOTORS).state).length).toBeLessThanOrEqual(11);
    await stage.clock.advance(400);
    expect(stage.state(MOTORS)).toEqual({ Vibrate: 0, Rotate: 1 });
  });

  it('have batteries that are read every so often, and never more often than devices can bear', async () => {
    using stage = await PlainTopicsStage.start({ pollInterval: 1 });
    stage.gateway.reads = 83;
    await stage.clock.advance(10_000);
    expect(stage.gateway.session.sent.filter((name) => name === 'InputCmd')).toHaveLength(3);
    expect(stage.state(SENSORS)).toMatchObject({ Battery: 0.83 });
    stage.gateway.remove(WAND);
    await stage.clock.advance(100_000);
    expect(stage.gateway.session.sent.filter((name) => name === 'InputCmd')).toHaveLength(3);
  });

  it('are not asked for where that is not wanted', async () => {
    using stage = await PlainTopicsStage.start({ pollInterval: 0, subscribe: false });
    await stage.clock.advance(10 * MINUTE_MS);
    expect(stage.gateway.session.sent).toEqual([]);
  });
});

describe('a device that goes', () => {
  it('is offline after a time of grace, unless it comes back', async () => {
    using stage = await PlainTopicsStage.start();
    const availability = () => stage.broker.retained.get(stage.wand.availability);
    stage.gateway.tell(MOTORS, 'Vibrate', 20);
    stage.gateway.remove(WAND);
    expect(stage.state(MOTORS)).toEqual({ Vibrate: 0, Rotate: 0 });
    await stage.clock.advance(MINUTE_MS - 1);
    stage.gateway.add(WAND);
    await stage.clock.advance(MINUTE_MS);
    expect(availability()).toBe('online');
    stage.gateway.remove(WAND);
    await stage.clock.advance(MINUTE_MS);
    expect(availability()).toBe('offline');
    stage.set(MOTORS, '1');
    expect(stage.complaints).toEqual([`There is no device "${WAND.id}" here now`]);
  });

  it('leaves nothing behind where that is wanted', async () => {
    using stage = await PlainTopicsStage.start({ removed: 'cleared', grace: 0 });
    stage.gateway.remove(WAND);
    await stage.clock.advance(0);
    expect([...stage.broker.retained.keys()].filter((topic) => topic.includes('/devices/'))).toEqual([]);
  });
});

it('leaves no timer behind', async () => {
  const stage = await PlainTopicsStage.start();
  stage.set(MOTORS, { Vibrate: 1, Rotate: 1 });
  stage.broker.say(stage.topics.scanSet, 'ON');
  await stage.clock.advance(10);
  stage.gateway.remove(WAND);
  stage[Symbol.dispose]();
  await stage.clock.advance(0);
  expect(stage.clock.waiting).toBe(0);
});

it('logs the first of many refusals, and counts them all', async () => {
  using stage = await PlainTopicsStage.start();
  for (let count = 0; count < 100; count += 1) stage.set(MOTORS, 'nonsense');
  expect(stage.log.filter((line) => JSON.parse(line).level >= 40)).toHaveLength(1);
  expect(stage.complaints).toHaveLength(20);
  expect(await stage.refused('order')).toBe(100);
});
