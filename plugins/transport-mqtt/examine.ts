import { randomUUID } from 'node:crypto';
import { connectAsync } from 'mqtt';
import { describeError, type Finding, fine, problem, type Static } from 'pulsegate/plugin';
import type { config } from './config.js';
import { withoutCredentials } from './connection/address.js';
import { connectOptions } from './connection/connect-options.js';

/** Whether the broker lets this gateway in. Nothing is published, and no other client is disturbed. */
export async function examineBroker(options: Static<typeof config>): Promise<Finding> {
  if (options.broker === 'embedded') return fine('the broker is the one in the gateway');
  const shown = withoutCredentials(options.broker);
  try {
    const connect = await connectOptions(options, `pulsegate-doctor-${randomUUID()}`);
    const client = await connectAsync(options.broker, { ...connect, reconnectPeriod: 0, clean: true }, false);
    await client.endAsync(true);
    return fine(`${shown} lets the gateway in`);
  } catch (error) {
    return problem(
      `${shown} does not let the gateway in: ${describeError(error)}`,
      'look whether it runs, and at plugins.transport-mqtt: broker, username, password, tls',
    );
  }
}
