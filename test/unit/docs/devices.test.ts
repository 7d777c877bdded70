import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { devicesPage } from '../../../docs/generate-devices.js';
import { protocols } from '../../../plugins/protocols/index.js';

const file = '../../../docs/devices.md';

it('docs/devices.md is what `npm run docs` writes', async () => {
  const page = await readFile(new URL(file, import.meta.url), 'utf8');
  await expect(devicesPage(page, protocols)).toMatchFileSnapshot(file);
});
