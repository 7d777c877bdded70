import { resolve } from 'node:path';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import type { Finding, Path } from './issues.js';
import { type SecretSources, secretText } from './secret-source.js';
import { isSecret } from './sentences.js';
import {
  freeKeyOf,
  isSection,
  isSectionSchema,
  itemsOf,
  keyword,
  narrow,
  propertiesOf,
  requiredOf,
  type Section,
} from './shape.js';

/** A key that has no default and that nobody has set. */
interface MissingKey {
  readonly path: Path;
  readonly schema: TSchema;
}

/**
 * Fills in defaults, makes paths absolute and gets the secrets that are somewhere else. What does not fit the schema is left as it
 * is: `check` has reported it.
 */
export function complete(schema: TSchema, value: unknown, path: Path, sources: SecretSources) {
  const completer = new Completer(sources);
  return { value: completer.fill(schema, value, path), missing: completer.missing, unreadable: completer.unreadable };
}

class Completer {
  readonly missing: MissingKey[] = [];
  readonly unreadable: Finding[] = [];

  constructor(private readonly sources: SecretSources) {}

  fill(schema: TSchema, given: unknown, path: Path): unknown {
    const value = given === undefined ? structuredClone(keyword(schema, 'default')) : given;
    const meant = narrow(schema, value);
    if (isSectionSchema(meant) && (isSection(value) || value === null)) return this.#section(meant, value ?? {}, path);
    const items = itemsOf(meant);
    if (items && Array.isArray(value)) return value.map((item, index) => this.fill(items, item, [...path, index]));
    if (isSection(value)) return Value.Default(meant, structuredClone(value));
    if (typeof value !== 'string') return value;
    if (keyword(meant, 'x-path') === true) return resolve(this.sources.baseDir, value);
    return isSecret(schema) ? this.#secret(schema, value, path) : value;
  }

  #secret(schema: TSchema, text: string, path: Path): string {
    const found = secretText(schema, text, path, this.sources);
    if (typeof found === 'string') return found;
    this.unreadable.push(found);
    return text;
  }

  #section(schema: TSchema, section: Section, path: Path): Section {
    const required = new Set(requiredOf(schema));
    const properties = propertiesOf(schema) ?? new Map<string, TSchema>();
    const filled: [string, unknown][] = [];
    for (const [key, known] of properties) {
      const given = Object.hasOwn(section, key) ? section[key] : undefined;
      // A section that has to be there is there even when nobody writes it: its own keys have the defaults.
      const start = given === undefined && required.has(key) && isOpen(known) ? {} : given;
      const value = this.fill(known, start, [...path, key]);
      if (value !== undefined) filled.push([key, value]);
      else if (required.has(key)) this.missing.push({ path: [...path, key], schema: known });
    }
    for (const [key, value] of Object.entries(section)) {
      const free = properties.has(key) ? undefined : freeKeyOf(schema, key);
      if (free) filled.push([key, this.fill(free, value, [...path, key])]);
    }
    return Object.fromEntries(filled);
  }
}

const isOpen = (schema: TSchema) => isSectionSchema(schema) && keyword(schema, 'default') === undefined;
