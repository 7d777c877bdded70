import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import writeFileAtomic from 'write-file-atomic';

/** JSON of every value by key. */
export type StoredValues = ReadonlyMap<string, string>;

/** There is a file, but not one that could have been written here. */
export class DamagedFile extends Error {}

const MAX_KEY_LENGTH = 200;
/** Whoever walks deeper values may run out of stack. */
const MAX_DEPTH = 100;
/** Bytes of the file that no quota counts: colon, comma and line break of an entry, and the braces around all. */
const AROUND_ENTRY = 3;
const AROUND_ALL = 8;

const stored = Compile(Type.Object({}));

export const isKey = (key: string) => key.length > 0 && key.length <= MAX_KEY_LENGTH;

/** The value as text; undefined when it is no JSON, or nested too deeply. */
export function toJson(value: unknown): string | undefined {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    // A value that contains itself, or is so deep that even this runs out of stack.
    return undefined;
  }
  return isShallow(value, MAX_DEPTH) ? json : undefined;
}

const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1)));

/** What the quota counts. */
export const sizeOf = (key: string, json: string) => Buffer.byteLength(JSON.stringify(key)) + Buffer.byteLength(json);

/** @throws DamagedFile, or the system's error when there is something that cannot be read */
export async function readValues(path: string, maxBytes: number, maxKeys: number): Promise<Map<string, string>> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > maxBytes + maxKeys * AROUND_ENTRY + AROUND_ALL) {
      throw new DamagedFile(`it has ${size} bytes, and the script may store ${maxBytes}`);
    }
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
  return parse(text);
}

function parse(text: string): Map<string, string> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new DamagedFile('it is no JSON', { cause: error });
  }
  if (!stored.Check(content)) throw new DamagedFile('it is no JSON object');
  return new Map(
    Object.entries(content).map(([key, value]) => {
      const json = toJson(value);
      if (!isKey(key) || json === undefined) throw new DamagedFile('it has keys or values that no script could store');
      return [key, json];
    }),
  );
}

/** Resolves when the values survive the end of the process. */
export async function writeValues(path: string, values: StoredValues): Promise<void> {
  const entries = [...values].map(([key, json]) => `${JSON.stringify(key)}:${json}`);
  const text = `{\n${entries.join(',\n')}\n}\n`;
  await mkdir(dirname(path), { recursive: true });
  // It takes for written what a disk that is nearly full took the beginning of. So the text is written in here, where that is
  // an error, and nothing is left for it but to make it last and put it in place.
  await writeFileAtomic(path, '', { mode: 0o600, tmpfileCreated: (unfinished) => writeFile(unfinished, text) });
}
