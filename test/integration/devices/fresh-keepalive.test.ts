import type { ProtocolDefinition } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { honeyplaybox } from '../../../plugins/protocols/honeyplaybox.js';
import { sexverseV3 } from '../../../plugins/protocols/sexverse-v3.js';
import { tryfunBlackhole } from '../../../plugins/protocols/tryfun-blackhole.js';
import { tryfunMeta2 } from '../../../plugins/protocols/tryfun-meta2.js';
import { youou } from '../../../plugins/protocols/youou.js';
import { level } from '../../support/messages.js';
import { bootShaky, levelledOutputs, modelsOfEveryKind } from '../../support/shaky-toys.js';

/** Boots a toy with a link that must not be idle, and writes down what it takes. */
async function kept(definition: ProtocolDefinition) {
  const [model] = modelsOfEveryKind(definition);
  if (!model) throw new Error(`${definition.id} has no model`);
  const { gateway, toys, client } = await bootShaky(definition, [model], { needsKeepalive: true });
  const [toy] = toys;
  if (!toy) throw new Error('There is no toy');
  const taken: string[] = [];
  toy.onTaken = (hex) => taken.push(hex);
  return { gateway, toy, client, taken, outputs: levelledOutputs(model) };
}

const numberAt = (place: number) => (hex: string) => Number.parseInt(hex.slice(2 * place, 2 * place + 2), 16);

describe('a toy that counts its packets', () => {
  it.each([
    ['honeyplaybox', honeyplaybox, numberAt(6)],
    ['tryfun-blackhole', tryfunBlackhole, numberAt(0)],
    ['tryfun-meta2', tryfunMeta2, numberAt(0)],
    ['youou', youou, numberAt(2)],
  ])('%s gets no number twice, whatever keeps its link awake', async (_id, definition, numberOf) => {
    const { gateway, toy, client, taken, outputs } = await kept(definition);
    await using _ = gateway;
    const everyLevel = () => outputs.map(({ index, type }) => toy.level(index, type));
    await client.ask(level(0, outputs[0]?.index ?? 0, outputs[0]?.type ?? 'Vibrate', 9));
    await gateway.clock.advance(20_000);
    expect(everyLevel()[0]).toBe(9);
    await client.ask({ StopCmd: {} });
    await gateway.clock.advance(20_000);
    expect(everyLevel().every((at) => at === 0)).toBe(true);
    expect(taken.length).toBeGreaterThan(7);
    const numbers = taken.map(numberOf);
    expect(numbers).toEqual(numbers.map((_, place) => ((numbers[0] ?? 0) + place) & 0xff));
  });
});

describe('a Zeus', () => {
  it('hears of each of its motors again and again, of the newest level alone', async () => {
    const { gateway, client, taken } = await kept(sexverseV3);
    await using _ = gateway;
    await client.ask(level(0, 0, 'Vibrate', 5));
    await client.ask(level(0, 1, 'Oscillate', 7));
    await gateway.clock.advance(200);
    taken.splice(0);
    await gateway.clock.advance(400);
    expect(taken.toSorted()).toEqual(['a1040501', 'a1040501', 'a1040702', 'a1040702']);
    await client.ask(level(0, 0, 'Vibrate', 0));
    await gateway.clock.advance(200);
    taken.splice(0);
    await gateway.clock.advance(400);
    expect(taken.toSorted()).toEqual(['a1040001', 'a1040001', 'a1040702', 'a1040702']);
    await client.ask({ StopCmd: {} });
    await gateway.clock.advance(200);
    taken.splice(0);
    await gateway.clock.advance(400);
    expect(taken.toSorted()).toEqual(['a1040001', 'a1040001', 'a1040002', 'a1040002']);
  });
});
