import { type ModelDefinition, PluginError, type ProtocolDefinition } from 'pulsegate/plugin';
import { firmwares } from './firmware/index.js';

export interface CatalogueModel {
  readonly definition: ProtocolDefinition;
  readonly model: ModelDefinition;
}

export interface WantedModel {
  /** Its name; case does not count. */
  readonly model: string;
  readonly protocol?: string | undefined;
  /** What it tells of itself: which of several models with this name is meant. One that none lists means the default. */
  readonly identifier?: string | undefined;
}

/** The model that is meant; of several, one whose firmware can be simulated. Throws a PluginError that says what there is instead. */
export function findModel(
  plugin: string,
  definitions: Iterable<ProtocolDefinition>,
  { model: name, protocol, identifier }: WantedModel,
): CatalogueModel {
  const meant = [...definitions].filter(({ id }) => protocol === undefined || id === protocol);
  const all = meant.flatMap((definition) => definition.models.map((model) => ({ definition, model })));
  const wanted = normal(name);
  const namesakes = all.filter(({ model }) => normal(model.name) === wanted);
  const found = identifier === undefined ? namesakes : identifiedBy(identifier, namesakes);
  // A protocol's default may have the name of one of its models.
  const [best] = found.toSorted((left, right) => likelihood(right) - likelihood(left));
  if (best) return best;
  if (namesakes.length > 0) {
    const known = namesakes.flatMap(({ model }) => model.identifiers);
    throw new PluginError(plugin, `No ${name} tells "${identifier}" of itself; what they tell is ${known.join(', ')}`);
  }
  const names = new Set(all.map(({ model }) => model.name));
  const near = nearest(name, names);
  const hint = near.length > 0 ? `; near ones: ${near.join(', ')}` : '';
  throw new PluginError(
    plugin,
    `There is no model "${name}" ${protocol === undefined ? 'in the catalogue' : `of the protocol ${protocol}`}${hint}`,
  );
}

function identifiedBy(identifier: string, namesakes: readonly CatalogueModel[]): readonly CatalogueModel[] {
  const listed = namesakes.filter(({ model }) => model.identifiers.includes(identifier));
  return listed.length > 0 ? listed : namesakes.filter(({ model }) => model.identifiers.length === 0);
}

const likelihood = ({ definition, model }: CatalogueModel) =>
  (firmwares.has(definition.id) ? 4 : 0) +
  (model.identifiers.length > 0 ? 2 : 0) +
  // Some toys are known a second time, behind the app of their maker.
  (definition.links[0]?.kind === 'lovense-connect' ? 0 : 1);

const normal = (name: string) => name.trim().toLowerCase();

const SUGGESTIONS = 3;
/** Names that have less in common than this are something else. */
const LEAST_LIKENESS = 0.4;

function nearest(name: string, candidates: Iterable<string>): string[] {
  return [...candidates]
    .map((candidate) => ({ candidate, likeness: likeness(normal(name), normal(candidate)) }))
    .filter((entry) => entry.likeness >= LEAST_LIKENESS)
    .sort((left, right) => right.likeness - left.likeness)
    .slice(0, SUGGESTIONS)
    .map(({ candidate }) => candidate);
}

/** Share of neighbouring letters that two names have in common (Dice's coefficient): forgives a missing brand or a typing slip. */
function likeness(left: string, right: string): number {
  const [ofLeft, ofRight] = [letterPairs(left), letterPairs(right)];
  return (2 * ofLeft.intersection(ofRight).size) / Math.max(1, ofLeft.size + ofRight.size);
}

const letterPairs = (text: string) =>
  new Set(Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)));
