import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { type Finding, type Path, quoted } from './issues.js';
import { Secret } from './secret.js';
import { expectedSentence, isSecret } from './sentences.js';
import { freeKeyOf, isSection, itemsOf, narrow, propertiesOf } from './shape.js';

/** Where secrets that a configuration only points at are found. */
export interface SecretSources {
  /** Absolute folder that relative paths start at. */
  readonly baseDir: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Secrets are text, `file:PATH` or `env:NAME`. */
const REFERENCE = /^(file|env):(.*)$/s;

export const isReference = (value: unknown): boolean => typeof value === 'string' && REFERENCE.test(value);

/** The secret that the text is or points at, or what is wrong with it; neither says anything of the secret itself. */
export function secretText(schema: TSchema, text: string, path: Path, sources: SecretSources): string | Finding {
  const [, kind, where = ''] = REFERENCE.exec(text) ?? [];
  if (kind === undefined) return text;
  const wrong = (problem: string): Finding => ({
    path,
    found: quoted(text),
    expected: expectedSentence(schema),
    problem,
  });
  const found = kind === 'file' ? fileText(where, sources.baseDir) : sources.env[where];
  if (found === undefined) return wrong(`the environment variable ${quoted(where)} is not set`);
  if (found instanceof Error) return wrong(`the file ${quoted(where)} cannot be read (${reason(found)})`);
  if (Value.Check(schema, found)) return found;
  return wrong(`what is in ${quoted(text)} does not fit, expected ${expectedSentence(schema)}`);
}

/** Editors end a file with a line break, and nobody's password does. */
function fileText(where: string, baseDir: string): string | Error {
  try {
    return readFileSync(resolve(baseDir, where), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const reason = (error: Error) => ('code' in error ? String(error.code) : error.message);

/**
 * Puts every text that the schema calls a secret under lock, in place: the value is a copy of what was written already. What was
 * never checked may be there too, so nothing is taken for granted.
 */
export function conceal(schema: TSchema, value: unknown): unknown {
  const meant = narrow(schema, value);
  if (isSecret(schema) || isSecret(meant)) return typeof value === 'string' ? new Secret(value) : value;
  const items = itemsOf(meant);
  if (items && Array.isArray(value)) for (const [place, item] of value.entries()) value[place] = conceal(items, item);
  if (isSection(value)) {
    const properties = propertiesOf(meant);
    for (const [key, inner] of Object.entries(value)) {
      const known = properties?.get(key) ?? freeKeyOf(meant, key);
      if (known) value[key] = conceal(known, inner);
    }
  }
  return value;
}
