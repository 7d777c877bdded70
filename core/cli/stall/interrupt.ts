import { Session } from 'node:inspector/promises';

const STALL = 'StallError';

/** Whether this is what was thrown into a thread from another one. */
export const isStall = (error: unknown): boolean => error instanceof Error && error.name === STALL;

/**
 * Throws an error into whatever the main thread is doing, from any other thread; its stack shows what that was. `finally` and
 * `catch` of the code that is interrupted do not run, and what waited in the same queue of microtasks is lost.
 *
 * Resolves once that is done; a thread that is in the middle of native code comes to it when it returns.
 */
export async function interruptMainThread(why: string): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  try {
    await session.post('Runtime.evaluate', { expression: throwing(why) });
    await session.post('Runtime.terminateExecution');
  } finally {
    // A process that ends waits for whoever is connected.
    session.disconnect();
  }
}

/**
 * An error that everybody who listens to `uncaughtException` hears of. Node's own way in is needed: it also forgets which callbacks
 * it was in, and without that it ends the process once those do not return.
 */
const throwing = (why: string) => `{
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const error = Object.assign(new Error(${JSON.stringify(why)}), { name: '${STALL}' });
  Error.stackTraceLimit = limit;
  process._fatalException(error, false);
}`;
