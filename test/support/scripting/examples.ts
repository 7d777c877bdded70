import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const EXAMPLES = fileURLToPath(new URL('../../../scripts-examples/', import.meta.url));

/** The files of one of the scripts that come with the gateway, for `bootScripts`; `name` is that of its file or folder. */
export async function exampleScripts(name: string): Promise<Record<string, string>> {
  const entries = await readdir(EXAMPLES, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name: file }) => join(parentPath, file).slice(EXAMPLES.length).replaceAll('\\', '/'))
    .filter((path) => path.startsWith(`${name}.`) || path.startsWith(`${name}/`));
  if (paths.length === 0) throw new Error(`There is no example "${name}"`);
  const files = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(EXAMPLES, path), 'utf8')] as const),
  );
  return Object.fromEntries(files);
}
