import { definePlugin, describeError, fine, METRICS, MQTT_BROKER, PLUGIN_API, problem } from 'pulsegate/plugin';
import { SleepingBroker } from './broker.js';
import { config } from './config.js';
import { listen } from './listen.js';
import { measure } from './metrics.js';

export default definePlugin({
  name: 'mqtt-broker',
  kind: 'extension',
  api: PLUGIN_API,
  description: 'An MQTT broker inside the gateway',
  config,
  async examine({ config: { host, port } }) {
    try {
      const server = await listen('mqtt-broker', host, port, (socket) => socket.destroy());
      server.close();
      return [fine(port === 0 ? 'takes any free port' : `${host}:${port} is free`)];
    } catch (error) {
      return [problem(describeError(error))];
    }
  },
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
