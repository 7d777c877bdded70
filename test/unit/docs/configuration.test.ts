import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { configurationPage } from '../../../docs/generate.js';

const file = '../../../docs/configuration.md';

it('docs/configuration.md is what `npm run docs` writes', async () => {
  const page = await readFile(new URL(file, import.meta.url), 'utf8');
  await expect(configurationPage(page)).toMatchFileSnapshot(file);
});
