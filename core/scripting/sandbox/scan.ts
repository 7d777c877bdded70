import { type AbortSignal, abortable } from './abort.js';
import type { Client } from './client.js';
import { after } from './time.js';

const DEFAULT_SCAN_MS = 10_000;

/**
 * Scans for `ms`, or until the hardware has looked everywhere. Several scans of one script at a time are one for the gateway.
 *
 * @param ends what to call when the gateway says that scanning has finished
 */
export function createScan(client: Client, ends: Set<() => void>) {
  return async (ms = DEFAULT_SCAN_MS, { signal }: { readonly signal?: AbortSignal } = {}): Promise<void> => {
    await client.send('StartScanning', {});
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.add(resolve);
    const timer = after(ms, resolve);
    try {
      await abortable(promise, signal);
    } finally {
      timer.cancel();
      ends.delete(resolve);
      if (ends.size === 0) await client.send('StopScanning', {});
    }
  };
}
