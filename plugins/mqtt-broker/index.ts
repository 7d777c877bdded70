import { definePlugin, METRICS, MQTT_BROKER, PLUGIN_API } from 'pulsegate/plugin';
import { SleepingBroker } from './broker.js';
import { config } from './config.js';
import { measure } from './metrics.js';

export default definePlugin({
  name: 'mqtt-broker',
  kind: 'extension',
  api: PLUGIN_API,
  description: 'An MQTT broker inside the gateway',
  config,
  create({ name, config: options, clock, log, fail, use }) {
    const broker = new SleepingBroker({ name, config: options, clock, log, fail });
    const provided = new DisposableStack();
    return {
      async start() {
        await broker.start();
        provided.use(use(MQTT_BROKER).provide(broker));
        provided.use(measure(use(METRICS), broker));
      },
      stop() {
        provided.dispose();
        return broker.stop();
      },
    };
  },
});
