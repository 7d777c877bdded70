import type { FeatureDefinition, ModelDefinition, ProtocolDefinition } from 'pulsegate/plugin';
import { firmwares } from '../../plugins/hardware-simulated/firmware/index.js';
import { openSimulated, type SimulatedDevice } from './protocol-harness.js';

/** A connected toy of this model, in whose place a table from a file has one with these features. */
export async function toyOf(
  definition: ProtocolDefinition,
  model: ModelDefinition,
  features: readonly FeatureDefinition[] = model.features,
): Promise<SimulatedDevice> {
  const firmware = await firmwares.get(definition.id)?.();
  if (!firmware) throw new Error(`Nobody has written down how ${definition.id} works inside`);
  const opened = { ...model, features };
  const models = definition.models.map((other) => (other === model ? opened : other));
  const [identifier = 'unlisted'] = model.identifiers;
  const toy = await openSimulated({ ...definition, models }, firmware, identifier);
  if (toy.driver.model !== opened) throw new Error(`${model.name} is taken for ${toy.driver.model.name}`);
  return toy;
}
