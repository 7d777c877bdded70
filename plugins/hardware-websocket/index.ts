import { definePlugin, describeError, fine, HARDWARE, PLUGIN_API, problem } from 'pulsegate/plugin';
import { config } from './config.js';

const NAME = 'hardware-websocket';

export default definePlugin({
  name: NAME,
  kind: 'hardware',
  api: PLUGIN_API,
  description:
    'Devices that connect by themselves over WebSocket: simulators, microcontrollers, other people’s hardware',
  config,
  async examine({ config: options, clock, log }) {
    const [{ WebSocketManager }, { DeviceServer }] = await Promise.all([import('./manager.js'), import('./server.js')]);
    const server = new DeviceServer(NAME, options, new WebSocketManager(options, clock, log));
    try {
      await server.open();
      const { address } = server;
      await server.close();
      return [fine(options.port === 0 ? 'takes any free port' : `${address} is free`)];
    } catch (error) {
      return [problem(describeError(error))];
    }
  },
  create({ name, config: options, clock, log, use }) {
    const owned = new AsyncDisposableStack();
    return {
      async start() {
        const [{ WebSocketManager }, { DeviceServer }] = await Promise.all([
          import('./manager.js'),
          import('./server.js'),
        ]);
        const manager = new WebSocketManager(options, clock, log);
        const server = new DeviceServer(name, options, manager);
        await server.open();
        owned.defer(() => server.close());
        owned.defer(() => manager.close());
        // First of all: the devices are stopped while their connections are still there.
        owned.use(use(HARDWARE).attach(manager));
        log.info(`devices are welcome on ws://${server.address}`);
      },
      stop: () => owned.disposeAsync(),
    };
  },
});
