import { definePlugin, HARDWARE, loadSerialPorts, PLUGIN_API, PROTOCOLS } from 'pulsegate/plugin';
import { config } from './config.js';
import { examinePorts } from './examine.js';

export default definePlugin({
  name: 'hardware-serial',
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Devices on serial ports, also those that are USB and look like one',
  config,
  examine: ({ config: options }) => examinePorts(options),
  create({ config: options, clock, log, use }) {
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
        const open = await loadSerialPorts();
        const manager = new SerialManager({ config: options, protocols, open, clock, log });
        owned.defer(() => manager.close());
        // First of all: the devices are stopped while their ports are still open.
        owned.use(use(HARDWARE).attach(manager));
        await manager.start();
      },
      stop: () => owned.disposeAsync(),
    };
  },
});
