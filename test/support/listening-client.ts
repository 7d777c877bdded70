import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { PATIENCE_MS } from './timing.js';
import type { Message } from './wire-client.js';

/** A Buttplug client that listens, as some apps do, for a gateway that dials. */
export class ListeningClient implements AsyncDisposable {
  /** Every connection ever made, oldest first. */
  readonly calls: Call[] = [];

  private constructor(
    private readonly server: WebSocketServer,
    readonly port: number,
  ) {
    server.on('connection', (webSocket, { url = '' }) => this.calls.push(new Call(webSocket, url)));
  }

  /** @param greeting what it says in the very moment of the connection */
  static async start(port = 0, greeting?: string): Promise<ListeningClient> {
    const server = new WebSocketServer({ host: '127.0.0.1', port, perMessageDeflate: true });
    if (greeting !== undefined) server.on('connection', (webSocket) => webSocket.send(greeting));
    await once(server, 'listening');
    return new ListeningClient(server, (server.address() as AddressInfo).port);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** The n-th connection, counted from 1. */
  async call(n: number): Promise<Call> {
    await expect.poll(() => this.calls.length, { interval: 5, timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(n);
    const call = this.calls[n - 1];
    if (!call) throw new Error('There is no such call');
    return call;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { webSocket } of this.calls) webSocket.terminate();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export class Call {
  readonly heard: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #nextId = 1;

  constructor(
    readonly webSocket: WebSocket,
    readonly path: string,
  ) {
    webSocket.on('message', (data) => this.heard.push(...(JSON.parse(data.toString()) as Message[])));
    webSocket.on('error', () => {});
    this.closed = new Promise((resolve) =>
      webSocket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  async ask(message: Message): Promise<Message> {
    const [name, body] = Object.entries(message)[0] ?? ['', {}];
    const Id = this.#nextId;
    this.#nextId += 1;
    this.webSocket.send(JSON.stringify([{ [name]: { ...body, Id } }]));
    return this.answer(Id);
  }

  async answer(id: number): Promise<Message> {
    const find = () => this.heard.find((message) => Object.values(message)[0]?.Id === id);
    await expect.poll(find, { interval: 5, timeout: PATIENCE_MS }).toBeDefined();
    return find() ?? {};
  }

  handshake(): Promise<Message> {
    return this.ask({
      RequestServerInfo: { ClientName: 'an app that listens', ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 },
    });
  }

  vibrate(level: number): Promise<Message> {
    return this.ask({ OutputCmd: { DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: level } } } });
  }
}
