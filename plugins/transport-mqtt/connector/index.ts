/** `pulsegate/mqtt`: what an app needs to reach a gateway over a broker. It loads nothing of the gateway, and runs in browsers too. */

import { MqttConnector } from './mqtt-connector.js';
import { type MqttConnectorOptions, settle } from './options.js';
import { timers } from './timers.js';

export { MqttConnectorError } from './connector-error.js';
export type { MqttConnector, MqttConnectorOptions };

/**
 * A connector for `ButtplugClient.connect` of npm's `buttplug`. Throws an MqttConnectorError when a name in the options is none.
 *
 * @example
 * await client.connect(mqttConnector({ broker: 'mqtt://broker.lan', gateway: 'kitchen' }));
 */
export function mqttConnector(options: MqttConnectorOptions): MqttConnector {
  return new MqttConnector(settle(options), timers);
}
