import { after, repeat, type Timer } from './time.js';

/** `setTimeout` and its kin, as everywhere in JavaScript, but for timers with text instead of a function. */
export function createTimers() {
  const timers = new Map<number, Timer>();
  let nextId = 1;
  const keep = (make: (done: () => void) => Timer): number => {
    const id = nextId;
    nextId += 1;
    timers.set(
      id,
      make(() => timers.delete(id)),
    );
    return id;
  };
  const clear = (id: unknown): void => {
    timers.get(Number(id))?.cancel();
    timers.delete(Number(id));
  };
  return {
    setTimeout: (task: unknown, delayMs: unknown = 0, ...values: readonly unknown[]): number => {
      const run = callable(task, 'setTimeout');
      return keep((done) =>
        after(Number(delayMs) || 0, () => {
          done();
          run(...values);
        }),
      );
    },
    setInterval: (task: unknown, periodMs: unknown = 0, ...values: readonly unknown[]): number => {
      const run = callable(task, 'setInterval');
      return keep(() => repeat(Number(periodMs) || 0, () => run(...values)));
    },
    clearTimeout: clear,
    clearInterval: clear,
    queueMicrotask: (task: unknown): void => {
      const run = callable(task, 'queueMicrotask');
      void Promise.resolve().then(() => run());
    },
  };
}

/** Text is not code here: a timer takes a function. */
function callable(task: unknown, name: string): (...values: readonly unknown[]) => unknown {
  if (typeof task !== 'function') throw new TypeError(`${name} takes a function, not ${typeof task}`);
  return (...values) => Reflect.apply(task, undefined, values);
}
