import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { systemClock, withDeadline } from '../../../core/clock.js';
import { PATIENCE_MS } from '../timing.js';
import type { BrokerProcess } from './broker-process.js';
import { freePort } from './free-port.js';
import { retainedAt } from './retained-at.js';

/** Debian keeps servers where the search path of ordinary users does not look. */
const SEARCH = { ...process.env, PATH: [process.env.PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter) };
/** The line it logs when its listeners are open. */
const LISTENS = /mosquitto version \S+ running/;
/** One that has not ended by then is killed, ms. */
const STUBBORN_MS = 2000;
/** Somebody else may take a free port before it does. */
const ATTEMPTS = 3;

export const hasMosquitto = spawnSync('mosquitto', ['-h'], { env: SEARCH, stdio: 'ignore' }).error === undefined;

export interface MosquittoOptions {
  /** Whether retained messages and sessions survive a restart. Default false: it comes back empty. */
  readonly persistence?: boolean;
  /** More lines for its configuration file; where ports are among them, what finds some for every attempt to start. */
  readonly config?: string | (() => Promise<string>);
  /** Passwords by name; without them anybody may connect. */
  readonly users?: Readonly<Record<string, string>>;
}

/** Brokers that still run; none of them outlives the tests, whatever happened to those. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A real Mosquitto in a process of its own, on a free port of this machine. */
export class Mosquitto implements BrokerProcess {
  #child: ChildProcess | undefined;
  #said = '';

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(options: MosquittoOptions = {}): Promise<Mosquitto> {
    for (let left = ATTEMPTS; ; left -= 1) {
      const broker = await Mosquitto.#prepare(options);
      try {
        await broker.#launch();
        return broker;
      } catch (error) {
        await broker[Symbol.asyncDispose]();
        if (left === 1) throw error;
      }
    }
  }

  static async #prepare({ persistence = false, config = '', users }: MosquittoOptions): Promise<Mosquitto> {
    const folder = await mkdtemp(join(tmpdir(), 'pulsegate-mosquitto-'));
    const port = await freePort();
    const lines = [
      `listener ${port} 127.0.0.1`,
      `allow_anonymous ${users === undefined}`,
      // Else it gives up root's rights, and with them its folder.
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      `persistence ${persistence}`,
      `persistence_location ${folder}/`,
      'log_dest stderr',
      'set_tcp_nodelay true',
      typeof config === 'string' ? config : await config(),
    ];
    if (users) {
      await writePasswords(join(folder, 'passwords'), users);
      lines.push(`password_file ${join(folder, 'passwords')}`);
    }
    await writeFile(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
    return new Mosquitto(port, folder);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** What it logged, for a test that fails. */
  get said(): string {
    return this.#said;
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.#launch();
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  retained(filter = '#'): Promise<ReadonlyMap<string, string>> {
    return retainedAt(this.url, filter);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #launch(): Promise<void> {
    const child = spawn('mosquitto', ['-c', join(this.folder, 'mosquitto.conf')], {
      env: SEARCH,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.add(child);
    this.#child = child;
    const exited = once(child, 'close').then(() => {
      children.delete(child);
      if (this.#child === child) this.#child = undefined;
    });
    const ready = Promise.withResolvers<void>();
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#said += `${line}\n`;
      if (LISTENS.test(line)) ready.resolve();
    });
    void exited.then(() => ready.reject(new Error(`Mosquitto has ended:\n${this.#said}`)));
    const tooSlow = () => new Error(`Mosquitto does not get ready:\n${this.#said}`);
    await withDeadline(systemClock, PATIENCE_MS, ready.promise, tooSlow);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const closed = once(child, 'close');
    child.kill(signal);
    // A paused process hears nothing but SIGKILL.
    child.kill('SIGCONT');
    // A signal that comes while it starts may be lost.
    const isOver = await Promise.race([closed.then(() => true), systemClock.sleep(STUBBORN_MS).then(() => false)]);
    if (!isOver) child.kill('SIGKILL');
    await closed;
  }
}

async function writePasswords(file: string, users: Readonly<Record<string, string>>): Promise<void> {
  await writeFile(file, '');
  await chmod(file, 0o700);
  for (const [name, password] of Object.entries(users)) {
    await promisify(execFile)('mosquitto_passwd', ['-b', file, name, password], { env: SEARCH });
  }
}
