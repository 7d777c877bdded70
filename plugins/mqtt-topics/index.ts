import { DEVICE_REGISTER, definePlugin, EMBEDDED, METRICS, MQTT, PLUGIN_API } from 'pulsegate/plugin';
import { Bridge } from './bridge.js';
import { config } from './config.js';

export default definePlugin({
  name: 'mqtt-topics',
  kind: 'extension',
  api: PLUGIN_API,
  description: 'Devices on plain MQTT topics, without a Buttplug library',
  config,
  create({ config: options, clock, log, use }) {
    let attached: Disposable | undefined;
    return {
      start() {
        const [devices, embedded, metrics] = [use(DEVICE_REGISTER), use(EMBEDDED), use(METRICS)];
        attached = use(MQTT).attach(
          (client) =>
            new Bridge({ client, devices, embedded, metrics, clock, log, config: options, random: Math.random }),
        );
      },
      stop() {
        attached?.[Symbol.dispose]();
      },
    };
  },
});
