import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Job, Results } from '#bench/support/jobs';

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const GATEWAY = pathOf('../../dist/core/cli.js');

/** Something to measure: listens on a port of this machine. */
export interface Target extends AsyncDisposable {
  readonly port: number;
}

/** A bare WebSocket server in a process of its own. */
export async function startFloor(): Promise<Target & { pid: number }> {
  const child = fork(pathOf('../floor-server.ts'));
  const { port } = await nextMessage<{ port: number }>(child);
  return { port, pid: child.pid ?? 0, [Symbol.asyncDispose]: () => end(child) };
}

/** The clients' process. */
export class LoadClient implements AsyncDisposable {
  readonly #child = fork(pathOf('../load-client.ts'));

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async run<J extends Job>(job: J): Promise<Results[J['kind']]> {
    this.#child.send(job);
    const answer = await nextMessage<{ result: Results[J['kind']] } | { error: string }>(this.#child);
    if ('error' in answer) throw new Error(`${job.kind}: ${answer.error}`);
    return answer.result;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return end(this.#child);
  }
}

export interface GatewayOptions {
  readonly devices: number;
  readonly messageGap?: number;
  readonly maxPingTime?: number;
  readonly onPingTimeout?: 'all' | 'driven';
  /** With the means to collect garbage on demand, for `memory`. */
  readonly probed?: boolean;
  /** Text of scripts, by the name of their file. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Sections of plugins, besides what all of this says. */
  readonly plugins?: Readonly<Record<string, object>>;
}

export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

/** The built gateway as users run it, with testbed devices, in a process and a folder of its own. */
export class GatewayProcess implements Target {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(port: number, child: ChildProcess, folder: string) {
    this.port = port;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(options: GatewayOptions): Promise<GatewayProcess> {
    const folder = writeConfig(options);
    const probe = options.probed ? ['--expose-gc', '--import', pathOf('./probe.mjs')] : [];
    const child = spawn(process.execPath, [...probe, GATEWAY, 'start', '--config', 'bench.json', '--port', '0'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const port = await portInLog(child);
    await allConnected(port, options.devices);
    const gateway = new GatewayProcess(port, child, folder);
    await gateway.#scriptsRun(Object.keys(options.scripts ?? {}).length);
    return gateway;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The process that its scripts run in. */
  async scriptHost(): Promise<number> {
    const { host } = await this.#scripts();
    if (host.pid === undefined) throw new Error('there is no script host');
    return host.pid;
  }

  async #scriptsRun(count: number): Promise<void> {
    for (;;) {
      const { scripts } = await this.#scripts();
      if (scripts.filter(({ state }) => state === 'running').length >= count) return;
      await setTimeout(20);
    }
  }

  async #scripts(): Promise<ScriptsAnswer> {
    return (await (await fetch(`http://127.0.0.1:${this.port}/api/scripts`)).json()) as ScriptsAnswer;
  }

  /** After collecting garbage. Needs `probed`. */
  memory(): Promise<Memory> {
    this.#child.send('memory');
    return nextMessage<Memory>(this.#child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

interface ScriptsAnswer {
  readonly host: { readonly pid?: number };
  readonly scripts: readonly { readonly state: string }[];
}

/** CPU time that a process has used so far, ms; undefined where there is no /proc. */
export function cpuMs(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold blanks: user and system time are fields 14 and 15, in hundredths of a second.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

/** How long from spawning the gateway to the first time `attempt` succeeds, ms. */
export async function timeToFirst(attempt: (port: number) => Promise<void>): Promise<number> {
  const folder = writeConfig({ devices: 2 });
  const port = await freePort();
  const startedAt = performance.now();
  const args = [GATEWAY, 'start', '--config', 'bench.json', '--port', String(port)];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
  try {
    for (;;) {
      const failed = await attempt(port).then(
        () => false,
        () => true,
      );
      if (!failed) return performance.now() - startedAt;
      if (child.exitCode !== null) throw new Error('the gateway did not start');
    }
  } finally {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resident bytes of a process and everything it started; undefined where there is no /proc. */
export function residentWithChildren(pid: number): number | undefined {
  try {
    const resident = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return children.reduce((sum, child) => sum + (residentWithChildren(Number(child)) ?? 0), resident);
  } catch {
    return undefined;
  }
}

function writeConfig({
  devices,
  messageGap = 75,
  maxPingTime = 0,
  onPingTimeout = 'all',
  scripts = {},
  plugins = {},
}: GatewayOptions): string {
  const folder = mkdtempSync(join(tmpdir(), 'pulsegate-bench-'));
  mkdirSync(join(folder, 'scripts'));
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(folder, 'scripts', name), text);
  const device = { model: 'Pulsegate Testbed', messageGap };
  const config = {
    safety: { onPingTimeout },
    plugins: {
      'transport-websocket': { maxPingTime },
      'hardware-simulated': { devices: Array.from({ length: devices }, () => device) },
      // The usual port may be taken.
      'mqtt-broker': { port: 0 },
      ...plugins,
    },
  };
  writeFileSync(join(folder, 'bench.json'), JSON.stringify(config));
  return folder;
}

/** The log says where the gateway listens. It has to be read on, or the gateway could not write. */
function portInLog(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the gateway did not start; see what it wrote above')));
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const port = /listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port) resolve(Number(port));
    });
  });
}

async function allConnected(port: number, devices: number): Promise<void> {
  for (;;) {
    const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as { devices: number };
    if (health.devices >= devices) return;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`a process of this benchmark ended with code ${code}`));
    child.once('exit', died);
    child.once('message', (message) => {
      child.off('exit', died);
      resolve(message as T);
    });
  });
}

export function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
