import { describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import { move } from '../../support/messages.js';
import { bootShaky } from '../../support/shaky-toys.js';
import { simulatedModels } from '../../support/simulated-models.js';

/** Those that go at once where they are sent have arrived before any stop (facts: protocols/kiiroo-v1). */
const ARRIVES_AT_ONCE = new Set(['kiiroo-v1']);

/** The first model of each protocol that goes to positions in given times. */
const table = protocols.flatMap((definition) => {
  const [found] = simulatedModels(definition).flatMap((model) =>
    model.features.flatMap(({ index, outputs: { HwPositionWithDuration: output } }) =>
      output ? [{ model, index, most: output.value[1] }] : [],
    ),
  );
  return definition.status === 'recognised' || !found ? [] : [[definition.id, definition, found] as const];
});

describe.each(table)('%s', (id, definition, { model, index, most }) => {
  /** What an estimate may be off, and what a device passes by before it is told. */
  const near = Math.max(2, most * 0.05);
  it.each([
    ['', 0, 0],
    [' whose packets it refuses twice', 2, 0],
    [' that crosses its packets on a slow link', 0, 200],
  ])('stays where it is on a stop%s, whatever its link is kept awake with', async (_how, refusals, latencyMs) => {
    const { gateway, toys, client } = await bootShaky(definition, [model], { needsKeepalive: true });
    await using _ = gateway;
    const [toy] = toys;
    if (!toy) throw new Error('There is no toy');
    const position = () => toy.level(index, 'HwPositionWithDuration');
    expect(await client.ask(move(0, index, most, 8000))).toHaveProperty('Ok');
    await gateway.clock.advance(2000);
    expect(position()).toBeGreaterThan(0);
    toy.refusals = refusals;
    toy.latencyMs = latencyMs;
    await gateway.clock.advance(250);
    const stoppedAt = position();
    expect(stoppedAt < most).toBe(!ARRIVES_AT_ONCE.has(id));
    expect(await client.ask({ StopCmd: {} })).toHaveProperty('Ok');
    await gateway.clock.advance(2000);
    const held = position();
    expect(Math.abs(held - stoppedAt)).toBeLessThanOrEqual(near);
    await gateway.clock.advance(30_000);
    expect(position()).toBe(held);
    expect(toy.connected).toBe(true);
  });
});
