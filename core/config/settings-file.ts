import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';
import { check } from './check.js';
import { complete } from './complete.js';
import { type ConfigFile, readConfigFile } from './file.js';
import { ConfigError, issueAt } from './issues.js';
import { expectedSentence } from './sentences.js';

/**
 * Reads a file that a person writes beside the configuration, judged and reported like the configuration itself. Undefined
 * when there is none.
 *
 * @throws ConfigError with everything that is wrong: limits that cannot be read must not be silently off
 */
export async function loadSettingsFile<S extends TSchema>(schema: S, path: string): Promise<Static<S> | undefined> {
  if (!existsSync(path)) return undefined;
  const file = await readConfigFile(path, dirname(path));
  return file && settingsIn(schema, file);
}

/**
 * What a file says, when it is what the schema asks for.
 *
 * @throws ConfigError with everything that is wrong
 */
export function settingsIn<S extends TSchema>(schema: S, file: ConfigFile): Static<S> {
  const { value, missing } = complete(schema, file.value, [], { baseDir: file.folder, env: {} });
  const findings = [
    ...check(schema, file.value, []),
    ...missing.map(({ path, schema }) => ({ path, found: 'nothing', expected: expectedSentence(schema) })),
  ];
  const issues = [...file.issues, ...findings.map((finding) => issueAt(file.place(finding.path), finding))];
  if (issues.length > 0) throw new ConfigError(issues);
  if (!Value.Check(schema, value)) throw new Error(`${file.name} does not fit its schema after all checks`);
  return value;
}
