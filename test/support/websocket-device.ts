import { once } from 'node:events';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { PATIENCE_MS } from './timing.js';

/** A device as somebody would build one: nothing but a WebSocket client. */
export class WebSocketDevice implements AsyncDisposable {
  /** Binary frames it was sent, as text. */
  readonly told: string[] = [];
  pings = 0;
  /** What it answers to a frame. */
  answer: (text: string) => string | Uint8Array | undefined = () => undefined;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data, isBinary) => {
      if (!isBinary) return;
      const text = data.toString();
      this.told.push(text);
      const answer = this.answer(text);
      if (answer !== undefined) socket.send(answer);
    });
    socket.on('ping', () => {
      this.pings += 1;
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  static async connect(
    url: string,
    options: { readonly origin?: string; readonly autoPong?: boolean } = {},
  ): Promise<WebSocketDevice> {
    const socket = new WebSocket(url, options);
    const device = new WebSocketDevice(socket);
    await once(socket, 'open');
    return device;
  }

  /** Resolves when this is the last frame it was sent. */
  async hears(text: string): Promise<void> {
    await expect.poll(() => this.told.at(-1), { interval: 5, timeout: PATIENCE_MS }).toBe(text);
  }

  introduce(identifier: string, address: string): void {
    this.socket.send(JSON.stringify({ identifier, address, version: 0 }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}
