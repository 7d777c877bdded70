import { expect, it } from 'vitest';
import { BrokenBus } from '../support/bluetooth/broken-bus.js';
import { EmulatedBluez } from '../support/bluetooth/emulated-bluez.js';
import { describeDbus, PrivateBus } from '../support/bluetooth/private-bus.js';
import { GatewayProcess, TestFolder } from '../support/gateway-process.js';
import { level } from '../support/messages.js';
import { WireClient } from '../support/wire-client.js';

/** What becomes of a gateway whose D-Bus does not let it in. */

describeDbus('a D-Bus that', () => {
  it.each([
    ['hangs up at once', 'D-Bus has ended; install and start BlueZ'],
    ['hangs up when asked who comes', 'D-Bus has ended; install and start BlueZ'],
    ['hangs up when it has let in', 'D-Bus has ended; install and start BlueZ'],
    ['knows nobody', 'D-Bus does not let this program in; end programs'],
    ['offers nothing', 'D-Bus does not let this program in; end programs'],
    ['refuses the greeting', 'D-Bus does not let this program in (The maximum number of active connections'],
    ['speaks something else', 'D-Bus does not let this program in; end programs'],
    ['says nothing', 'it does not answer'],
  ] as const)(
    '%s is said to, is tried again, and disturbs nothing else',
    async (illness, sentence) => {
      await using bus = await PrivateBus.start();
      await bus.kill();
      const broken = await BrokenBus.at(bus.address, illness);
      await using _broken = broken;
      await using folder = await TestFolder.create();
      const plugins = {
        'hardware-simulated': { devices: [{ model: 'Lovense Edge' }] },
        'hardware-bluetooth': { binding: 'dbus' },
      };
      const env = { DBUS_SYSTEM_BUS_ADDRESS: bus.address };
      await using running = await GatewayProcess.start(folder, { plugins }, env);
      const { msg } = await running.line((line) => line.includes('Bluetooth cannot be used'));
      expect(msg).toContain(`Bluetooth cannot be used: ${sentence}`);
      if (sentence.includes('let this program in')) expect(msg).toContain('end programs of this user');
      const client = await WireClient.connect(running.url);
      await expect.poll(() => broken.visits, { interval: 20, timeout: 15_000 }).toBeGreaterThanOrEqual(2);
      expect(await client.ask(level(0, 0, 'Vibrate', 5))).toHaveProperty('Ok');
      await broken[Symbol.asyncDispose]();
      await bus.restart();
      using _bluez = await EmulatedBluez.start(bus.address, []);
      await running.line((line) => line === 'Bluetooth devices are reached through BlueZ');
      expect(running.lines.filter((line) => line.msg === msg)).toHaveLength(1);
      expect(running.otherOutput).toEqual([]);
      client.webSocket.terminate();
    },
    60_000,
  );
});
