import { connectAsync } from 'mqtt';
import { PATIENCE_MS } from '../timing.js';

/**
 * What a broker tells a client that comes now: payload by topic. The messages come in order, so when the client's own message
 * is back, all that was retained has been there.
 */
export async function retainedAt(url: string, filter = '#'): Promise<ReadonlyMap<string, string>> {
  const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: PATIENCE_MS }, false);
  try {
    const retained = new Map<string, string>();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const last = `retained-at/${client.options.clientId}`;
    client.on('message', (topic, payload, { retain }) => {
      if (retain) retained.set(topic, payload.toString());
      else if (topic === last) resolve();
    });
    client.on('close', () => reject(new Error('The broker has closed the connection')));
    await client.subscribeAsync([filter, last], { qos: 0 });
    client.publish(last, '', { qos: 0 });
    await promise;
    return retained;
  } finally {
    await client.endAsync(true);
  }
}
