import { definePlugin, HARDWARE, PLUGIN_API, PROTOCOLS } from 'pulsegate/plugin';
import { wantedIds } from './catalogue-devices.js';
import { config } from './config.js';
import { examineHid } from './examine.js';
import { type HidLibrary, loadHid } from './hid-library.js';
import { isWorthLoading } from './kernel-devices.js';
import { HidManager } from './manager.js';

const NAME = 'hardware-hid';

export default definePlugin({
  name: NAME,
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Devices that are plugged in, or paired, as HID devices: controllers and some toys',
  config,
  examine: (context) => examineHid(NAME, context),
  create({ name, config: { driver, rescan: rescanMs }, clock, log, use }) {
    const owned = new AsyncDisposableStack();
    return {
      async start() {
        const protocols = use(PROTOCOLS);
        let library: Promise<HidLibrary> | undefined;
        const load = async () => {
          if (!library && !(await isWorthLoading(driver, wantedIds(protocols.definitions)))) return undefined;
          library ??= loadHid(name, driver).then((loaded) => {
            // It ends before the manager does: the devices are stopped while they are open.
            owned.use(use(HARDWARE).attach(manager));
            return loaded;
          });
          return library;
        };
        const manager = new HidManager({ load, protocols, rescanMs, clock, log });
        owned.defer(() => manager.close());
        await load();
        await manager.start();
      },
      stop: () => owned.disposeAsync(),
    };
  },
});
