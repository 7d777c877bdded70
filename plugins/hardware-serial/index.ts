import { definePlugin, describeError, HARDWARE, PLUGIN_API, PluginError, PROTOCOLS } from 'pulsegate/plugin';
import { config } from './config.js';
import { examinePorts } from './examine.js';

export default definePlugin({
  name: 'hardware-serial',
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Devices on serial ports, also those that are USB and look like one',
  config,
  examine: ({ config: options }) => examinePorts(options),
  create({ name, config: options, clock, log, use }) {
    const owned = new AsyncDisposableStack();
    return {
      async start() {
        const protocols = use(PROTOCOLS);
        const isNamed = protocols.definitions.some(({ links }) =>
          links.some((link) => link.kind === 'serial' && link.port !== 'default'),
        );
        // Few have such devices; nobody else has to load what opens ports.
        if (options.ports.length === 0 && !isNamed) return;
        const { SerialManager } = await import('./manager.js');
        const { openPort } = await import('./open-port.js').catch((error: unknown) => {
          throw new PluginError(
            name,
            `Serial ports cannot be opened on this system: the native library does not load (${describeError(error)}); \`npm rebuild @serialport/bindings-cpp\` may build it`,
            { cause: error },
          );
        });
        const manager = new SerialManager({ config: options, protocols, open: openPort, clock, log });
        owned.defer(() => manager.close());
        // First of all: the devices are stopped while their ports are still open.
        owned.use(use(HARDWARE).attach(manager));
        await manager.start();
      },
      stop: () => owned.disposeAsync(),
    };
  },
});
