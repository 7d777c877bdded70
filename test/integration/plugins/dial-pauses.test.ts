import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { PATIENCE_MS } from '../../support/timing.js';

const STEP_MS = 25;

it('calls an address that does not answer less and less often, up to every 30 s, and never gives up', async () => {
  const rude = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(rude, 'listening');
  const address = rude.address();
  const url = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  await using gateway = await boot({ config: { plugins: { 'transport-websocket': { dial: [{ url }] } } } });
  const { clock, log } = gateway;
  const count = (text: string) => log.filter((line) => line.includes(`${text} ${url}`)).length;

  for (const [place, longest] of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000].entries()) {
    const calls = place + 1;
    await expect.poll(() => count('cannot reach'), { interval: 5, timeout: PATIENCE_MS }).toBe(calls);
    const since = clock.now();
    while (count('calling') === calls) await clock.advance(STEP_MS);
    const pause = clock.now() - since;
    expect(pause).toBeGreaterThanOrEqual(longest * 0.75);
    expect(pause).toBeLessThanOrEqual(longest + STEP_MS);
  }
  expect(log.filter((line) => line.includes('"level":40') && line.includes(url))).toHaveLength(1);
  rude.close();
});
