import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
].filter((path) => path.endsWith('.md'));

/** Headings as links name them: `#your-devices-datadevicesyml`. */
const anchors = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe.each(pages)('%s', (page) => {
  it('links to files and headings that exist', () => {
    const broken = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].filter(([, path, anchor]) => {
      const target = path ? join(dirname(page), path) : page;
      return !existsSync(join(root, target)) || (anchor !== undefined && !anchors(read(target)).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

it.each(['README.md', 'docs/compatibility.md', 'CHANGELOG.md'])('%s counts the protocols', (page) => {
  expect(read(page)).toContain(`${protocols.length} protocols`);
});
