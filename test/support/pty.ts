import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  /** The port vanishes, whoever has it open. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    if (!socat) return;
    this.#socat = undefined;
    this.#isPlugged = false;
    const ended = once(socat, 'exit');
    socat.kill();
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

  say(text: string): void {
    this.#device?.write(text);
  }

  async hears(text: string): Promise<void> {
    await expect.poll(() => this.heard, { interval: 5, timeout: PATIENCE_MS }).toContain(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#port?.[Symbol.asyncDispose]();
  }
}
