import {
  type ModelDefinition,
  modelFor,
  OUTPUT_TYPES,
  type OutputType,
  type ProtocolDefinition,
} from 'pulsegate/plugin';
import type { OutputProperties } from '../../core/protocol/model.js';
import { matchesName } from './protocol-harness.js';

/** Told by devices that no model lists; protocols that tell numbers could tell this one. */
const UNLISTED = '9999';

/** The models of a protocol that a device can be taken for. */
export const simulatedModels = (definition: ProtocolDefinition): readonly ModelDefinition[] =>
  definition.models.filter((model) => isWithinReach(definition, model));

/** What to configure for a simulated device of just this model. */
export const simulationOf = ({ id }: ProtocolDefinition, { name, identifiers }: ModelDefinition) => ({
  model: name,
  protocol: id,
  identifier: identifiers[0] ?? UNLISTED,
});

/**
 * Where the name decides about the model, no device can be one that no name leads to: defaults of protocols that look for no other
 * names than those of their models, and names in the tables under which no device is looked for any more (facts:
 * protocols/magic-motion-1, doubts).
 */
const isWithinReach = (definition: ProtocolDefinition, model: ModelDefinition) =>
  definition.identify !== undefined ||
  definition.links.some(
    (link) =>
      link.kind !== 'bluetooth' ||
      link.manufacturerData ||
      link.advertisedServices ||
      [...model.identifiers, ...link.names.map((name) => name.replace(/\*$/, UNLISTED))].some(
        (name) => matchesName(definition, name) && modelFor(definition, name) === model,
      ),
  );

export interface ModelOutput extends OutputProperties {
  readonly index: number;
  readonly type: OutputType;
}

/** Every output of these features. */
export const outputsOf = (features: ModelDefinition['features']): readonly ModelOutput[] =>
  features.flatMap(({ index, outputs }) =>
    OUTPUT_TYPES.flatMap((type) => {
      const properties = outputs[type];
      return properties ? [{ index, type, ...properties }] : [];
    }),
  );
