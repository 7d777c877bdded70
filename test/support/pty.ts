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

/** A serial port of the system with a device behind it that the test plays. */
export class Pty implements AsyncDisposable {
  /** All bytes that the device got, as text. */
  heard = '';
  #socat: ChildProcess | undefined;
  #device: Socket | undefined;

  private constructor(
    private readonly folder: string,
    private readonly server: Server,
  ) {
    server.on('connection', (socket) => {
      this.#device = socket;
      socket.setEncoding('latin1').on('data', (text) => {
        this.heard += String(text);
      });
      socket.on('error', () => {});
    });
  }

  static async create(): Promise<Pty> {
    const folder = await mkdtemp(join(tmpdir(), 'pulsegate-pty-'));
    const server = createServer().listen(join(folder, 'device'));
    await once(server, 'listening');
    const pty = new Pty(folder, server);
    await pty.plugIn();
    return pty;
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
    await expect.poll(() => this.#device !== undefined, { interval: 5, timeout: PATIENCE_MS }).toBe(true);
  }

  /** The port vanishes, whoever has it open. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    if (!socat) return;
    this.#socat = undefined;
    this.#device = undefined;
    const ended = once(socat, 'exit');
    socat.kill();
    await ended;
  }

  say(text: string): void {
    this.#device?.write(text);
  }

  async hears(text: string): Promise<void> {
    await expect.poll(() => this.heard, { interval: 5, timeout: PATIENCE_MS }).toContain(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug();
    this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
