import type { SequenceClock } from '../sessions/sequence.js';

/** The app's time: the connector does not run in the gateway. */
export const timers: SequenceClock = {
  after(delayMs, task) {
    const handle = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
  afterPendingInput: (task) => timers.after(0, task),
};
