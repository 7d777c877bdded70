import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { EXIT } from '../../../core/cli/terminal.js';

const page = await readFile(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

it('docs/cli.md lists every exit code there is, and no other', () => {
  const listed = [...page.matchAll(/^\| (\d+) +\| `(\w+)` +\|/gm)].map(([, code, name]) => [name, Number(code)]);
  expect(Object.fromEntries(listed)).toEqual(EXIT);
});
