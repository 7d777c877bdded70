import type { ModelDefinition, ProtocolDefinition } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import { type Booted, boot, type TestLine, type ToyState } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { level, move } from '../../support/messages.js';
import { type ModelOutput, outputsOf, simulatedModels, simulationOf } from '../../support/simulated-models.js';

/** Longer than any initialisation, and than any message gap, ms. */
const STARTED_MS = 10_000;
const MOVE_MS = 300;
const WRITTEN_MS = 400;

/** These end by themselves, wherever they are. */
const POSITIONS = new Set(['Position', 'HwPositionWithDuration']);

type Feature = ModelDefinition['features'][number];

/** Two devices of a model: one with a feature disabled in the settings, and one without settings. They get the same orders. */
interface Twins {
  readonly model: ModelDefinition;
  readonly disabled: Feature;
  readonly orders: readonly (readonly [output: ModelOutput, value: number])[];
  /** Device indexes. */
  readonly limited: number;
  readonly whole: number;
}

const drivable = ({ features }: ModelDefinition) => features.filter(({ outputs }) => Object.keys(outputs).length > 0);

/** Turns all outputs on one after another, then down, then off, so that each is driven while others are on. */
function ordersFor(features: readonly Feature[]): Twins['orders'] {
  const outputs = outputsOf(features);
  return [
    ...outputs.map((output) => [output, output.value[1]] as const),
    ...outputs.map((output) => [output, output.value[0]] as const),
    ...outputs.filter(({ value }) => value[0] < 0).map((output) => [output, 0] as const),
  ];
}

const twinsOf = (models: readonly ModelDefinition[]): readonly Twins[] =>
  models
    .flatMap((model) => drivable(model).map((disabled) => ({ model, disabled })))
    .map(({ model, disabled }, place) => ({
      model,
      disabled,
      orders: ordersFor(drivable(model).filter((feature) => feature !== disabled)),
      limited: 2 * place,
      whole: 2 * place + 1,
    }));

const orderOf = (device: number, { index, type }: ModelOutput, value: number) =>
  type === 'HwPositionWithDuration' ? move(device, index, value, MOVE_MS) : level(device, index, type, value);

async function bootTwins(folder: DataFolder, definition: ProtocolDefinition, twins: readonly Twins[]): Promise<Booted> {
  const devices = twins.flatMap(({ model, limited, whole }) =>
    [limited, whole].map((index) => ({
      ...simulationOf(definition, model),
      address: `device ${index}`,
      messageGap: 0,
    })),
  );
  const gateway = await boot({ devices, config: folder.config });
  await gateway.clock.advance(STARTED_MS);
  return gateway;
}

/** The settings file: every device has the index that its address says. */
const settingsFor = (twins: readonly Twins[]) =>
  DataFolder.withSettings(
    ...twins.flatMap(({ disabled: { index, outputs }, limited, whole }) => {
      const off = Object.fromEntries(Object.keys(outputs).map((type) => [type, { disabled: true }]));
      return [
        { address: `device ${limited}`, index: limited, features: { [index]: off } },
        { address: `device ${whole}`, index: whole },
      ];
    }),
  );

/** Gives one order to both, and one for what is disabled, which is refused. */
async function drive(client: TestLine, { limited, whole, disabled }: Twins, output: ModelOutput, value: number) {
  for (const device of [limited, whole]) {
    expect(await client.ask(orderOf(device, output, value))).toHaveProperty('Ok');
  }
  for (const other of outputsOf([disabled])) {
    expect(await client.ask(orderOf(limited, other, other.value[1]))).toHaveProperty('Error');
  }
}

function expectSame(toys: readonly ToyState[], { model, disabled, limited, whole }: Twins, about: string): void {
  const title = `${model.name} without feature ${disabled.index}: ${about}`;
  expect.soft(toys[limited]?.outputs, title).toEqual(toys[whole]?.outputs);
  expect.soft(toys[limited]?.connected, title).toBe(true);
}

const table = protocols
  .filter(({ status }) => status !== 'recognised')
  .flatMap((definition) => {
    const models = simulatedModels(definition).filter((model) => drivable(model).length > 1);
    return models.length > 0 ? [[definition.id, definition, models] as const] : [];
  });

describe.each(table)('devices of %s with a feature disabled', (_id, definition, models) => {
  it('do with the others what those without settings do, and stop', async () => {
    const twins = twinsOf(models);
    await using folder = await settingsFor(twins);
    await using gateway = await bootTwins(folder, definition, twins);
    const client = await gateway.connect();
    const steps = Math.max(...twins.map(({ orders }) => orders.length));
    for (let step = 0; step < steps; step += 1) {
      const driven = twins.flatMap((each) => {
        const order = each.orders[step];
        return order ? [{ each, order }] : [];
      });
      for (const { each, order } of driven) await drive(client, each, ...order);
      await gateway.clock.advance(WRITTEN_MS);
      const toys = await gateway.toys();
      for (const { each, order } of driven) expectSame(toys, each, `${order[0].type} ${order[1]}`);
    }
    for (const { limited, orders } of twins) {
      for (const [output] of orders) await client.ask(orderOf(limited, output, output.value[1]));
    }
    expect(await client.ask({ StopCmd: {} })).toHaveProperty('Ok');
    await gateway.clock.advance(STARTED_MS);
    for (const { name, outputs } of await gateway.toys()) {
      const running = outputs.filter(({ type, level: at }) => !POSITIONS.has(type) && at !== 0);
      expect.soft(running, `${name} after a stop`).toEqual([]);
    }
  });
});
