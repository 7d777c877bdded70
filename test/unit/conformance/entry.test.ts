import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const entry = fileURLToPath(new URL('../../conformance/run.ts', import.meta.url));
const run = promisify(execFile);

it('starts from the sources, with paths from where the person stands (npm run conformance)', async () => {
  const env = { ...process.env, INIT_CWD: dirname(entry) };
  const args = ['--import', 'tsx', entry];
  const { stdout, stderr } = await run(process.execPath, [...args, './cases', '--only', 'vorze_sa_bach'], { env });
  expect(stderr).toBe('');
  expect(stdout).toBe('runs by spec version: v4 1, v3 1, v2 1, v1 1, v0 1\n5 passed, 0 failed\n');

  const refused = run(process.execPath, [...args, './nowhere'], { env });
  await expect(refused).rejects.toMatchObject({
    code: 2,
    stdout: `There is no folder ${join(dirname(entry), 'nowhere')}\n`,
  });
});
