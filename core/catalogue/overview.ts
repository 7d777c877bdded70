import type { FeatureDefinition, ModelDefinition, ProtocolDefinition, ProtocolStatus } from './definition.js';

/** One model as people look for it. */
export interface ModelOverview {
  readonly brand: string;
  readonly model: string;
  readonly protocol: string;
  /** `bluetooth, serial` */
  readonly links: string;
  /** `Vibrate ×2, Battery` */
  readonly features: string;
  readonly status: ProtocolStatus | undefined;
  readonly identifiers: readonly string[];
}

/** Every model of these protocols, by brand and name. A model that two protocols share is that of the one whose devices it names. */
export function overviewOf(definitions: Iterable<ProtocolDefinition>): readonly ModelOverview[] {
  const seen = new Set<ModelDefinition>();
  const overview: ModelOverview[] = [];
  for (const definition of definitions) {
    const { id, brand, links, status } = definition;
    for (const model of definition.models) {
      if (seen.has(model)) continue;
      seen.add(model);
      overview.push({
        brand: model.brand ?? brand,
        model: model.name,
        protocol: id,
        links: [...new Set(links.map(({ kind }) => kind))].join(', '),
        features: describeFeatures(model.features),
        status,
        identifiers: model.identifiers,
      });
    }
  }
  const order = ({ brand, model }: ModelOverview) => `${brand}\n${model}`.toLowerCase();
  return overview.sort((left, right) => (order(left) < order(right) ? -1 : 1));
}

function describeFeatures(features: readonly FeatureDefinition[]): string {
  const counts = new Map<string, number>();
  for (const { outputs, inputs } of features) {
    for (const type of [...Object.keys(outputs), ...Object.keys(inputs)]) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].map(([type, count]) => (count > 1 ? `${type} ×${count}` : type)).join(', ');
}
