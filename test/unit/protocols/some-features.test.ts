import {
  type FeatureDefinition,
  isPositionType,
  type ModelDefinition,
  type ProtocolDefinition,
} from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import type { SimulatedDevice } from '../../support/protocol-harness.js';
import { outputsOf } from '../../support/simulated-models.js';
import { toyOf } from '../../support/toy-of-model.js';

/** Tables from files may leave features of a model out. The others' motors are those with the same index all the same. */

interface OtherForm {
  readonly why: string;
  /** What the motors of the simulated toy do instead, where they do not what they do for the whole model. */
  readonly motors?: 'first runs all' | 'none may run';
}

const SHORTER: OtherForm = {
  why: 'A packet has as many places as the highest index needs: of the motors after that, nobody knows.',
  motors: 'none may run',
};
const TOLD_TWICE: OtherForm = {
  why: 'A model with nothing but feature 0 is one with one motor, and those are told its level in both places.',
  motors: 'first runs all',
};

/** Where a feature that is alone has other packets than among the others, by protocol. Everywhere else they are the same. */
const ALONE: Readonly<Record<string, OtherForm>> = {
  galaku: { why: 'A model with nothing but feature 0 has frames of another kind.', motors: 'none may run' },
  honeyplaybox: SHORTER,
  lovense: { why: 'With nothing but feature 0 there is no number to tell, and all run.', motors: 'first runs all' },
  'lovehoney-desire': { why: 'With nothing but feature 0 the packet is the one for all.', motors: 'first runs all' },
  'magic-motion-4': TOLD_TWICE,
  monsterpub: SHORTER,
  mysteryvibe: SHORTER,
  'mysteryvibe-v2': SHORTER,
  satisfyer: SHORTER,
  'sensee-v2': { why: 'A packet has a section for every kind of motor that there is.' },
  'sexverse-v1': { why: 'A packet has a list of the motors that there are.', motors: 'none may run' },
  'svakom-v4': {
    why: 'With nothing but feature 0 there is nothing to choose, and both run.',
    motors: 'first runs all',
  },
  'svakom-v6': {
    why: 'With nothing but feature 0 there is nothing to choose, and both run.',
    motors: 'first runs all',
  },
  'svakom-barney': { why: 'With nothing but feature 0, there is nothing to choose.', motors: 'first runs all' },
  vibratissimo: SHORTER,
  wevibe: TOLD_TWICE,
  'wevibe-8bit': TOLD_TWICE,
  'wevibe-chorus': TOLD_TWICE,
};

/** The same for a feature together with the last one. */
const WITH_LAST: Readonly<Record<string, OtherForm>> = {
  'sensee-v2': { why: 'A packet has a section for every kind of motor that there is.' },
  'sexverse-v1': { why: 'A packet has a list of the motors that there are.', motors: 'none may run' },
};

const hasOutputs = ({ outputs }: FeatureDefinition) => Object.keys(outputs).length > 0;

/** The models with more than one feature to drive. */
const cases = protocols
  .filter(({ status }) => status !== 'recognised')
  .flatMap((definition) => {
    const models = definition.models.filter((model) => model.features.filter(hasOutputs).length > 1);
    return models.length > 0 ? [[definition.id, definition, models] as const] : [];
  });

/** What every motor of the model does, in a list. */
const motors = (model: ModelDefinition, { toy }: SimulatedDevice) =>
  outputsOf(model.features).map(({ index, type }) => ({
    index,
    type,
    does: isPositionType(type) ? toy.target(index) : toy.level(index, type),
  }));

/** Drives one feature through its levels on the whole model and on one with `kept` only, and compares. */
async function compare(
  definition: ProtocolDefinition,
  model: ModelDefinition,
  feature: FeatureDefinition,
  kept: readonly FeatureDefinition[],
  other: OtherForm | undefined,
): Promise<void> {
  const whole = await toyOf(definition, model);
  const some = await toyOf(definition, model, kept);
  whole.driver.link.take();
  some.driver.link.take();
  for (const { index, type, value, duration = [0, 0] } of outputsOf([feature])) {
    for (const level of new Set([value[1], Math.ceil(value[1] / 2), value[0], 1, 0])) {
      for (const { driver } of [whole, some]) {
        driver.drive(index, type, level, duration[1]);
        await driver.clock.advance(duration[1] + 1000);
      }
      const about = `${model.name}, feature ${index} of ${kept.map((each) => each.index)}: ${type} ${level}`;
      const [expected, packets] = [whole.driver.link.take(), some.driver.link.take()];
      if (!other) expect.soft(packets, about).toEqual(expected);
      const isFirst = index === 0 && kept.length === 1;
      for (const [at, motor] of motors(model, some).entries()) {
        const meant = motors(model, whole)[at];
        const isFree = other?.motors === 'none may run' || (other?.motors === 'first runs all' && isFirst);
        if (!isFree) expect.soft(motor, about).toEqual(meant);
        else if (other.motors === 'none may run') expect.soft([meant?.does, 0], about).toContain(motor.does);
        else expect.soft([level, motor.index === index ? level : 0], about).toContain(motor.does);
      }
    }
  }
  some.driver.drive(feature.index, ...strongestOf(feature));
  some.driver.stop();
  const running = motors(model, some).filter(({ type, does }) => !isPositionType(type) && does !== 0);
  expect.soft(running, `${model.name}, feature ${feature.index}: after a stop`).toEqual([]);
  whole.driver.close();
  some.driver.close();
}

function strongestOf(feature: FeatureDefinition) {
  const [strongest] = outputsOf([feature]).map(
    ({ type, value, duration = [0, 0] }) => [type, value[1], duration[1]] as const,
  );
  if (!strongest) throw new Error(`Feature ${feature.index} has no output`);
  return strongest;
}

describe.each(cases)('%s', (id, definition, models) => {
  it('drives a feature that is alone in its table as it does among the others', async () => {
    for (const model of models) {
      for (const feature of model.features.filter(hasOutputs)) {
        await compare(definition, model, feature, [feature], ALONE[id]);
      }
    }
  });

  it('drives a feature that only the last one stands beside as it does among the others', async () => {
    for (const model of models) {
      const driven = model.features.filter(hasOutputs);
      for (const feature of driven.slice(0, -1)) {
        await compare(definition, model, feature, [feature, ...driven.slice(-1)], WITH_LAST[id]);
      }
    }
  });
});

/** These tell their motors apart by what they do: the index does not count. */
const BY_TYPE = ['cowgirl', 'feelingso', 'galaku-pump', 'sexverse-lg389'];

it.each(BY_TYPE)('%s finds each kind of motor under any index', async (id) => {
  for (const [, definition, models] of cases.filter(([other]) => other === id)) {
    for (const model of models) {
      const moved = model.features.map((feature) => ({ ...feature, index: feature.index + 1 }));
      const usual = await toyOf(definition, model);
      const toy = await toyOf(definition, model, moved);
      usual.driver.link.take();
      toy.driver.link.take();
      for (const { index, type, value } of outputsOf(model.features)) {
        for (const level of [value[1], 1, 0]) {
          usual.driver.drive(index, type, level);
          toy.driver.drive(index + 1, type, level);
          expect(toy.driver.link.take(), `${model.name}: ${type} ${level}`).toEqual(usual.driver.link.take());
        }
      }
    }
  }
});
