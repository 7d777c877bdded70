import { existsSync } from 'node:fs';
import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';
import { check } from './check.js';
import { readConfigFile } from './file.js';
import { ConfigError, issueAt } from './issues.js';

/**
 * Reads a file that a person writes beside the configuration, judged and reported like the configuration itself. Undefined
 * when there is none.
 *
 * @throws ConfigError with everything that is wrong: limits that cannot be read must not be silently off
 */
export async function loadSettingsFile<S extends TSchema>(schema: S, path: string): Promise<Static<S> | undefined> {
  if (!existsSync(path)) return undefined;
  const file = await readConfigFile(path, '/');
  const value = file?.value;
  const findings = check(schema, value, []).map((finding) =>
    issueAt(file?.place(finding.path) ?? { source: path }, finding),
  );
  const issues = [...(file?.issues ?? []), ...findings];
  if (issues.length > 0) throw new ConfigError(issues);
  if (!Value.Check(schema, value)) throw new Error(`${path} does not fit its schema after all checks`);
  return value;
}
