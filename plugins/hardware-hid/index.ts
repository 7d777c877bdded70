import { definePlugin, describeError, fine, HARDWARE, PLUGIN_API, PROTOCOLS, problem } from 'pulsegate/plugin';
import { config } from './config.js';
import { type HidLibrary, loadHid } from './hid-library.js';
import { isWorthLoading } from './kernel-devices.js';
import { HidManager, wantedIds } from './manager.js';

const NAME = 'hardware-hid';

export default definePlugin({
  name: NAME,
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Devices that are plugged in, or paired, as HID devices: controllers and some toys',
  config,
  async examine({ config: { driver } }) {
    try {
      const devices = await (await loadHid(NAME, driver)).devices();
      return [fine(`${devices.length} HID devices are plugged in`)];
    } catch (error) {
      return [problem(describeError(error))];
    }
  },
  create({ name, config: { driver, rescan: rescanMs }, clock, log, use }) {
    const owned = new AsyncDisposableStack();
    return {
      async start() {
        const protocols = use(PROTOCOLS);
        let library: Promise<HidLibrary> | undefined;
        const load = async () => {
          if (!library && !(await isWorthLoading(driver, wantedIds(protocols)))) return undefined;
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
