import { GatewayError } from '../errors.js';

/** Where a value sits: keys of sections and indexes of lists, from the top. */
export type Path = readonly (string | number)[];

/** A mistake in a value, not yet traced to the place where a person wrote it. */
export interface Finding {
  readonly path: Path;
  readonly found: string;
  readonly expected: string;
  /** Said instead of "found …, expected …" where that would not be plain. */
  readonly problem?: string;
  readonly hint?: string;
}

/** Where a person wrote something. Lines and columns count from 1. */
export interface Place {
  /** Path of a file as the person gave it, or one of the other two sources. */
  readonly source: string | 'environment' | 'command line';
  readonly line?: number;
  readonly column?: number;
  /** What the person wrote instead of a key: the variable or the flag. */
  readonly name?: string;
}

/** One mistake in the configuration. */
export interface ConfigIssue extends Place {
  /** Dotted key such as `http.port`; empty when it is about the file as a whole. */
  readonly key: string;
  readonly found: string;
  readonly expected: string;
  readonly problem?: string;
  readonly hint?: string;
}

/** Nobody reads further, and a file that is no configuration at all has a mistake in every line. */
const MAX_LINES = 100;

/** The configuration does not make sense; the message has one line per mistake, 100 at most. */
export class ConfigError extends GatewayError {
  readonly code = 'GW_CONFIG';
  constructor(readonly issues: readonly ConfigIssue[]) {
    const lines = issues.slice(0, MAX_LINES).map(issueLine);
    if (issues.length > MAX_LINES) lines.push(`and ${issues.length - MAX_LINES} more`);
    super(lines.join('\n'));
  }
}

export function issueAt(place: Place, { path, ...finding }: Finding): ConfigIssue {
  return { ...place, key: keyOf(path), ...finding };
}

/** `pulsegate.yml:12: http.port: found "abc", expected a whole number from 0 to 65535` */
export function issueLine(issue: ConfigIssue): string {
  const subject = issue.name ?? issue.key;
  // Without a key, the column is all there is to find the spot with.
  const column = subject === '' && issue.column !== undefined ? `:${issue.column}` : '';
  const place = issue.line === undefined ? issue.source : `${issue.source}:${issue.line}${column}`;
  const problem = issue.problem ?? `found ${issue.found}, expected ${issue.expected}`;
  return [place, subject, issue.hint ? `${problem}, ${issue.hint}` : problem].filter((part) => part !== '').join(': ');
}

/** `plugins.hardware-simulated.devices[1].model` */
export function keyOf(path: Path): string {
  let key = '';
  for (const part of path) {
    if (typeof part === 'number') key += `[${part}]`;
    else key += (key === '' ? '' : '.') + (/^[\w-]+$/.test(part) ? part : quoted(part));
  }
  return key;
}

const MAX_SHOWN = 60;
// What a terminal would obey or reorder, beyond what JSON escapes.
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** The text in double quotes, at most 60 characters of it, with nothing in it that a terminal obeys. */
export function quoted(text: string): string {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return JSON.stringify(shown).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `a, b or c` */
export function listed(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
