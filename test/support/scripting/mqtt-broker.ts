import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Connection } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';

/** As which the gateway connects. */
export const GATEWAY_ID = 'gateway';
/** What the gateway itself publishes and listens to; scripts have nothing to do with it. */
const OWN = `pulsegate/${GATEWAY_ID}/`;

interface Published {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** A real MQTT broker on a free port of this machine, and a client of its own that does what the rest of a home would do. */
export class TestBroker implements AsyncDisposable {
  /** Everything that the gateway published, oldest first. */
  readonly published: Published[] = [];
  readonly #filters = new Set<string>();
  readonly #retained = new Map<string, string>();
  readonly #clients = new Set<string>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #home: MqttClient | undefined;
  #port = 0;

  private constructor(private readonly aedes: Aedes) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      const stream: Connection = socket;
      aedes.handle(stream);
    });
    aedes.on('publish', (packet, client) => {
      const { topic, retain } = packet;
      const payload = packet.payload.toString();
      if (retain && payload === '') this.#retained.delete(topic);
      else if (retain) this.#retained.set(topic, payload);
      // Others are the test itself, and the broker.
      if (client?.id === GATEWAY_ID && !topic.startsWith(OWN)) this.published.push({ topic, payload, retain });
    });
    aedes.on('clientReady', ({ id }) => this.#clients.add(id));
    aedes.on('clientDisconnect', ({ id }) => this.#clients.delete(id));
    aedes.on('subscribe', (subscriptions) => {
      for (const { topic } of subscriptions) if (!topic.startsWith(OWN)) this.#filters.add(topic);
    });
    aedes.on('unsubscribe', (topics) => {
      for (const topic of topics) this.#filters.delete(topic);
    });
  }

  static async start(): Promise<TestBroker> {
    const broker = new TestBroker(await Aedes.createBroker());
    await broker.#listen();
    broker.#home = await connectAsync(broker.url, { clientId: 'home' });
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  get hasGateway(): boolean {
    return this.#clients.has(GATEWAY_ID);
  }

  /** Filters that somebody is subscribed to at the moment. */
  get filters(): readonly string[] {
    return [...this.#filters].sort();
  }

  /** Payloads on this topic, oldest first. */
  on(topic: string): readonly string[] {
    return this.published.filter((message) => message.topic === topic).map(({ payload }) => payload);
  }

  /** Somebody else in the home publishes. */
  async tell(topic: string, payload: string, options: { readonly retain?: boolean } = {}): Promise<void> {
    await this.#home?.publishAsync(topic, payload, { qos: 1, retain: options.retain === true });
  }

  /** What a client that comes now is told at once about this topic. */
  retained(topic: string): string | undefined {
    return this.#retained.get(topic);
  }

  /** Every connection breaks, and nobody gets through any more. */
  async goAway(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    this.#filters.clear();
  }

  async comeBack(): Promise<void> {
    await this.#listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#home?.endAsync(true);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await new Promise<void>((resolve) => this.aedes.close(resolve));
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
  }
}
