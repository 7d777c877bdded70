import { expect, it } from 'vitest';
import { startLive } from '../../support/live-gateway.js';
import { describeSocat, Pty } from '../../support/pty.js';
import { PATIENCE_MS } from '../../support/timing.js';

const ROUNDS = 4;

describeSocat('a Lovense dongle on a serial port', () => {
  it('is gone when it is pulled out while it talks', { timeout: 30_000 }, async () => {
    await using pty = await Pty.create();
    await using live = await startLive({
      devices: 0,
      config: {
        plugins: {
          'hardware-simulated': { devices: [] },
          'hardware-lovense-dongle': { enabled: true, hid: false, serialPort: pty.path, rescan: 500 },
        },
      },
    });
    const times = (text: string) => live.log.filter((line) => line.includes(text)).length;
    for (let round = 1; round <= ROUNDS; round++) {
      await expect.poll(() => times('is plugged in"'), { timeout: PATIENCE_MS }).toBe(round);
      const talking = setInterval(() => pty.say(new Uint8Array(65_536).fill(46)), 1);
      await expect.poll(() => pty.taken, { interval: 5, timeout: PATIENCE_MS }).toBeGreaterThan(1_000_000);
      await pty.unplug();
      clearInterval(talking);
      await expect.poll(() => times(`the Lovense dongle on ${pty.path} is gone`), { timeout: 2_000 }).toBe(round);
      await pty.plugIn();
    }
  });
});
