import type { TSchema } from 'typebox';
import type { BuiltinPlugins } from './builtins.js';
import { ConfigSchema, pluginKeys } from './schema.js';
import { branchesOf, isSectionSchema, keyword, propertiesOf } from './shape.js';

export const PREFIX = 'PULSEGATE_';
/** Names the configuration file. */
export const CONFIG_VARIABLE = 'PULSEGATE_CONFIG';

/** A key that holds a plain value or a list, and therefore fits into a variable or a flag. */
export interface Leaf {
  readonly path: readonly string[];
  readonly schema: TSchema;
}

/** Every environment variable that sets a key. Throws when two keys of built-in plugins would share one. */
export function variables(builtins: BuiltinPlugins): ReadonlyMap<string, Leaf> {
  const leaves = leavesOf(ConfigSchema, []);
  for (const [name, { schema }] of builtins) {
    const path = ['plugins', name];
    leaves.push({ path: [...path, 'enabled'], schema: pluginKeys.enabled });
    leaves.push({ path: [...path, 'required'], schema: pluginKeys.required });
    leaves.push(...leavesOf(schema, path));
  }
  const byName = new Map<string, Leaf>();
  for (const leaf of leaves) {
    const name = variableOf(leaf.path);
    if (byName.has(name)) throw new Error(`${leaf.path.join('.')} and another key share the variable ${name}`);
    byName.set(name, leaf);
  }
  return byName;
}

function leavesOf(section: TSchema, path: readonly string[]): Leaf[] {
  return [...(propertiesOf(section) ?? [])].flatMap(([key, schema]) =>
    isSectionSchema(schema) ? leavesOf(schema, [...path, key]) : [{ path: [...path, key], schema }],
  );
}

/** `plugins.transport-websocket.maxPingTime` is `PULSEGATE_PLUGINS_TRANSPORT_WEBSOCKET_MAX_PING_TIME`. */
function variableOf(path: readonly string[]): string {
  const words = path.map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('-', '_'));
  return PREFIX + words.join('_').toUpperCase();
}

/** Whether the value is text whatever it looks like: a token made of digits is not a number. */
export function isText(schema: TSchema): boolean {
  const branches = branchesOf(schema);
  if (branches) return branches.every(isText);
  const values = keyword(schema, 'enum') ?? [keyword(schema, 'const')];
  return (
    keyword(schema, 'type') === 'string' || (Array.isArray(values) && values.every((one) => typeof one === 'string'))
  );
}
