import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Exit } from './gateway-process.js';
import { PATIENCE_MS } from './timing.js';

/** The command as users run it; `npm test` builds it first. */
const CLI = fileURLToPath(new URL('../../dist/core/cli.js', import.meta.url));

/** A command that takes its time, while it does. Nothing of the developer's own settings reaches it. */
export class CommandProcess implements AsyncDisposable {
  /** All it said so far. */
  output = '';
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], cwd: string, variables: NodeJS.ProcessEnv = {}) {
    const { PATH, HOME, TMPDIR } = process.env;
    const env = { PATH, HOME, TMPDIR, ...variables };
    const child = spawn(process.execPath, [CLI, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.output += text;
      });
    }
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  /** The lines of its log, oldest first. */
  get log(): readonly { readonly time: number; readonly msg: string }[] {
    return this.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  }

  /** What they say. */
  get messages(): readonly string[] {
    return this.log.map(({ msg }) => msg);
  }

  /** Waits until it has said this. */
  async says(text: string): Promise<void> {
    await expect.poll(() => this.output, { interval: 5, timeout: PATIENCE_MS }).toContain(text);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}
