import { describe, expect, it } from 'vitest';
import type { ModelDefinition } from '../../../core/catalogue/definition.js';
import { protocols } from '../../../plugins/protocols/index.js';
import { boot, type Message } from '../../support/boot.js';
import { level, move } from '../../support/messages.js';
import { type ModelOutput, outputsOf, simulatedModels, simulationOf } from '../../support/simulated-models.js';

/** Longer than any initialisation, and than any message gap, ms. */
const STARTED_MS = 10_000;
const WRITTEN_MS = 100;
const MOVE_MS = 500;

const table = protocols
  .filter(({ status }) => status !== 'recognised')
  .map((definition) => [definition.id, definition] as const);

/** An order for each end of every output, and for one step beyond. */
function ordersFor(deviceIndex: number, { features }: ModelDefinition) {
  const outputs = outputsOf(features);
  const order = ({ index, type }: ModelOutput, value: number): Message =>
    type === 'HwPositionWithDuration'
      ? move(deviceIndex, index, value, MOVE_MS)
      : level(deviceIndex, index, type, value);
  return {
    ends: outputs.flatMap((output) => [order(output, output.value[1]), order(output, Math.min(0, output.value[0]))]),
    tops: outputs.map((output) => order(output, output.value[1])),
    beyond: outputs.map((output) => order(output, output.value[1] + 1)),
  };
}

describe.each(table)('simulated devices of %s', (_id, definition) => {
  it('start up, are driven to every end, stop, and are still', async () => {
    const meant = simulatedModels(definition);
    await using gateway = await boot({
      devices: meant.map((model) => ({ ...simulationOf(definition, model), messageGap: 0 })),
    });
    await gateway.clock.advance(STARTED_MS);
    const client = await gateway.connect();
    expect(gateway.log.filter((line) => line.includes('could not connect'))).toEqual([]);
    for (const [deviceIndex, model] of meant.entries()) {
      const { ends, tops, beyond } = ordersFor(deviceIndex, model);
      for (const order of [...ends, ...tops]) {
        expect(await client.ask(order), `${model.name}: ${JSON.stringify(order)}`).toHaveProperty('Ok');
        await gateway.clock.advance(WRITTEN_MS);
      }
      for (const order of beyond) {
        expect(await client.ask(order), `${model.name}: ${JSON.stringify(order)}`).toHaveProperty('Error');
      }
    }
    expect(await client.ask({ StopCmd: {} })).toHaveProperty('Ok');
    await gateway.clock.advance(2 * MOVE_MS + STARTED_MS);
    for (const toy of await gateway.toys()) {
      expect(toy.decoded, toy.name).toBe(true);
      expect(toy.connected, toy.name).toBe(true);
      const running = toy.outputs.filter(
        ({ type, level: at }) => type !== 'Position' && type !== 'HwPositionWithDuration' && at !== 0,
      );
      expect(running, toy.name).toEqual([]);
    }
  });
});
