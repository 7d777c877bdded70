import { rename } from 'node:fs/promises';
import type { Clock } from './clock.js';
import type { Logger } from './logging/logger.js';

/**
 * Moves a damaged file of the gateway's own out of the way of a new one, so that nothing in it is lost. Never rejects.
 *
 * @param what it is, for the log: `the damaged file of known devices`
 * @returns its new path
 */
export async function setAside(path: string, what: string, clock: Clock, log: Logger): Promise<string> {
  const aside = `${path}.damaged-${clock.date().toISOString().replaceAll(':', '-')}`;
  await rename(path, aside).catch((error: unknown) => {
    log.error({ err: error, file: path }, `${what} could not be moved aside`);
  });
  return aside;
}
