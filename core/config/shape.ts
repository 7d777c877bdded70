import type { TSchema } from 'typebox';
import Value from 'typebox/value';

/**
 * Reads JSON Schema keywords. A third-party plugin may bring another copy of TypeBox, so nothing here relies on more than
 * the standard keywords.
 */

/** A section of the configuration, or any other map of names to values. */
export type Section = Record<string, unknown>;

export const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSchema = (value: unknown): value is TSchema => isSection(value);

/** A keyword of the schema, never something inherited. */
export function keyword(schema: TSchema, name: string): unknown {
  return isSection(schema) && Object.hasOwn(schema, name) ? schema[name] : undefined;
}

/** The named keys of a section; nothing when the schema does not list any. */
export function propertiesOf(schema: TSchema): ReadonlyMap<string, TSchema> | undefined {
  const properties = keyword(schema, 'properties');
  if (!isSection(properties)) return undefined;
  return new Map(Object.entries(properties).filter((entry): entry is [string, TSchema] => isSchema(entry[1])));
}

export function requiredOf(schema: TSchema): readonly string[] {
  const required = keyword(schema, 'required');
  return Array.isArray(required) ? required.filter((key) => typeof key === 'string') : [];
}

/** The schema of every item of a list. */
export function itemsOf(schema: TSchema): TSchema | undefined {
  const items = keyword(schema, 'items');
  return isSchema(items) ? items : undefined;
}

/** The schema of a key that `properties` does not list; nothing when such a key is not known. */
export function freeKeyOf(schema: TSchema, key: string): TSchema | undefined {
  const patterns = keyword(schema, 'patternProperties');
  if (isSection(patterns))
    for (const [pattern, value] of Object.entries(patterns))
      if (isSchema(value) && new RegExp(pattern, 'u').test(key)) return value;
  const additional = keyword(schema, 'additionalProperties');
  // A schema that lists keys and does not speak of others means those and no others: a misspelt key must not be silent.
  if (additional === true || (additional === undefined && !propertiesOf(schema) && !isSection(patterns))) return {};
  return isSchema(additional) ? additional : undefined;
}

/** Whether the schema describes a map of names to values, looked into key by key. */
export function isSectionSchema(schema: TSchema): boolean {
  return keyword(schema, 'type') === 'object' && keyword(schema, 'allOf') === undefined;
}

/** The alternatives of a schema, if it is a choice. */
export function branchesOf(schema: TSchema): readonly TSchema[] | undefined {
  const branches = keyword(schema, 'anyOf') ?? keyword(schema, 'oneOf');
  return Array.isArray(branches) ? branches.filter(isSchema) : undefined;
}

/** Of a choice, the alternative this value is meant as, so that a mistake inside it can be named exactly. */
export function narrow(schema: TSchema, value: unknown): TSchema {
  const branches = branchesOf(schema);
  if (!branches) return schema;
  const fitting = branches.find((branch) => Value.Check(branch, value));
  if (fitting) return fitting;
  const kind = Array.isArray(value) ? 'array' : isSection(value) ? 'object' : 'a plain value, which has no inside';
  const sameKind = branches.filter((branch) => keyword(branch, 'type') === kind);
  const meant = sameKind.length > 1 && isSection(value) ? sameKind.filter((branch) => tagged(branch, value)) : sameKind;
  const [only] = meant;
  return meant.length === 1 && only ? only : schema;
}

/** Whether every fixed value of the branch (`kind: 'a'`) is what the section says. */
function tagged(branch: TSchema, section: Section): boolean {
  const fixed = [...(propertiesOf(branch) ?? [])].filter(([, schema]) => keyword(schema, 'const') !== undefined);
  return fixed.every(([key, schema]) => section[key] === keyword(schema, 'const'));
}
