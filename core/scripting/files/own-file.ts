import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { isInside } from './paths.js';

/** What was found in place of a readable text: the rest of a sentence that begins with the name of the file. */
export class NotReadable extends Error {}

export interface OwnFile {
  readonly text: string;
  /** Where the file really is, seen from the real folder; another place than was asked for when a symbolic link led there. */
  readonly realPath: string;
}

// Opening a named pipe would wait for somebody to write into it, and what is opened has been freed of links before.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * The text of a regular file that is really inside the folder, whatever links lead to it. Undefined when there is no file.
 *
 * The order makes it safe: the file is opened first, and what has been opened is then compared with what is inside. A link
 * that changes its target in between makes the two differ.
 *
 * @throws NotReadable
 */
export async function readOwnFile(folder: string, path: string, maxBytes: number): Promise<OwnFile | undefined> {
  try {
    const handle = await open((await realPlace(folder, path)).path, FLAGS);
    try {
      const opened = await handle.stat({ bigint: true });
      if (!opened.isFile()) throw new NotReadable('is not a file');
      const place = await realPlace(folder, path);
      const inside = await stat(place.path, { bigint: true });
      if (opened.dev !== inside.dev || opened.ino !== inside.ino) throw new NotReadable('changed while it was opened');
      return { text: await readText(handle, maxBytes), realPath: relative(place.folder, place.path) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof NotReadable) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new NotReadable(code === 'ELOOP' ? 'is a link that leads nowhere' : `is not readable (${code})`, {
      cause: error,
    });
  }
}

async function realPlace(folder: string, path: string): Promise<{ folder: string; path: string }> {
  const real = { folder: await realpath(folder), path: await realpath(path) };
  if (!isInside(real.folder, real.path)) throw new NotReadable("is a link to something outside the script's folder");
  return real;
}

async function readText(handle: FileHandle, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  // One byte more tells whether it is too large; the size that is noted for a file may be wrong a moment later.
  for await (const chunk of handle.createReadStream({ end: maxBytes, autoClose: false }))
    chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  if (bytes.length > maxBytes) throw new NotReadable(`is larger than ${maxBytes / 1024} KiB`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotReadable('is not a text in UTF-8');
  }
}
