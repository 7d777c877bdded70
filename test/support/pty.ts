import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { access, mkdtemp, readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PATIENCE_MS } from './timing.js';

const hasSocat = spawnSync('socat', ['-V'], { stdio: 'ignore' }).error === undefined;

/** Tests that need socat (Debian: `apt install socat`). Without it they are skipped and say so; in CI they fail. */
export function describeSocat(name: string, tests: () => void): void {
  if (hasSocat) describe(name, tests);
  else if (process.env.CI) {
    describe(name, () => {
      it('needs socat, which is not installed', () => expect(hasSocat).toBe(true));
    });
  } else describe.skip(`${name} (skipped: socat is not installed)`, tests);
}

/** What somebody set the port to last, bits a second. A port that nobody has opened since it was plugged in has 0. */
export async function speedOf(path: string): Promise<number> {
  const { stdout } = await promisify(execFile)('stty', ['-F', path, 'speed']);
  return Number(stdout);
}

/** Writes until nothing more is taken. Returns how many bytes that were. */
function fill(path: string): number {
  const port = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  let taken = 0;
  try {
    for (;;) taken += writeSync(port, Buffer.alloc(1, '.'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    return taken;
  } finally {
    closeSync(port);
  }
}

/** A serial port of the system, and what is plugged into it. */
export class PtyPort implements AsyncDisposable {
  #socat: ChildProcess | undefined;
  #isPlugged = false;

  private constructor(
    private readonly folder: string,
    private readonly server: Server,
    onPlugged: (line: Socket) => void,
  ) {
    server.on('connection', (socket) => {
      this.#isPlugged = true;
      socket.on('error', () => {});
      onPlugged(socket);
    });
  }

  /** @param onPlugged gets the device's end of the line, each time it is plugged in */
  static async create(onPlugged: (line: Socket) => void): Promise<PtyPort> {
    const folder = await mkdtemp(join(tmpdir(), 'pulsegate-pty-'));
    const server = createServer().listen(join(folder, 'device'));
    await once(server, 'listening');
    const port = new PtyPort(folder, server, onPlugged);
    await port.plugIn();
    return port;
  }

  get path(): string {
    return join(this.folder, 'tty');
  }

  async plugIn(): Promise<void> {
    this.#socat = spawn('socat', [`pty,rawer,link=${this.path}`, `unix-connect:${join(this.folder, 'device')}`]);
    const isThere = () =>
      access(this.path).then(
        () => true,
        () => false,
      );
    await expect.poll(isThere, { interval: 5, timeout: PATIENCE_MS }).toBe(true);
    await expect.poll(() => this.#isPlugged, { interval: 5, timeout: PATIENCE_MS }).toBe(true);
  }

  /** Nothing is read on the other side any more, and what the system keeps for it is full. */
  async hang(): Promise<void> {
    const socat = this.#socat;
    socat?.kill('SIGSTOP');
    const isStopped = async () => /^State:\s+T/m.test(await readFile(`/proc/${socat?.pid}/status`, 'utf8'));
    await expect.poll(isStopped, { interval: 2, timeout: PATIENCE_MS }).toBe(true);
    // The system makes room once or twice, behind everybody's back.
    for (let full = 0; full < 3; full++) {
      if (fill(this.path) > 0) full = 0;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** It reads again. */
  recover(): void {
    this.#socat?.kill('SIGCONT');
  }

  /** The port vanishes, whoever has it open. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    if (!socat) return;
    this.#socat = undefined;
    this.#isPlugged = false;
    const ended = once(socat, 'exit');
    socat.kill();
    // One that hangs ends when it goes on.
    socat.kill('SIGCONT');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug();
    this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A serial port of the system with a device behind it that the test plays. */
export class Pty implements AsyncDisposable {
  /** All bytes that the device got, as text. */
  heard = '';
  #device: Socket | undefined;
  #port: PtyPort | undefined;

  static async create(): Promise<Pty> {
    const pty = new Pty();
    pty.#port = await PtyPort.create((line) => {
      pty.#device = line;
      line.setEncoding('latin1').on('data', (text) => {
        pty.heard += String(text);
      });
    });
    return pty;
  }

  get path(): string {
    return this.#port?.path ?? '';
  }

  async plugIn(): Promise<void> {
    await this.#port?.plugIn();
  }

  /** The port vanishes, whoever has it open. */
  async unplug(): Promise<void> {
    await this.#port?.unplug();
  }

  /** @see PtyPort.hang */
  async hang(): Promise<void> {
    await this.#port?.hang();
  }

  /** @see PtyPort.recover */
  recover(): void {
    this.#port?.recover();
  }

  /** How much of what the device said has been taken since it was plugged in, bytes. */
  get taken(): number {
    return this.#device?.bytesWritten ?? 0;
  }

  say(data: string | Uint8Array): void {
    this.#device?.write(data);
  }

  async hears(text: string): Promise<void> {
    await expect.poll(() => this.heard, { interval: 5, timeout: PATIENCE_MS }).toContain(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#port?.[Symbol.asyncDispose]();
  }
}

/** How often this process has the port open. */
export async function timesOpen(path: string): Promise<number> {
  const real = await realpath(path);
  const open = await readdir('/proc/self/fd');
  const leads = await Promise.all(open.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return leads.filter((lead) => lead === real).length;
}
