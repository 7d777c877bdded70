import { type ModelDefinition, OUTPUT_TYPES, type OutputType, type ProtocolDefinition } from 'pulsegate/plugin';
import type { OutputProperties } from '../../core/protocol/model.js';

/** The models of a protocol that devices can be simulated of, and be recognised as. */
export function simulatedModels(definition: ProtocolDefinition): readonly ModelDefinition[] {
  // The simulation finds models by name; of namesakes the first.
  const models = [...new Map(definition.models.toReversed().map((model) => [model.name, model])).values()].toReversed();
  const named = models.filter((model) => model.identifiers.length > 0 && isKnownBy(definition, model));
  // Where all are one model, every name is one of it.
  return named.length > 0 ? named : models;
}

/** Some models of the community have identifiers that no device of their protocol advertises. */
const isKnownBy = ({ links, identify }: ProtocolDefinition, { identifiers }: ModelDefinition) =>
  identify !== undefined ||
  links.some((link) => link.kind !== 'bluetooth' || link.manufacturerData || link.advertisedServices) ||
  identifiers.some((name) =>
    links.some(
      (link) =>
        link.kind === 'bluetooth' &&
        link.names.some((known) => known === name || (known.endsWith('*') && name.startsWith(known.slice(0, -1)))),
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
