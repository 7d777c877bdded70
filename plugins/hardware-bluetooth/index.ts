import {
  definePlugin,
  describeError,
  fine,
  HARDWARE,
  missing,
  PLUGIN_API,
  PluginError,
  problem,
} from 'pulsegate/plugin';
import { AdapterKeeper } from './adapter-keeper.js';
import { chooseBinding } from './binding-choice.js';
import { config } from './config.js';
import { BluetoothManager } from './manager.js';
import { thisSystem } from './system.js';

export default definePlugin({
  name: 'hardware-bluetooth',
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Devices that talk Bluetooth Low Energy',
  config,
  async examine({ config: options, clock, log }) {
    const choice = await chooseBinding(options, thisSystem);
    if ('because' in choice) return [missing(`Bluetooth cannot be used: ${choice.because}`)];
    try {
      const { openAdapter } = await loadAdapter('hardware-bluetooth');
      const { noble } = await openAdapter(choice, clock, log, () => {});
      noble.stop();
      return [fine(`devices are reached through ${choice.name}`)];
    } catch (error) {
      return [problem(describeError(error))];
    }
  },
  create({ name, config: options, clock, log, use }) {
    const owned = new AsyncDisposableStack();
    return {
      async start() {
        const choose = () => chooseBinding(options, thisSystem);
        // Without an adapter, nobody has to load what drives one.
        if ('binding' in (await choose())) await loadAdapter(name);
        let isAttached = false;
        const manager = new BluetoothManager({
          config: options,
          clock,
          log,
          onBroken: (reason) => keeper.lost(reason),
        });
        const keeper = new AdapterKeeper({
          choose,
          open: async (choice, onLost) => {
            const { openAdapter } = await loadAdapter(name);
            return openAdapter(choice, clock, log, onLost);
          },
          onReady: (adapter) => {
            // Without any adapter there is nothing to scan with, and nobody has to wait for that.
            if (!isAttached) owned.use(use(HARDWARE).attach(manager));
            isAttached = true;
            manager.use(adapter);
          },
          onLost: (reason) => manager.lose(reason),
          clock,
          log,
        });
        owned.defer(() => manager.close());
        owned.defer(() => keeper.close());
        // What is attached is owned later and ends sooner: devices are stopped while they are connected.
        await keeper.start();
      },
      stop: () => owned.disposeAsync(),
    };
  },
});

function loadAdapter(plugin: string): Promise<typeof import('./adapter.js')> {
  return import('./adapter.js').catch((error: unknown) => {
    throw new PluginError(
      plugin,
      `the native library for Bluetooth does not load on this system (${describeError(error)}); npm leaves it out when it tries to build it and cannot: install the gateway with \`--ignore-scripts\`, what it needs is built already`,
      { cause: error },
    );
  });
}
