import type { Gateway } from '../gateway.js';
import { guardAgainstStalls } from './stall/guard.js';
import { isStall } from './stall/interrupt.js';
import { EXIT } from './terminal.js';

/** Longest time an orderly end may take before the process goes all the same, ms. */
const STOP_LIMIT_MS = 15_000;

/** Ends the gateway and the process with it; only the first call counts. */
export type End = (reason: string, code: number) => void;

/** A pipe or terminal that takes the log may go away. The gateway goes on without it, and ends in order when it has to. */
export function outliveLogReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/**
 * Devices stop before the process ends, whatever ends it.
 *
 * @param stop everything there is to stop, devices first
 */
export function endInOrder(
  gateway: Gateway,
  exit: (code: number) => Promise<void>,
  stop: () => Promise<void> = () => gateway.stop(),
): End {
  const { log } = gateway;
  let ending = false;
  const end: End = (reason, code) => {
    if (ending) return;
    ending = true;
    log.info(`stopping: ${reason}`);
    setTimeout(() => process.exit(EXIT.forced), STOP_LIMIT_MS).unref();
    stop().then(
      () => {
        log.info('stopped; every device was told to');
        return exit(code);
      },
      (error: unknown) => {
        log.fatal({ err: error }, 'did not stop in order');
        return exit(EXIT.internal);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(EXIT.forced);
      end(signal, EXIT.ok);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'something broke that should not have; please report it');
      const endNow = () => end('internal error', EXIT.internal);
      // What is begun before the interrupted code has been left may be thrown away with it.
      if (isStall(error)) setImmediate(endNow);
      else endNow();
    });
  }
  // A gateway that nobody uses does without the memory that takes.
  void gateway.inCharge.then(() => guardAgainstStalls(gateway.config.safety.stallLimit, log));
  void gateway.failed.then((error) => {
    log.fatal(error.message);
    end('a required plugin failed', EXIT.failed);
  });
  return end;
}
