import {
  definePlugin,
  describeError,
  HARDWARE,
  loadSerialPorts,
  PLUGIN_API,
  PluginError,
  problem,
  type Static,
} from 'pulsegate/plugin';
import { config } from './config.js';
import { examineDongle } from './examine.js';
import { DongleManager } from './manager.js';
import { type DonglePort, openHidDongle, openSerialDongle } from './port.js';

const NAME = 'hardware-lovense-dongle';

export default definePlugin({
  name: NAME,
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Lovense toys through the USB dongle of the maker',
  config,
  async examine({ config: options }) {
    try {
      return await examineDongle(await opener(NAME, options), options);
    } catch (error) {
      return [problem(describeError(error))];
    }
  },
  create({ name, config: options, clock, log, use }) {
    const owned = new AsyncDisposableStack();
    return {
      async start() {
        const open = await opener(name, options);
        const manager = new DongleManager({ open, rescanMs: options.rescan, clock, log });
        owned.defer(() => manager.close());
        // First of all: the toy is stopped while the dongle is open.
        owned.use(use(HARDWARE).attach(manager));
        await manager.start();
      },
      stop: () => owned.disposeAsync(),
    };
  },
});

type OpenDongle = () => Promise<DonglePort | undefined>;

/**
 * What opens the dongle that is meant, which resolves with undefined where there is none. Of the native libraries only the one
 * that it takes is loaded; rejects with a GatewayError when that is not there.
 */
async function opener(plugin: string, { hid, serialPort }: Static<typeof config>): Promise<OpenDongle> {
  if (serialPort !== undefined) {
    const open = await loadSerialPorts();
    return () => openSerialDongle(open, serialPort);
  }
  if (!hid) return async () => undefined;
  const { default: library } = await import('node-hid').catch((error: unknown) => {
    throw new PluginError(
      plugin,
      `the native library for HID devices does not load on this system (${describeError(error)}); on Linux it needs two libraries of the system (Debian, Ubuntu, Raspberry Pi OS: \`sudo apt install libudev1 libusb-1.0-0\`)`,
      { cause: error },
    );
  });
  return () => openHidDongle(library);
}
