import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes a file into the folder of the scripts of a gateway with this data folder. */
export async function writeScript(folder: string, path: string, text: string): Promise<void> {
  const file = join(folder, 'scripts', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
