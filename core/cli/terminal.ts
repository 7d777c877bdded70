import { relative, sep } from 'node:path';
import { isInside } from '../scripting/files/paths.js';

/** What commands need from the world. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** Both write the text as it is. */
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly setExitCode: (code: number) => void;
}

/** Exit codes of every command; documented in docs/cli.md. */
export const EXIT = {
  ok: 0,
  /** The gateway could not start or could not go on: port in use, required plugin failed. */
  failed: 1,
  /** The configuration or the device settings are wrong. */
  badConfig: 2,
  /** Something broke that should not have; devices were stopped first. */
  internal: 70,
  /** A second signal ended the process before it had stopped in order. */
  forced: 130,
} as const;

/** Columns, each as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, column) => Math.max(known[column] ?? 0, cell.length)),
    [],
  );
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** A path as people write it: from the working folder, when it is in there. */
export function shownPath(path: string, cwd: string): string {
  return isInside(cwd, path) ? `.${sep}${relative(cwd, path)}` : path;
}

/** Text from elsewhere, in one line and with nothing in it that a terminal obeys. */
export const printable = (text: string): string =>
  text.trim().replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+/gu, ' ');
