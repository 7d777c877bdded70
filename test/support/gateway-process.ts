import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock, withDeadline } from '../../core/clock.js';
import { SimulatedApi } from './simulated-api.js';
import { PATIENCE_MS } from './timing.js';

/** The command as users run it; `npm test` builds it first. */
const CLI = fileURLToPath(new URL('../../dist/core/cli.js', import.meta.url));

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LogLine {
  readonly level: number;
  /** ms since 1970. */
  readonly time: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** The surroundings a command starts in: nothing of the developer's own settings. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PULSEGATE|NODE_|VITEST)/.test(name)));
}

/** Processes that still run; none of them outlives the tests, whatever happened to those. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Gateways that run at the same time do not quarrel about the port of the embedded broker. */
const ANY_PORT = { PULSEGATE_PLUGINS_MQTT_BROKER_PORT: '0' };

function spawnCli(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, cli = CLI) {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...ANY_PORT, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

/** What a command said and how it ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end. */
export async function pulsegate(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const child = spawnCli(args, cwd, env);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder for one test, outside the project. */
export class TestFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async create(): Promise<TestFolder> {
    return new TestFolder(await mkdtemp(join(tmpdir(), 'pulsegate-e2e-')));
  }

  async write(name: string, content: string | object): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    return path;
  }

  /** A third-party plugin in a folder of its own; `body` is what its `create(context)` does. Returns its `from`. */
  async plugin(name: string, body: string): Promise<string> {
    await mkdir(join(this.path, name));
    await this.write(
      join(name, 'index.js'),
      `import { definePlugin, PLUGIN_API, Type } from 'pulsegate/plugin';
       export default definePlugin({
         name: '${name}', kind: 'extension', api: PLUGIN_API, description: 'For a test', config: Type.Object({}),
         create(context) { ${body} },
       });`,
    );
    return `./${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** `pulsegate start` in a process of its own. */
export class GatewayProcess implements AsyncDisposable {
  readonly lines: LogLine[] = [];
  /** What was not JSON. */
  readonly otherOutput: string[] = [];
  readonly exited: Promise<Exit>;
  readonly #watchers = new Set<() => void>();

  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#read(line));
    }
    this.exited = new Promise((resolve) => {
      // `close` comes after the last line of output.
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  /** Starts the command without waiting for anything. */
  static spawn(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}, cli?: string): GatewayProcess {
    return new GatewayProcess(spawnCli(['start', ...args], cwd, env, cli));
  }

  /** Starts a gateway with this configuration in this folder, and waits until clients are welcome. */
  static async start(
    folder: TestFolder,
    config: Readonly<Record<string, object>>,
    env: NodeJS.ProcessEnv = {},
  ): Promise<GatewayProcess> {
    const { http = {}, ...rest } = config;
    const file = await folder.write('pulsegate.yml', { ...rest, http: { port: 0, ...http } });
    const running = GatewayProcess.spawn(['--config', file], folder.path, env);
    await running.line((msg) => msg.includes(' is ready'));
    return running;
  }

  get port(): number {
    const line = this.lines.find(({ msg }) => msg.startsWith('listening on ws://'));
    const port = Number(line?.msg.split(':').at(-1));
    if (!Number.isInteger(port)) throw new Error('The gateway does not say where it listens');
    return port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get simulated(): SimulatedApi {
    return new SimulatedApi(this.origin);
  }

  /** The first log line like this, now or later; rejects when none comes, so that a test that fails leaves no process behind. */
  async line(wanted: (msg: string) => boolean): Promise<LogLine> {
    const { promise, resolve, reject } = Promise.withResolvers<LogLine>();
    const said = () => [...this.lines.map(({ msg }) => msg), ...this.otherOutput].join('\n');
    const look = () => {
      const found = this.lines.find(({ msg }) => wanted(msg));
      if (found) resolve(found);
    };
    this.#watchers.add(look);
    look();
    void this.exited.then(({ code, signal }) =>
      reject(new Error(`The gateway ended (${code ?? signal}) without the line; it said:\n${said()}`)),
    );
    const noLine = () => new Error(`The line did not come; the gateway said:\n${said()}`);
    return withDeadline(systemClock, PATIENCE_MS, promise, noLine).finally(() => this.#watchers.delete(look));
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  #read(line: string): void {
    try {
      this.lines.push(JSON.parse(line) as LogLine);
    } catch {
      this.otherOutput.push(line);
    }
    for (const look of this.#watchers) look();
  }
}
