import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Message } from '../wire-client.js';

export interface ScriptedOptions {
  /** The version it speaks; a client of another is refused as servers of that time did. Default 4. */
  readonly spec?: 3 | 4;
  readonly maxPingTime?: number;
  /** In the form of the version; default none. */
  readonly devices?: object;
  /** Answers what is not part of the handshake; absent: with `Ok`. Where it returns nothing, nothing is said. */
  readonly answer?: (name: string, body: Message[string]) => Message | undefined;
}

/** A server of the Buttplug protocol that does what it is told, right or wrong. */
export class ScriptedServer implements AsyncDisposable {
  /** Every message it got, oldest first. */
  readonly received: { readonly name: string; readonly body: Message[string] }[] = [];
  readonly headers: Record<string, unknown>[] = [];
  readonly sockets: WebSocket[] = [];
  answer: ScriptedOptions['answer'];

  private constructor(
    private readonly server: WebSocketServer,
    private readonly options: ScriptedOptions,
  ) {
    this.answer = options.answer;
    server.on('connection', (socket, request) => {
      this.headers.push(request.headers);
      this.sockets.push(socket);
      socket.on('error', () => {});
      socket.on('message', (data) => {
        for (const message of JSON.parse(data.toString()) as Message[]) {
          for (const [name, body] of Object.entries(message)) this.#take(socket, name, body);
        }
      });
    });
  }

  static async start(options: ScriptedOptions = {}): Promise<ScriptedServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    return new ScriptedServer(server, options);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Orders and other messages of this name. */
  all(name: string): readonly Message[string][] {
    return this.received.filter((message) => message.name === name).map(({ body }) => body);
  }

  /** Says something to everybody, as it is. */
  say(text: string | Buffer): void {
    for (const socket of this.sockets) if (socket.readyState === socket.OPEN) socket.send(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  #take(socket: WebSocket, name: string, body: Message[string]): void {
    this.received.push({ name, body });
    const reply = this.#reply(name, body);
    if (reply && socket.readyState === socket.OPEN) socket.send(JSON.stringify([reply]));
  }

  #reply(name: string, body: Message[string]): Message | undefined {
    const { Id } = body;
    if (name === 'RequestServerInfo') return this.#greet(body);
    if (name === 'RequestDeviceList') {
      const { spec = 4, devices = spec === 4 ? {} : [] } = this.options;
      return { DeviceList: { Id, Devices: devices } };
    }
    return this.answer ? this.answer(name, body) : { Ok: { Id } };
  }

  #greet(body: Message[string]): Message {
    const { spec = 4, maxPingTime: MaxPingTime = 0 } = this.options;
    const { Id } = body;
    const about = { Id, MaxPingTime, ServerName: 'Scripted' };
    if (spec === 4) return { ServerInfo: { ...about, ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 } };
    // What servers of that time said of a message whose form they did not know.
    if (body.MessageVersion === undefined) {
      return { Error: { Id: 0, ErrorCode: 3, ErrorMessage: 'unknown field ProtocolVersionMajor' } };
    }
    return { ServerInfo: { ...about, MessageVersion: 3 } };
  }
}

/** A device with one motor, as version 4 announces it. */
export const vibrator = (index = 0, name = 'Wand', more: object = {}) => ({
  [index]: {
    DeviceIndex: index,
    DeviceName: name,
    DeviceMessageTimingGap: 0,
    DeviceFeatures: {
      0: { FeatureIndex: 0, FeatureDescription: '', Output: { Vibrate: { Value: [0, 20] } } },
    },
    ...more,
  },
});
