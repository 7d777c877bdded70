import { hostname } from 'node:os';
import { definePlugin, METRICS, MQTT, MQTT_BROKER, PLUGIN_API, SESSIONS } from 'pulsegate/plugin';
import { config } from './config.js';
import { examineBroker } from './examine.js';
import { MqttTransport } from './transport.js';

export default definePlugin({
  name: 'transport-mqtt',
  kind: 'transport',
  api: PLUGIN_API,
  description: 'The connection to an MQTT broker, and Buttplug clients over it',
  config,
  examine: async ({ config: options }) => [await examineBroker(options)],
  create: ({ config: options, clock, log, use }) =>
    new MqttTransport({
      config: options,
      hostname: hostname(),
      door: use(MQTT),
      broker: use(MQTT_BROKER),
      sessions: use(SESSIONS),
      metrics: use(METRICS),
      clock,
      log,
    }),
});
