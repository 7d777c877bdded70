import { definePlugin, HARDWARE, PLUGIN_API } from 'pulsegate/plugin';
import { config } from './config.js';

export default definePlugin({
  name: 'hardware-websocket',
  kind: 'hardware',
  api: PLUGIN_API,
  description:
    'Devices that connect by themselves over WebSocket: simulators, microcontrollers, other people’s hardware',
  config,
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
