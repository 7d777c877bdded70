import { ConfigFile } from '../../config/file.js';
import { deepFreeze } from '../../config/freeze.js';
import { ConfigError, type ConfigIssue, issueAt, type Place } from '../../config/issues.js';
import { ScriptSettings } from '../../config/script-settings.js';
import { settingsIn } from '../../config/settings-file.js';
import { readYaml } from '../../config/yaml.js';

export interface ScriptHeader {
  /** What the script asks for; empty when it has no header. */
  readonly settings: ScriptSettings;
}

const MAX_BYTES = 16 * 1024;
/** Reading goes through every line before the header, and takes its time with them. */
const MAX_LINE = 1_000;
const FIRST_LINE = '/* pulsegate';

/** What may stand before the header: a `#!` line, blank lines, and comments of other kinds. */
const INTERPRETER = /^\ufeff?(#![^\n\r\u2028\u2029]*)?/;
const BLANK_OR_LINE_COMMENT = /\s+|\/\/[^\n\r\u2028\u2029]*/y;
const BEGINNING = /^\/\* pulsegate[ \t]*\r?\n/;
/** Meant as a header, and none: what it forbids would be allowed without anybody noticing. */
const SLIP = /^\/\*+[ \t]*pulsegate[ \t]*(?:[:*\r\n]|\w+[ \t]*:|$)/;
const STAR = /^[ \t]*\*(?=[ \r]|$)/;

/**
 * Reads the header of a script. It is data: nothing of the script runs.
 *
 * @param fileName for the messages
 * @throws ConfigError with everything that is wrong, at the line of the file
 */
export function readHeader(fileName: string, text: string): ScriptHeader {
  const found = findHeader(text);
  if (!found) return { settings: Object.freeze({}) };
  const { line, content } = found;
  if (found.problem !== undefined) throw new ConfigError([issue({ source: fileName, line }, found.problem)]);
  // Positions that YAML counts are those of the file when as many lines stand before.
  const { root, problems } = readYaml('\n'.repeat(line) + withoutStars(content));
  const issues = problems.map(({ at, path, problem }): ConfigIssue => {
    return issueAt({ source: fileName, ...at }, { path, found: problem, expected: 'a readable header', problem });
  });
  return { settings: deepFreeze(settingsIn(ScriptSettings, new ConfigFile(fileName, '', root, issues))) };
}

interface Found {
  /** Line that the header begins in, counted from 1. */
  readonly line: number;
  readonly content: string;
  readonly problem?: string;
}

function findHeader(text: string): Found | undefined {
  let at = INTERPRETER.exec(text)?.[0].length ?? 0;
  while (at < text.length) {
    BLANK_OR_LINE_COMMENT.lastIndex = at;
    const skipped = BLANK_OR_LINE_COMMENT.exec(text)?.[0].length;
    if (skipped !== undefined) {
      at += skipped;
      continue;
    }
    if (!text.startsWith('/*', at)) return undefined;
    const end = text.indexOf('*/', at + 2);
    const comment = text.slice(at, end === -1 ? undefined : end);
    const beginning = BEGINNING.exec(comment)?.[0];
    if (beginning !== undefined || SLIP.test(`${comment}${end === -1 ? '' : '*'}`)) {
      const line = text.slice(0, at).split('\n').length;
      const content = comment.slice(beginning?.length ?? 0);
      const problem = problemOf({ begins: beginning !== undefined, ends: end !== -1, line, content });
      return { line, content, ...(problem === undefined ? {} : { problem }) };
    }
    if (end === -1) return undefined;
    at = end + 2;
  }
  return undefined;
}

interface Candidate {
  readonly begins: boolean;
  readonly ends: boolean;
  readonly line: number;
  readonly content: string;
}

function problemOf({ begins, ends, line, content }: Candidate): string | undefined {
  if (!begins) return `a header begins with "${FIRST_LINE}" and nothing else in that line`;
  if (!ends) return 'the header has no end; it ends with "*/"';
  if (line > MAX_LINE) return `the header begins below line ${MAX_LINE}`;
  return Buffer.byteLength(content) > MAX_BYTES ? 'the header is larger than 16 KiB' : undefined;
}

const issue = (place: Place, problem: string) =>
  issueAt(place, { path: [], found: problem, expected: 'a readable header', problem });

/** Many people and editors begin every line of a comment with a star. Blanks in its place keep the columns. */
function withoutStars(content: string): string {
  const lines = content.split('\n');
  // What is before the end of the comment is a line of its own, and has no star.
  const written = lines.filter((line) => line.trim() !== '');
  if (!written.every((line) => STAR.test(line))) return content;
  return lines.map((line) => line.replace(STAR, (star) => ' '.repeat(star.length))).join('\n');
}
