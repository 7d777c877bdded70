import { describe, expect, it } from 'vitest';
import { BluetoothRoom } from '../support/bluetooth/bluetooth-room.js';
import { GatewayProcess, TestFolder } from '../support/gateway-process.js';
import { describeSocat } from '../support/pty.js';
import { WireClient } from '../support/wire-client.js';

/** A machine on which native libraries are missing: the gateway runs all the same, and says what to install. */

/** Makes Node.js fail to find these, as if nobody had installed them. */
const without = (...packages: readonly string[]) => {
  const hook = `
    import { registerHooks } from 'node:module';
    const missing = new Set(${JSON.stringify(packages)});
    registerHooks({
      resolve(specifier, context, next) {
        if (missing.has(specifier)) throw new Error('Cannot find package ' + specifier);
        return next(specifier, context);
      },
    });`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };
};

describeSocat('without its native library', () => {
  it('Bluetooth is unavailable, and said to be so', async () => {
    await using folder = await TestFolder.create();
    await using room = await BluetoothRoom.create();
    await using running = await GatewayProcess.start(folder, { plugins: room.plugins }, without('@abandonware/noble'));
    const line = await running.line((msg) => msg.startsWith('plugin hardware-bluetooth is unavailable'));
    expect(line.msg).toContain('--ignore-scripts');
    const client = await WireClient.connect(running.url);
    expect(await client.ask({ StartScanning: {} })).toHaveProperty('Ok');
    client.webSocket.terminate();
  });
});

describe('a machine', () => {
  it.each([
    ['hardware-hid', 'node-hid', { driver: 'libusb' }, 'libusb-1.0-0'],
    ['hardware-lovense-dongle', 'node-hid', { enabled: true }, 'libusb-1.0-0'],
    ['hardware-lovense-dongle', '@serialport/bindings-cpp', { enabled: true, serialPort: '/dev/none' }, 'npm rebuild'],
    [
      'hardware-serial',
      '@serialport/bindings-cpp',
      { ports: [{ path: '/dev/none', protocol: 'tcode-v03' }] },
      'npm rebuild',
    ],
  ])('%s is unavailable without %s, and said to be so', async (plugin, library, section, remedy) => {
    await using folder = await TestFolder.create();
    await using running = await GatewayProcess.start(
      folder,
      { plugins: { [plugin]: section, 'hardware-simulated': { devices: [{ model: 'Pulsegate Testbed' }] } } },
      without(library),
    );
    const line = await running.line((msg) => msg.startsWith(`plugin ${plugin} is unavailable`));
    expect(line.msg).toContain(remedy);
    // Everything else works.
    await running.simulated.connected(1);
  });
});
