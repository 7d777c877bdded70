import { connectAsync } from 'mqtt';
import { covers } from 'pulsegate/plugin';
import { PATIENCE_MS } from '../timing.js';

/** Where those who look leave their signs. */
const SIGNS = 'retained-at/';

/**
 * What a broker tells a client that comes now: payload by topic. Aedes sends what is retained bit by bit, and what is published
 * meanwhile in between; so the sign that all has been there is retained as well, and asked for last.
 */
export async function retainedAt(url: string, filter = '#'): Promise<ReadonlyMap<string, string>> {
  const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: PATIENCE_MS }, false);
  const sign = `${SIGNS}${client.options.clientId}`;
  try {
    const retained = new Map<string, string>();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let signsToCome = covers(filter, sign) ? 2 : 1;
    client.on('message', (topic, payload, { retain }) => {
      if (!retain) return;
      if (topic === sign) signsToCome -= 1;
      else if (!topic.startsWith(SIGNS)) retained.set(topic, payload.toString());
      if (signsToCome === 0) resolve();
    });
    client.on('close', () => reject(new Error('The broker has closed the connection')));
    await client.publishAsync(sign, 'here', { qos: 1, retain: true });
    await client.subscribeAsync([filter, sign], { qos: 0 });
    await promise;
    await client.publishAsync(sign, '', { qos: 1, retain: true });
    return retained;
  } finally {
    await client.endAsync(true);
  }
}
