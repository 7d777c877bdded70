import type { LinkSpecifier } from '../hardware/contract.js';
import type { ModelDefinition, ProtocolDefinition } from './definition.js';

/** How devices of one protocol are recognised, and which there are. */
export interface ProtocolTable {
  readonly links: readonly LinkSpecifier[];
  readonly models: readonly ModelDefinition[];
}

/** Device tables that come from files, by the id of a protocol. */
export interface DeviceTables {
  /** They take the place of all built-in ones. */
  readonly replacement?: ReadonlyMap<string, ProtocolTable>;
  /** What a person adds goes before everything else. */
  readonly additions: ReadonlyMap<string, ProtocolTable>;
}

export const NO_TABLES: DeviceTables = { additions: new Map() };

/**
 * The definition with the tables that apply to it; undefined when the tables leave nothing of it.
 *
 * @param isReplaceable it is one of those that a file may take the place of
 */
export function withTables(
  definition: ProtocolDefinition,
  { replacement, additions }: DeviceTables,
  isReplaceable: boolean,
): ProtocolDefinition | undefined {
  const added = additions.get(definition.id);
  const base = replacement && isReplaceable ? replaced(definition, replacement) : definition;
  if (!base && !added) return undefined;
  return {
    ...definition,
    links: [...(added?.links ?? []), ...(base?.links ?? [])],
    models: [...(added?.models ?? []), ...(base?.models ?? [])],
  };
}

function replaced(
  { id, successor }: ProtocolDefinition,
  replacement: ReadonlyMap<string, ProtocolTable>,
): ProtocolTable | undefined {
  const table = replacement.get(id);
  const newer = successor === undefined ? undefined : replacement.get(successor);
  if (!table || !newer) return table;
  // What neither of the two knows is a newer one.
  const named = table.models.filter(({ identifiers }) => identifiers.length > 0);
  return { links: table.links, models: [...named, ...newer.models] };
}
