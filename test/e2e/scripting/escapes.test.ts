import { afterAll, describe, expect, it } from 'vitest';
import { Arena, PING_PROMISE_MS, type Result } from '../../support/scripting/escape-arena.js';
import type { Attempt } from '../../support/scripting/escape-attempt.js';
import { files } from '../../support/scripting/escape-files.js';
import { floods } from '../../support/scripting/escape-floods.js';
import { exits, loops } from '../../support/scripting/escape-loops.js';
import { bombs, hog, lost } from '../../support/scripting/escape-memory.js';
import { messages } from '../../support/scripting/escape-messages.js';
import { pollution, sabotage } from '../../support/scripting/escape-pollution.js';
import { values } from '../../support/scripting/escape-values.js';
import { walks } from '../../support/scripting/escape-walks.js';
import { PATIENCE_MS } from '../../support/timing.js';

/**
 * Scripts that try to get out of their sandbox, or to harm whoever is beside it. Each runs on a real gateway with a real script host,
 * while an app on the network pings a hundred times a second and another script drives a device twenty times a second. Neither may
 * notice anything, and no secret of the gateway, of its environment or of another script may turn up anywhere.
 */

const RUNNING_AGAIN_MS = 2000;
const SOMEBODY_ELSE: Attempt = {
  name: 'somebody else',
  code: `console.log('here');`,
  says: ['here'],
  ends: 'finished',
};

/** How long the app on the network waited, over the whole file. */
const results: Result[] = [];

/** One arena for many tests, opened by the first of them. */
function arenaOf(attempts: readonly Attempt[]): () => Promise<Arena> {
  let arena: Promise<Arena> | undefined;
  afterAll(async () => {
    const opened = await arena;
    results.push(...(opened?.results ?? []));
    await opened?.[Symbol.asyncDispose]();
  });
  return () => {
    arena ??= Arena.open({ attempts });
    return arena;
  };
}

describe.each([
  ['looks for a way out', walks],
  ['replaces what the runtime is made of', pollution],
  ['speaks in place of the runtime', messages],
  ['hands over or throws what nobody expects', values],
  ['wants files, hosts and keys of others', files],
  ['says and asks more than anybody can take', floods],
  ['does not end', loops],
  ['ends while one of its modules goes on', exits],
  ['wants all memory there is', bombs],
])('a script that %s', (_what, attempts) => {
  const open = arenaOf(attempts);

  it.each(attempts)('finds nothing and harms nobody: $name', async (attempt) => {
    await (await open()).survives(attempt);
  });
});

it('many scripts that break the runtime, each its own, harm nobody else', async () => {
  await using arena = await Arena.open({ attempts: sabotage });
  await arena.survives(...sabotage);
  results.push(...arena.results);
});

describe('a script that cannot be ended', () => {
  const open = arenaOf([...lost, SOMEBODY_ELSE]);

  it.each(lost)('has lost its thread; the others stay, and new ones run elsewhere: $name', async (attempt) => {
    const arena = await open();
    const { gateway, scripts } = arena;
    const before = gateway.lines.length;
    const { pid } = (await scripts.all()).host;
    await arena.survives(attempt);
    const isLost = () =>
      gateway.lines.slice(before).some(({ msg }) => msg.includes(`${attempt.name} could not be ended`));
    await expect.poll(isLost, { timeout: PATIENCE_MS }).toBe(true);
    await arena.survives(SOMEBODY_ELSE);
    const { host } = await scripts.all();
    expect(host.pid).toBeTypeOf('number');
    expect(host.pid).not.toBe(pid);
  });
});

it('a script that takes the memory of the whole host takes it down; the others run again within 2 s', async () => {
  await using arena = await Arena.open({ attempts: [hog], section: { hostMemoryMb: 128 } });
  const { gateway, scripts } = arena;
  await scripts.act(hog.name, 'start');
  await expect.poll(async () => (await scripts.get('steady')).starts, { timeout: PATIENCE_MS }).toBe(2);
  await scripts.reaches('steady', 'running');
  await scripts.act(hog.name, 'stop');
  const goneAt = gateway.lines.find(({ msg }) => msg.includes('more than scripts.hostMemoryMb allows'))?.time ?? 0;
  const backAt = gateway.lines.findLast(({ msg }) => msg.startsWith('client connected: steady'))?.time ?? 0;
  expect(goneAt).toBeGreaterThan(0);
  expect(backAt - goneAt).toBeLessThan(RUNNING_AGAIN_MS);
  await arena.steadyGoesOn();
});

it(`no reply to a ping took ${PING_PROMISE_MS} ms`, () => {
  const slowest = results.toSorted((left, right) => right.slowestMs - left.slowestMs).slice(0, 5);
  const shown = slowest.map(
    ({ names: [name], slowestMs, pauseMs }) =>
      `${slowestMs.toFixed(1)} ms (the machine paused for ${pauseMs.toFixed(1)} ms): ${name}`,
  );
  const attempts = results.flatMap(({ names }) => names).length;
  const pings = results.reduce((sum, { replies }) => sum + replies, 0);
  process.stdout.write(`${attempts} attempts, ${pings} pings, the slowest replies:\n  ${shown.join('\n  ')}\n`);
  expect(slowest[0]?.slowestMs ?? 0).toBeLessThan(PING_PROMISE_MS);
});
