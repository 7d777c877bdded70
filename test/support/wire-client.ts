import { connect as connectSocket, type Socket } from 'node:net';
import { type ClientOptions, WebSocket } from 'ws';

export type Message = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A client written down to its socket: says what it is told to, remembers what it hears, and can fall silent or break. */
export class WireClient {
  /** Everything that was not the answer to an `ask`, oldest first. */
  readonly events: Message[] = [];
  readonly closed: Promise<Closed>;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #watchers = new Set<() => void>();
  #nextId = 1;

  private constructor(
    readonly webSocket: WebSocket,
    /** The TCP socket below. */
    readonly socket: Socket,
  ) {
    webSocket.on('message', (data) => this.#read(data.toString()));
    webSocket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      webSocket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** A WebSocket without a handshake of the protocol. Rejects when the upgrade is refused. */
  static open(url: string, options: ClientOptions = {}): Promise<WireClient> {
    const { hostname, port } = new URL(url);
    const socket = connectSocket({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
    const webSocket = new WebSocket(url, { ...options, createConnection: () => socket });
    const client = new WireClient(webSocket, socket);
    return new Promise((resolve, reject) => {
      webSocket.once('open', () => resolve(client));
      webSocket.once('error', reject);
    });
  }

  /** A client that has done its handshake. */
  static async connect(url: string, version = 4, name = 'wire client'): Promise<WireClient> {
    const client = await WireClient.open(url);
    const asked = version === 0 ? {} : { MessageVersion: version };
    const spec = version >= 4 ? { ProtocolVersionMajor: version, ProtocolVersionMinor: 0 } : asked;
    const reply = await client.ask({ RequestServerInfo: { ClientName: name, ...spec } });
    if (!reply.ServerInfo) throw new Error(`No handshake: ${JSON.stringify(reply)}`);
    return client;
  }

  /** Text as it is. */
  raw(text: string | Buffer): void {
    this.webSocket.send(text);
  }

  tell(...messages: readonly Message[]): void {
    this.raw(JSON.stringify(messages));
  }

  /** Sends one message with an Id of its own; resolves with the reply, rejects when the connection ends first. */
  async ask(message: Message): Promise<Message> {
    const [name, body] = Object.entries(message)[0] ?? ['', {}];
    const Id = this.#nextId;
    this.#nextId += 1;
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    this.#waiting.set(Id, resolve);
    void this.closed.then(({ code }) => reject(new Error(`Closed (${code}) before ${name} was answered`)));
    this.tell({ [name]: { ...body, Id } });
    return promise;
  }

  /** Sets an output and sees it accepted. */
  async output(deviceIndex: number, featureIndex: number, command: Message): Promise<void> {
    const reply = await this.ask({
      OutputCmd: { DeviceIndex: deviceIndex, FeatureIndex: featureIndex, Command: command },
    });
    if (!reply.Ok) throw new Error(`Refused: ${JSON.stringify(reply)}`);
  }

  /** The first event for which `wanted` holds, now or later; rejects when the connection ends without one. */
  async event(wanted: (message: Message) => boolean): Promise<Message> {
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    const look = () => {
      const found = this.events.find(wanted);
      if (found) resolve(found);
    };
    this.#watchers.add(look);
    look();
    void this.closed.then(({ code }) => reject(new Error(`Closed (${code}) without the event`)));
    return promise.finally(() => this.#watchers.delete(look));
  }

  #read(text: string): void {
    for (const message of JSON.parse(text) as Message[]) {
      const id = Object.values(message)[0]?.Id;
      const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
      if (waiting && typeof id === 'number') {
        this.#waiting.delete(id);
        waiting(message);
      } else this.events.push(message);
    }
    for (const look of this.#watchers) look();
  }
}
