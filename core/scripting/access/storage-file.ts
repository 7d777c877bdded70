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

/** Whether the text is JSON, and not nested too deeply. */
export function isStorable(json: string): boolean {
  if (!isShallow(json, MAX_DEPTH)) return false;
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

/** Looks at brackets alone. A text that is no JSON may pass; one that is, and is too deep, does not. */
function isShallow(json: string, maxLevels: number): boolean {
  let levels = 0;
  for (let at = 0; at < json.length; at += 1) {
    switch (json[at]) {
      case '"':
        at = endOfString(json, at);
        break;
      case '{':
      case '[':
        levels += 1;
        if (levels > maxLevels) return false;
        break;
      case '}':
      case ']':
        levels -= 1;
        break;
    }
  }
  return true;
}

/** Where the string ends that begins here; the end of the text, when it does not. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === '\\') at += 1;
    else if (json[at] === '"') return at;
  }
  return json.length;
}

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
  // The braces around all are one level more.
  if (!isShallow(text, MAX_DEPTH + 1)) throw new DamagedFile('it has values that no script could store');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new DamagedFile('it is no JSON', { cause: error });
  }
  if (!stored.Check(content)) throw new DamagedFile('it is no JSON object');
  const values = Object.entries(content).map(([key, value]) => [key, JSON.stringify(value)] as const);
  if (!values.every(([key]) => isKey(key))) throw new DamagedFile('it has keys that no script could store');
  return new Map(values);
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
