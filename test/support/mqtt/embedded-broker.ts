import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { definePlugin, type EmbeddedBroker, MQTT_BROKER, PLUGIN_API, Type } from 'pulsegate/plugin';
import { expect } from 'vitest';
import { type LiveGateway, startLive } from '../live-gateway.js';
import { PATIENCE_MS } from '../timing.js';

export interface Heard {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** A real MQTT client that remembers what it hears. */
export class Listener implements AsyncDisposable {
  readonly heard: Heard[] = [];
  #isClosed = false;

  constructor(readonly client: MqttClient) {
    client.on('message', (topic, payload, { retain }) =>
      this.heard.push({ topic, payload: payload.toString().slice(0, 100), retain }),
    );
    client.on('error', () => {});
    client.on('close', () => {
      this.#isClosed = true;
    });
  }

  get topics(): readonly string[] {
    return this.heard.map(({ topic }) => topic);
  }

  /** Whether the broker has granted it. */
  async subscribe(filter: string, qos: 0 | 1 | 2 = 0): Promise<boolean> {
    const refused = await this.client.subscribeAsync(filter, { qos }).then(
      (granted) => granted.every((one) => one.qos === 128),
      () => true,
    );
    return !refused;
  }

  async hears(topic: string): Promise<void> {
    await expect.poll(() => this.topics, { interval: 5, timeout: PATIENCE_MS }).toContain(topic);
  }

  /** The broker has ended the connection. */
  async isCut(): Promise<void> {
    await expect.poll(() => this.#isClosed, { interval: 5, timeout: PATIENCE_MS }).toBe(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.endAsync(true);
  }
}

/** A gateway with its embedded broker on a free port. */
export class BrokerStage implements AsyncDisposable {
  #count = 0;
  readonly #sockets: Socket[] = [];

  constructor(
    readonly live: LiveGateway,
    /** As other plugins have it. */
    readonly broker: EmbeddedBroker,
  ) {}

  get port(): number {
    return Number(this.broker.address.split(':').at(-1));
  }

  async connect(options: IClientOptions = {}): Promise<Listener> {
    this.#count += 1;
    const client = await connectAsync(
      `mqtt://127.0.0.1:${this.port}`,
      { clientId: `client-${this.#count}`, reconnectPeriod: 0, connectTimeout: PATIENCE_MS, ...options },
      // The first refusal is the answer.
      false,
    );
    return new Listener(client);
  }

  as(username: string, options: IClientOptions = {}): Promise<Listener> {
    return this.connect({ username, password: `${username}-secret`, ...options });
  }

  /** The gateway's own line. */
  async own(options: IClientOptions = {}): Promise<Listener> {
    const { MqttClient } = await import('mqtt');
    const line = await this.broker.connect();
    const client = new MqttClient(() => line, { clientId: 'own', protocolVersion: 4, reconnectPeriod: 0, ...options });
    await new Promise<void>((resolve) => client.once('connect', () => resolve()));
    return new Listener(client);
  }

  /** A TCP connection that says this much. */
  async raw(...bytes: readonly Uint8Array[]): Promise<Socket> {
    const socket = connectSocket({ host: '127.0.0.1', port: this.port, allowHalfOpen: true });
    this.#sockets.push(socket);
    socket.on('error', () => {});
    await once(socket, 'connect');
    for (const part of bytes) socket.write(part);
    return socket;
  }

  /** The return code of the broker's answer to a CONNECT. */
  async connectRaw(connect: Uint8Array): Promise<number> {
    const socket = await this.raw(connect);
    const [answer] = await once(socket, 'data');
    return Buffer.from(answer)[3] ?? -1;
  }

  async refused(reason: string): Promise<number> {
    return this.live.metric(`pulsegate_mqtt_broker_refused_total{reason="${reason}"}`);
  }

  async reaches(metric: string, value: number): Promise<void> {
    await expect
      .poll(() => this.live.metric(`pulsegate_mqtt_broker_${metric}`), { interval: 10, timeout: PATIENCE_MS })
      .toBe(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.live[Symbol.asyncDispose]();
  }
}

/** Two users with a tree each, and one who sees both. */
export const USERS = {
  ada: { password: 'ada-secret', publish: ['home/ada/#'], subscribe: ['home/ada/#'] },
  bob: { password: 'bob-secret', publish: ['home/bob/#'], subscribe: ['home/bob/#'] },
  eve: { password: 'eve-secret', publish: ['home/+/mail'], subscribe: ['home/+/mail', 'shared/#'] },
  root: { password: 'root-secret', publish: ['#'], subscribe: ['#'] },
};

export async function startBroker(config: object = {}): Promise<BrokerStage> {
  let broker: EmbeddedBroker | undefined;
  const probe = definePlugin({
    name: 'broker-probe',
    // Starts after extensions.
    kind: 'transport',
    api: PLUGIN_API,
    description: 'Hands the broker to a test',
    config: Type.Object({}),
    create: ({ use }) => ({
      start() {
        broker = use(MQTT_BROKER).broker;
      },
      stop() {},
    }),
  });
  const live = await startLive({
    plugins: [probe],
    config: {
      plugins: {
        'mqtt-broker': { port: 0, ...config },
        // The gateway would wake the broker, and publish.
        'transport-mqtt': { enabled: false },
        'hardware-simulated': { devices: [] },
      },
    },
    devices: 0,
  });
  if (!broker) throw new Error(`There is no broker:\n${live.log.join('')}`);
  return new BrokerStage(live, broker);
}

interface LoginOptions {
  readonly clientId: string;
  readonly will?: {
    readonly topic: string;
    readonly payload: Uint8Array;
    readonly qos: number;
    readonly retain: boolean;
  };
}

/** MQTT 3.1.1, for what no client would send. */
export const packets = {
  login: (name: string, password: string, { clientId, will }: LoginOptions) =>
    packet(
      0x10,
      text('MQTT'),
      Uint8Array.of(4, 0xc2 | (will ? 0x04 | (will.qos << 3) | (will.retain ? 0x20 : 0) : 0), 0, 0),
      text(clientId),
      ...(will ? [text(will.topic), text(will.payload)] : []),
      text(name),
      text(password),
    ),
  connect: (clientId: string, { keepalive = 0, flags = 0x02 } = {}) =>
    packet(0x10, text('MQTT'), Uint8Array.of(4, flags, keepalive >> 8, keepalive & 255), text(clientId)),
  publish: (topic: string, payload: Uint8Array | string, retain = false) =>
    packet(retain ? 0x31 : 0x30, text(topic), Buffer.from(payload)),
  subscribe: (filters: readonly string[]) =>
    packet(0x82, Uint8Array.of(0, 7), Buffer.concat(filters.flatMap((filter) => [text(filter), Uint8Array.of(0)]))),
  ping: Uint8Array.of(0xc0, 0),
};

function text(content: string | Uint8Array): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes]);
}

function packet(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Uint8Array.of(type, ...length), body]);
}
