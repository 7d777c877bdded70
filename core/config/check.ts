import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import type { Finding, Path } from './issues.js';
import { nearest } from './nearest.js';
import { isReference } from './secret-source.js';
import { expectedSentence, foundSentence, isSecret } from './sentences.js';
import {
  freeKeyOf,
  isSection,
  isSectionSchema,
  itemsOf,
  keyword,
  narrow,
  propertiesOf,
  type Section,
} from './shape.js';

/**
 * Everything wrong with what a person wrote, apart from keys that are missing: another source may still bring those.
 * TypeBox judges the values; this walks down to them, because its own error list stops at eight and speaks JSON Schema.
 *
 * @param alsoKnown keys of the outermost section that are checked elsewhere
 */
export function check(schema: TSchema, value: unknown, path: Path, alsoKnown: readonly string[] = []): Finding[] {
  const meant = narrow(schema, value);
  // A section whose lines are all commented out reads as null, and means the defaults.
  if (isSectionSchema(meant) && (isSection(value) || value === null))
    return checkSection(meant, value ?? {}, path, alsoKnown);
  const items = itemsOf(meant);
  if (items && Array.isArray(value)) {
    const inside = value.flatMap((item, index) => check(items, item, [...path, index]));
    if (inside.length > 0) return inside;
    return sizeFits(meant, value) ? [] : [mismatch(schema, value, path)];
  }
  return fits(schema, value) ? [] : [mismatch(schema, value, path)];
}

function checkSection(schema: TSchema, section: Section, path: Path, alsoKnown: readonly string[]): Finding[] {
  const properties = propertiesOf(schema);
  return Object.entries(section).flatMap(([key, value]) => {
    const known = properties?.get(key) ?? freeKeyOf(schema, key);
    if (known) return check(known, value, [...path, key]);
    if (alsoKnown.includes(key)) return [];
    return [unknownKey([...path, key], key, [...(properties?.keys() ?? []), ...alsoKnown])];
  });
}

/** Said of keys that nobody knows. */
export const UNKNOWN_KEY = 'unknown key';

/** A key nobody knows, with the known one a person may have meant. */
function unknownKey(path: Path, key: string, candidates: readonly string[]): Finding {
  const meant = nearest(key, candidates);
  return {
    path,
    found: 'an unknown key',
    expected: candidates.length === 0 ? 'no key at all' : `one of the keys ${candidates.join(', ')}`,
    problem: UNKNOWN_KEY,
    ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }),
  };
}

function mismatch(schema: TSchema, value: unknown, path: Path): Finding {
  const hint = keyword(schema, 'x-hint');
  const finding = {
    path,
    found: foundSentence(value, path, schema),
    expected: expectedSentence(schema),
    ...(typeof hint === 'string' && { hint }),
  };
  // What a person means as text may be a number or a truth value to YAML.
  const unquoted = (typeof value === 'number' || typeof value === 'boolean') && Value.Check(schema, String(value));
  return unquoted ? { ...finding, hint: 'put it in quotes' } : finding;
}

/** Schemas that are not walked (`allOf` and the like) are judged with their defaults filled in. */
function fits(schema: TSchema, value: unknown): boolean {
  // What it points at is judged when it is there.
  if (isSecret(schema) && isReference(value)) return true;
  return Value.Check(schema, isSection(value) ? Value.Default(schema, structuredClone(value)) : value);
}

/** Whether the list itself is right; its items have been judged one by one. */
const sizeFits = (schema: TSchema, list: readonly unknown[]) => Value.Check({ ...schema, items: {} }, list);
