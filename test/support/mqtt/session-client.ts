import { Type } from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';
import type { MqttConnector } from '../../../plugins/transport-mqtt/connector/index.js';
import type { Message } from '../wire-client.js';

const Messages = Compile(Type.Array(Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()))));

/** A client on a connector that says what it is told to, and pings only where it is told to. */
export class SessionClient implements AsyncDisposable {
  /** Everything that was not the answer to an `ask`, oldest first. */
  readonly events: Message[] = [];
  readonly closed: Promise<void>;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #pinging: NodeJS.Timeout | undefined;
  #nextId = 1;

  private constructor(private readonly connector: MqttConnector) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    connector.on('disconnect', () => {
      this.stopPinging();
      resolve();
    });
    connector.on('message', (messages) => {
      if (Messages.Check(messages)) for (const message of messages) this.#read(message);
    });
  }

  /** A client that has done its handshake. */
  static async connect(connector: MqttConnector, name = 'session client'): Promise<SessionClient> {
    const client = new SessionClient(connector);
    await connector.connect();
    const version = { ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 };
    const reply = await client.ask({ RequestServerInfo: { ClientName: name, ...version } });
    if (!reply.ServerInfo) throw new Error(`No handshake: ${JSON.stringify(reply)}`);
    return client;
  }

  get isConnected(): boolean {
    return this.connector.Connected;
  }

  /** Rejects when the connection ends first. */
  async ask(message: Message): Promise<Message> {
    const [name, body] = Object.entries(message)[0] ?? ['', {}];
    const Id = this.#nextId;
    this.#nextId += 1;
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    this.#waiting.set(Id, resolve);
    void this.closed.then(() => reject(new Error(`Closed before ${name} was answered`)));
    this.connector.send({ [name]: { ...body, Id } });
    return promise;
  }

  /** Sets an output and sees it accepted. */
  async output(deviceIndex: number, featureIndex: number, command: Message): Promise<void> {
    const reply = await this.ask({
      OutputCmd: { DeviceIndex: deviceIndex, FeatureIndex: featureIndex, Command: command },
    });
    if (!reply.Ok) throw new Error(`Refused: ${JSON.stringify(reply)}`);
  }

  pingEvery(periodMs: number): void {
    this.#pinging = setInterval(() => this.ask({ Ping: {} }).catch(() => {}), periodMs);
  }

  stopPinging(): void {
    clearInterval(this.#pinging);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopPinging();
    await this.connector.disconnect().catch(() => {});
  }

  #read(message: Message): void {
    const id = Object.values(message)[0]?.Id;
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (waiting && typeof id === 'number') {
      this.#waiting.delete(id);
      waiting(message);
    } else this.events.push(message);
  }
}
