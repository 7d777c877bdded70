import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { stringify } from 'yaml';
import { type ConfigIssue, issueAt, type Path, type Place } from './issues.js';
import { readYaml, type YamlNode } from './yaml.js';

/** Looked for in the working folder when no file is named. */
const DEFAULT_FILES = ['pulsegate.yml', 'pulsegate.yaml'];
const MAX_BYTES = 1024 * 1024;

/** What a person wrote in a file, with the place of every part. */
export class ConfigFile {
  constructor(
    /** As the person gave it. */
    readonly name: string,
    /** Absolute folder of the file; relative paths in it start here. */
    readonly folder: string,
    private readonly root: YamlNode | undefined,
    /** What made the file, or a part of it, unreadable. */
    readonly issues: readonly ConfigIssue[],
  ) {}

  /** An empty file, and one that could not be read, say nothing. */
  get value(): unknown {
    return this.root?.value ?? {};
  }

  /** Where the key was written; for a key nobody wrote, where the section it belongs in was. */
  place(path: Path): Place {
    let node = this.root;
    for (const part of path) {
      const inner = node?.parts.get(part);
      if (!inner) break;
      node = inner;
    }
    return { source: this.name, ...(node?.keyAt ?? node?.at) };
  }
}

/** The file a person named, else the one that lies in the working folder under the usual name, else none. */
export async function readConfigFile(named: string | undefined, cwd: string): Promise<ConfigFile | undefined> {
  for (const name of named === undefined ? DEFAULT_FILES : [named]) {
    const path = resolve(cwd, name);
    const read = await readText(path);
    if (named === undefined && 'problem' in read && read.missing) continue;
    const folder = dirname(path);
    if ('problem' in read)
      return new ConfigFile(name, folder, undefined, [fileIssue({ source: name }, [], read.problem)]);
    const { root, problems } = readYaml(read.text);
    const issues = problems.map(({ at, path, problem }) => fileIssue({ source: name, ...at }, path, problem));
    return new ConfigFile(name, folder, root, issues);
  }
  return undefined;
}

/** A value has keys and no lines. */
class InlineConfig extends ConfigFile {
  override place(): Place {
    return { source: this.name };
  }
}

/** A configuration that a program hands over as a value. It goes through YAML to be held to the rules of a file. */
export function inlineConfig(value: object, cwd: string): ConfigFile {
  const source = 'configuration';
  let text: string;
  try {
    text = stringify(value);
  } catch {
    // Functions and symbols.
    const issue = fileIssue({ source }, [], 'it holds something that cannot be written down');
    return new InlineConfig(source, resolve(cwd), undefined, [issue]);
  }
  const { root, problems } = readYaml(text);
  const issues = problems.map(({ path, problem }) => fileIssue({ source }, path, problem));
  return new InlineConfig(source, resolve(cwd), root, issues);
}

function fileIssue(place: Place, path: Path, problem: string): ConfigIssue {
  return issueAt(place, { path, found: problem, expected: 'a readable YAML file', problem });
}

type ReadResult = { readonly text: string } | { readonly problem: string; readonly missing?: boolean };

async function readText(path: string): Promise<ReadResult> {
  let bytes: Buffer;
  try {
    bytes = await readUpTo(path, MAX_BYTES + 1);
  } catch (error) {
    return readFailure(error);
  }
  if (bytes.length > MAX_BYTES) return { problem: 'larger than 1 MiB, which no configuration is' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'not a text file in UTF-8' };
  }
}

/** Never more than `limit` bytes, also of a file that has no end. */
async function readUpTo(path: string, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: limit - 1 })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function readFailure(error: unknown): ReadResult {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { problem: 'there is no such file', missing: true };
    case 'EISDIR':
      return { problem: 'this is a folder, not a file' };
    case 'EACCES':
    case 'EPERM':
      return { problem: 'not allowed to read this file' };
    default:
      return { problem: `this file cannot be read (${code})` };
  }
}
