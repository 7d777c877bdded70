import { definePlugin, HARDWARE, PLUGIN_API } from 'pulsegate/plugin';
import { config } from './config.js';
import { examineApps } from './examine.js';
import { LovenseConnectManager } from './manager.js';

export default definePlugin({
  name: 'hardware-lovense-connect',
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Lovense toys through the Lovense Connect app on a phone in the same network',
  config,
  examine: examineApps,
  create({ config: options, clock, log, use }) {
    const owned = new AsyncDisposableStack();
    return {
      start() {
        const manager = new LovenseConnectManager({ config: options, clock, log });
        owned.defer(() => manager.close());
        // First of all: the toys are stopped.
        owned.use(use(HARDWARE).attach(manager));
      },
      stop: () => owned.disposeAsync(),
    };
  },
});
