import { type ChildProcess, fork } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import type { IpcFrame } from '../../ipc.js';
import { packageFolder } from '../../version.js';
import type { ToHost } from '../wire.js';

/** What is heard of a host. */
export interface HostListener {
  /** A batch of messages; nothing about them is known. */
  said(batch: unknown): void;
  /** It is gone, and said everything it will ever say. */
  ended(reason: string): void;
}

/** A script host at work. */
export interface HostProcess {
  /** For people; undefined where it has no process of its own. */
  readonly pid: number | undefined;
  /** Characters posted that it has not taken yet. */
  readonly unreadBytes: number;
  post(batch: readonly (ToHost | IpcFrame)[]): void;
  /** At once: whatever it is doing is lost. */
  kill(): void;
}

export type LaunchHost = (listener: HostListener) => HostProcess;

/** Lower than the gateway's: a script that computes must not take time from what stops motors. */
const NICENESS = 10;
/** What it says on its standard error in its last moments, characters. */
const MAX_LAST_WORDS = 2000;

/** The compiled one, also when the gateway itself runs from its sources. */
const HOST = join(packageFolder, 'dist/core/scripting/host/main.js');

/**
 * The walls around the host, besides those of each sandbox: Node's permission model lets it read what it consists of and nothing
 * else, write nothing and start nothing.
 */
export function hostArguments(): string[] {
  const readable = [
    ...['host', 'sandbox'].map((folder) => join(packageFolder, 'dist/core/scripting', folder)),
    join(packageFolder, 'dist/core/clock.js'),
    join(packageFolder, 'package.json'),
    ...['isolated-vm', 'node-gyp-build', 'croner'].flatMap(packagePath),
    // By whether this is there, node-gyp-build tells which C library the system has.
    '/etc/alpine-release',
  ];
  return [
    // isolated-vm crashes without it.
    '--no-node-snapshot',
    // Scripts do not compute much; without a compiler there is less to attack, and runaway code can be ended more reliably.
    '--jitless',
    '--permission',
    '--allow-addons',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    '--disable-warning=PERM0001',
  ];
}

/** It knows nothing of the gateway's environment but the time zone, for the hours of day that scripts go by. */
export const hostEnvironment = (): NodeJS.ProcessEnv => ({ TZ: new Intl.DateTimeFormat().resolvedOptions().timeZone });

/** Starts the host as a process of its own. */
export const forkHost: LaunchHost = (listener) => {
  const child = fork(HOST, {
    execArgv: hostArguments(),
    env: hostEnvironment(),
    // Ctrl-C in a terminal is for the gateway, which ends its scripts in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  if (child.pid !== undefined) lowerPriority(child.pid);
  return new ForkedHost(child, listener);
};

class ForkedHost implements HostProcess {
  unreadBytes = 0;
  #lastWords = '';

  constructor(
    private readonly child: ChildProcess,
    listener: HostListener,
  ) {
    child.stderr?.on('data', (chunk) => {
      this.#lastWords = (this.#lastWords + String(chunk)).slice(-MAX_LAST_WORDS);
    });
    child.on('message', (batch) => listener.said(batch));
    // Either it could not be started, or a message could not be sent to one that has ended, which `close` tells.
    child.on('error', ({ message }) => {
      if (child.pid === undefined) listener.ended(`it could not be started: ${message}`);
    });
    child.once('close', (code, signal) => listener.ended(this.#reason(code, signal)));
    // The gateway's own end does not wait for it: it goes when the channel does.
    child.unref();
    child.channel?.unref();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  post(batch: readonly (ToHost | IpcFrame)[]): void {
    if (!this.child.connected) return;
    let size = 0;
    for (const message of batch) size += 'frame' in message ? message.frame.length : 0;
    this.unreadBytes += size;
    this.child.send([...batch], () => {
      this.unreadBytes -= size;
    });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  #reason(code: number | null, signal: NodeJS.Signals | null): string {
    const how = signal ? `ended by ${signal}` : `ended with code ${code}`;
    const [lastLine] = this.#lastWords.trim().split('\n').reverse();
    return lastLine ? `${how}: ${lastLine}` : how;
  }
}

/** Some package managers install links, and the permission model looks at both ends of one. */
function packagePath(name: string): string[] {
  try {
    const folder = dirname(findPackageJSON(name, import.meta.url) ?? '');
    return [...new Set([folder, realpathSync(folder)])];
  } catch {
    // It is not there, as the host will say itself.
    return [];
  }
}

/**
 * Linux weighs sessions of processes against each other before it looks at the niceness within one ("autogroups", sched(7)), and the
 * host has a session of its own. So that is told as well.
 */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICENESS);
    if (process.platform === 'linux') writeFileSync(`/proc/${pid}/autogroup`, String(NICENESS));
  } catch {
    // It has ended already, or the system has no such thing.
  }
}
