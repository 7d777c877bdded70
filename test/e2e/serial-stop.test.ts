import { expect, it } from 'vitest';
import { GatewayProcess, TestFolder } from '../support/gateway-process.js';
import { NO_RADIO } from '../support/no-radio.js';
import { describeSocat, Pty } from '../support/pty.js';
import { keepsPromise, PATIENCE_MS } from '../support/timing.js';
import { WireClient } from '../support/wire-client.js';

/** Longest from the signal to the stop that a device on a serial port has got, ms. */
const STOP_LIMIT_MS = 1_000;
/** What the device is told to stop: one byte, as every level is. */
const STOP = 'p';

const startOn = (folder: TestFolder, pty: Pty) =>
  GatewayProcess.start(folder, {
    plugins: {
      ...NO_RADIO,
      'hardware-simulated': { devices: [] },
      'hardware-serial': { ports: [{ path: pty.path, protocol: 'nobra' }] },
    },
  });

/** A client that sets another level every 5 ms. Resolves when the device moves. */
async function drive(running: GatewayProcess, pty: Pty) {
  const client = await WireClient.connect(running.url);
  await running.line((msg) => msg.startsWith('connected: '));
  pty.heard = '';
  let level = 0;
  const timer = setInterval(() => {
    level = (level % 15) + 1;
    client.tell({
      OutputCmd: { Id: 1_000_000, DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: level } } },
    });
  }, 5);
  void client.closed.then(() => clearInterval(timer));
  await expect.poll(() => pty.heard.length, { interval: 2, timeout: PATIENCE_MS }).toBeGreaterThan(10);
}

describeSocat('a gateway that is ended in the middle of driving a serial port', () => {
  it('has the stop on the wire before it closes the port', async () => {
    await using pty = await Pty.create();
    await using folder = await TestFolder.create();
    await using running = await startOn(folder, pty);
    await drive(running, pty);
    await keepsPromise(STOP_LIMIT_MS, async () => {
      const from = performance.now();
      running.signal('SIGTERM');
      await expect.poll(() => pty.heard, { interval: 2, timeout: PATIENCE_MS }).toMatch(/p$/);
      return performance.now() - from;
    });
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect(pty.heard.endsWith(STOP)).toBe(true);
  });

  it('waits for a device that reads its packets late', async () => {
    await using pty = await Pty.create();
    await using folder = await TestFolder.create();
    await using running = await startOn(folder, pty);
    await drive(running, pty);
    await pty.hang();
    running.signal('SIGTERM');
    setTimeout(() => pty.recover(), 400);
    expect(await running.exited).toEqual({ code: 0, signal: null });
    await expect.poll(() => pty.heard, { interval: 2, timeout: PATIENCE_MS }).toMatch(/p$/);
  });
});
