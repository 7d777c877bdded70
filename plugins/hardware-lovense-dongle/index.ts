import { definePlugin, describeError, HARDWARE, PLUGIN_API, PluginError } from 'pulsegate/plugin';
import { config } from './config.js';
import { DongleManager } from './manager.js';

export default definePlugin({
  name: 'hardware-lovense-dongle',
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Lovense toys through the USB dongle of the maker',
  config,
  create({ name, config: { hid, serialPort, rescan }, clock, log, use }) {
    const owned = new AsyncDisposableStack();
    return {
      async start() {
        const { openHidDongle, openSerialDongle } = await import('./port.js').catch((error: unknown) => {
          throw new PluginError(
            name,
            `a native library does not load on this system (${describeError(error)}); on Linux it needs two libraries of the system (Debian, Ubuntu, Raspberry Pi OS: \`sudo apt install libudev1 libusb-1.0-0\`)`,
            { cause: error },
          );
        });
        const open = async () => {
          if (serialPort !== undefined) return openSerialDongle(serialPort);
          return hid ? openHidDongle() : undefined;
        };
        const manager = new DongleManager({ open, rescanMs: rescan, clock, log });
        owned.defer(() => manager.close());
        // First of all: the toy is stopped while the dongle is open.
        owned.use(use(HARDWARE).attach(manager));
        await manager.start();
      },
      stop: () => owned.disposeAsync(),
    };
  },
});
