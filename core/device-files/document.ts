import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Static, TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import Value from 'typebox/value';
import { check, UNKNOWN_KEY } from '../config/check.js';
import { ConfigFile } from '../config/file.js';
import {
  ConfigError,
  type ConfigIssue,
  type Finding,
  issueAt,
  issueLine,
  listed,
  type Path,
} from '../config/issues.js';
import { readYaml } from '../config/yaml.js';
import { describeError } from '../errors.js';

/** The community's own file has half a megabyte. */
const MAX_BYTES = 16 * 1024 * 1024;
/** So many entries that do not fit are told one by one. */
const MAX_TOLD = 20;

/** A JSON file of devices: refused as a whole when nothing can be made of it, else sifted entry by entry. */
export class DeviceDocument {
  readonly #findings: Finding[] = [];
  #read: ConfigFile | undefined;

  private constructor(
    private readonly name: string,
    private readonly text: string,
    private readonly content: unknown,
  ) {}

  /** @throws ConfigError: it cannot be read, is too large, or is no JSON */
  static async read(path: string, expected: string): Promise<DeviceDocument> {
    const refuse = (found: string) => new ConfigError([issueAt({ source: path }, { path: [], found, expected })]);
    let text: string;
    try {
      const { size } = await stat(path);
      if (size > MAX_BYTES) throw refuse(`${size} bytes, more than the ${MAX_BYTES} such a file may have`);
      text = await readFile(path, 'utf8');
    } catch (error) {
      throw error instanceof ConfigError ? error : refuse(`a file that cannot be read (${describeError(error)})`);
    }
    try {
      return new DeviceDocument(path, text, JSON.parse(text));
    } catch (error) {
      throw refuse(`no JSON (${describeError(error)})`);
    }
  }

  /** @throws ConfigError with the first thing that does not fit, and where it stands */
  contentAs<S extends TSchema>(schema: S): Static<S> {
    const { content } = this;
    if (Value.Check(schema, content)) return content;
    throw new ConfigError([this.#issue(misfit(schema, content, []))]);
  }

  /** Notes an entry that is left out, and why. */
  leaveOut(path: Path, problem: string): void {
    this.#findings.push({ path, found: problem, expected: 'something else', problem });
  }

  /** Notes what about an entry does not fit the schema. */
  leaveOutMisfit(path: Path, schema: TSchema, value: unknown): void {
    this.#findings.push(misfit(schema, value, path));
  }

  /** A line for each entry that was left out, with its place in the file; of very many, the first. */
  get complaints(): readonly string[] {
    const lines = this.#findings.slice(0, MAX_TOLD).map((finding) => `${issueLine(this.#issue(finding))}; left out`);
    const more = this.#findings.length - lines.length;
    return more > 0 ? [...lines, `${this.name}: ${more} more entries are left out`] : lines;
  }

  #issue(finding: Finding): ConfigIssue {
    return issueAt(this.#places.place(finding.path), finding);
  }

  /** Reading the text once more with the place of every value takes its time, so that only files with mistakes pay for it. */
  get #places(): ConfigFile {
    this.#read ??= new ConfigFile(this.name, dirname(this.name), readYaml(this.text).root, []);
    return this.#read;
  }
}

/** What about the value does not fit the schema; of several mistakes the first. */
function misfit(schema: TSchema, value: unknown, path: Path): Finding {
  const errors = Value.Errors(schema, value);
  // Nearly everywhere further keys are left alone, which no configuration does.
  const isClosed = errors.some(({ keyword }) => keyword === 'additionalProperties');
  const found = check(schema, value, path).find(({ problem }) => problem !== UNKNOWN_KEY || isClosed);
  if (found) return found;
  const [error] = errors;
  const inner = error?.instancePath.split('/').slice(1).map(part) ?? [];
  return { path: [...path, ...inner], found: '', expected: '', problem: error ? sentence(error) : OTHER_FORM };
}

const OTHER_FORM = 'it has another form';

/** Of a JSON pointer; its numbers are places in lists, for no key of these files is one. */
const part = (written: string) => (/^\d+$/.test(written) ? Number(written) : written);

function sentence(error: TLocalizedValidationError): string {
  if (error.keyword !== 'required') return error.message;
  const missing = error.params.requiredProperties;
  return `${listed(missing, 'and')} ${missing.length === 1 ? 'is' : 'are'} missing`;
}
