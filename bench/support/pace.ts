import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { PaceJob, PaceResult } from '#bench/support/jobs';

const LEVELS = 20;

/** One app: what scripts are compared with, so it does what they do, and no less. */
class App {
  commands = 0;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, () => void>();
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const messages: Record<string, { Id: number }>[] = JSON.parse(String(data));
      for (const message of messages) {
        for (const { Id } of Object.values(message)) {
          this.#waiting.get(Id)?.();
          this.#waiting.delete(Id);
        }
      }
    });
  }

  static async connect(port: number): Promise<App> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    await once(socket, 'open');
    const app = new App(socket);
    await app.#ask('RequestServerInfo', { ClientName: 'app', ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 });
    return app;
  }

  drive(device: number, everyMs: number): { stop(): void } {
    const timer = setInterval(async () => {
      const Value = (this.commands % LEVELS) + 1;
      await this.#ask('OutputCmd', { DeviceIndex: device, FeatureIndex: 0, Command: { Vibrate: { Value } } });
      this.commands += 1;
    }, everyMs);
    return { stop: () => clearInterval(timer) };
  }

  close(): void {
    this.#socket.terminate();
  }

  #ask(name: string, fields: object): Promise<void> {
    const Id = this.#nextId;
    this.#nextId += 1;
    this.#socket.send(JSON.stringify([{ [name]: { ...fields, Id } }]));
    return new Promise((resolve) => this.#waiting.set(Id, resolve));
  }
}

export async function pace({ port, clients, devices, everyMs, ms }: PaceJob): Promise<PaceResult> {
  const apps = await Promise.all(Array.from({ length: clients }, () => App.connect(port)));
  const drives = apps.map((app, at) => app.drive(at % devices, everyMs));
  await setTimeout(ms);
  for (const drive of drives) drive.stop();
  for (const app of apps) app.close();
  return { commands: apps.reduce((sum, { commands }) => sum + commands, 0) };
}
