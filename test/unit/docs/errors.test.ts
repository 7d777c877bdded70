import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ErrorCode, GatewayError } from '../../../core/errors.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** `GW_LISTEN 0` for every error class there is, whatever module it stands in. */
async function raised(): Promise<Set<string>> {
  const errors: string[] = [];
  for (const path of globSync('{core,plugins}/**/*.ts', { cwd: root })) {
    if (!(await readFile(`${root}${path}`, 'utf8')).includes('extends GatewayError')) continue;
    const exported: Record<string, unknown> = await import(`${root}${path}`);
    for (const value of Object.values(exported)) {
      if (typeof value !== 'function' || !(value.prototype instanceof GatewayError)) continue;
      // No constructor looks at what it is given further than this.
      const error: GatewayError = Reflect.construct(value, [[], NaN]);
      const buttplug = Object.values<unknown>(ErrorCode).includes(error.errorCode) ? error.errorCode : 'as told';
      errors.push(`${error.code} ${buttplug}`);
    }
  }
  return new Set(errors);
}

it('docs/errors.md lists every error there is, and no other', async () => {
  const page = await readFile(`${root}docs/errors.md`, 'utf8');
  const listed = [...page.matchAll(/^\| `(GW_\w+)` +\| (\d|as told) +\|/gm)].map(([, code, told]) => `${code} ${told}`);
  expect(listed).toEqual([...new Set(listed)].sort());
  expect(new Set(listed)).toEqual(await raised());
});
