import { describe, expect, it } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../../support/live-gateway.js';
import { keepsPromise, PATIENCE_MS, STOP_PROMISE_MS } from '../../support/timing.js';

/** What one script does to itself, and to the process it runs in, is no matter of the others. */

const OTHER_TESTBED = 'pulsegate-testbed-2';
const BUTTON = 12;
const DEVICES = { 'hardware-simulated': { devices: [{ model: 'Pulsegate Testbed' }, { model: 'Pulsegate Testbed' }] } };
const RUNNING_AGAIN_MS = 2000;

/** Drives the second testbed, a little more every 50 ms. */
const STEADY = `
  const device = devices.find(1);
  let step = 0;
  every(50, () => { step += 1; return device.vibrate((step % 20) / 20); });`;

const bombing = (deed: string) => `
  const device = devices.find(0);
  device.on('button', (pressed) => { if (pressed) { ${deed} } });
  await device.vibrate(0.5);`;

/** Until the first device stands still after its button was pressed, ms. */
async function stopAfterPress(live: LiveGateway): Promise<number> {
  const before = (await live.simulated.state(TESTBED)).packets.length;
  const pressedAt = Date.now();
  await live.simulated.sense(TESTBED, BUTTON, 1);
  const stops = async () =>
    (await live.simulated.state(TESTBED)).packets.slice(before).filter(({ hex }) => hex === '01000000');
  await expect.poll(async () => (await stops()).length, { interval: 5, timeout: PATIENCE_MS }).toBeGreaterThan(0);
  const [first] = await stops();
  return Date.parse(first?.time ?? '') - pressedAt;
}

/** The steady script goes on in the same session: its device gets new levels. */
async function goesOn(live: LiveGateway, session: string | undefined): Promise<void> {
  const { packets } = await live.simulated.state(OTHER_TESTBED);
  const last = packets.at(-1)?.time;
  await expect
    .poll(async () => (await live.simulated.state(OTHER_TESTBED)).packets.at(-1)?.time, { timeout: PATIENCE_MS })
    .not.toBe(last);
  expect(live.script('steady')).toMatchObject({ state: 'running', starts: 1, session });
}

const start = (deed: string, section: object = {}) =>
  startLive({
    config: { plugins: DEVICES, scripts: section },
    devices: 2,
    scripts: { 'steady.js': STEADY, 'bomb.js': bombing(deed) },
  });

async function bothRun(live: LiveGateway): Promise<void> {
  await live.scriptReaches('steady', 'running');
  await live.scriptReaches('bomb', 'running');
  await live.simulated.reaches(TESTBED, 0, 10);
}

describe('a fault of one script', () => {
  it.each([
    ['a loop', 'for (;;);'],
    ['a loop of promises', '(async () => { for (;;) await null; })();'],
    ['objects without end', 'const all = []; for (;;) all.push({ all: {} });'],
    ['lists without end', 'const all = []; for (;;) all.push(new Array(1000).fill(1));'],
    ['text without end', 'const all = []; for (;;) all.push("text " + all.length);'],
    ['buffers without end', 'const all = []; for (;;) all.push(new Uint8Array(1e6));'],
    ['a map without end', 'const all = new Map(); for (;;) all.set(all.size, {});'],
    ['a storm of commands', 'for (let n = 0; n < 1e6; n += 1) device.vibrate(0.5).catch(() => {});'],
    ['a search without end', 'const all = []; all.length = 2 ** 32 - 1; all.indexOf(1);'],
    ['a list filled without end', 'new Array(1e9).fill(1);'],
    // The engine does not look up from these until it is done, which takes long: the thread is lost, and nothing else.
    ['a number without end', '(2n ** 60_000_000n).toString();'],
    ['a walk without end', 'Array.prototype.shift.call({ length: 2 ** 53 - 1 });'],
  ])('%s: its device stops within the ping time, and the others do not notice', async (_name, deed) => {
    await keepsPromise(1000 + STOP_PROMISE_MS, async () => {
      await using live = await start(deed);
      await bothRun(live);
      const { session } = live.script('steady');
      const took = await stopAfterPress(live);
      await expect.poll(() => live.script('bomb').lastError?.message, { timeout: PATIENCE_MS }).toBeTruthy();
      await goesOn(live, session);
      return took;
    });
  });
});

describe('a fault of the script host', () => {
  it('killed: devices stop at once, and every script runs again within 2 s', async () => {
    await keepsPromise(STOP_PROMISE_MS, async () => {
      await using live = await start('');
      await bothRun(live);
      const { pid } = live.gateway.scripts.host;
      const before = (await live.simulated.state(TESTBED)).packets.length;
      const killedAt = Date.now();
      process.kill(pid ?? 0, 'SIGKILL');
      const stops = async () =>
        (await live.simulated.state(TESTBED)).packets.slice(before).filter(({ hex }) => hex === '01000000');
      await expect.poll(async () => (await stops()).length, { interval: 5, timeout: PATIENCE_MS }).toBeGreaterThan(0);
      const [stop] = await stops();

      await live.simulated.reaches(TESTBED, 0, 10);
      await live.scriptReaches('steady', 'running');
      expect(Date.now() - killedAt).toBeLessThan(RUNNING_AGAIN_MS);
      expect(live.script('steady').starts).toBe(2);
      expect(live.gateway.scripts.host.pid).not.toBe(pid);
      return Date.parse(stop?.time ?? '') - killedAt;
    });
  });

  it('one that takes too much memory is killed, and every script runs again', async () => {
    await using live = await start('for (;;) "text".repeat(2 ** 24).split("");', {
      hostMemoryMb: 128,
      memoryMb: 512,
      cpuMs: 10_000,
      wallMs: 30_000,
      maxPingTime: 60_000,
    });
    await bothRun(live);
    const { pid } = live.gateway.scripts.host;
    await live.simulated.sense(TESTBED, BUTTON, 1);
    await expect.poll(() => live.script('steady').starts, { timeout: PATIENCE_MS }).toBe(2);
    await live.scriptReaches('steady', 'running');
    expect(live.gateway.scripts.host.pid).not.toBe(pid);
    expect(live.log.join('\n')).toContain('more than scripts.hostMemoryMb allows');
  });
});
