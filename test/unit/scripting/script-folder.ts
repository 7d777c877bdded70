import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A fresh folder that is gone after the test, with these files by path. */
export async function scriptFolder(files: Files = {}): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'pulsegate-scripts-')));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  await write(path, files);
  return path;
}

export async function write(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

const MKFIFO = 'mkfifo';

/** Makes a named pipe: opening one waits until somebody writes into it. */
export function namedPipe(path: string): void {
  execFileSync(MKFIFO, [path]);
}

/** The message that this is refused with. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  }
  throw new Error('It was not refused');
}
