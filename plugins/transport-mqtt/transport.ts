import type { Registry } from 'prom-client';
import {
  type BrokerDoor,
  type Clock,
  type Logger,
  type MqttDoor,
  type PluginInstance,
  packageVersion,
  type RetainedScope,
  type SessionHost,
  type Static,
  type Timer,
} from 'pulsegate/plugin';
import type { config } from './config.js';
import { type BrokerAddress, withoutCredentials } from './connection/address.js';
import { BrokerClient } from './connection/broker-client.js';
import { connectOptions } from './connection/connect-options.js';
import { Meters } from './connection/meters.js';
import { MqttSessions } from './sessions/mqtt-sessions.js';
import { TopicMemory } from './topic-memory.js';

type TransportConfig = Static<typeof config>;

export interface TransportOptions {
  readonly config: TransportConfig;
  readonly hostname: string;
  readonly door: MqttDoor;
  readonly broker: BrokerDoor;
  readonly sessions: SessionHost;
  readonly metrics: Registry;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What an earlier run has left is cleared so long after the first connection, when all that is in use is known, ms. */
const SWEEP_AFTER_MS = 10_000;

/** The gateway's place on a broker. */
export class MqttTransport implements PluginInstance {
  readonly #state: TopicMemory;
  readonly #owned = new DisposableStack();
  #client: BrokerClient | undefined;
  #sweep: Timer | undefined;
  #hasSwept = false;

  constructor(private readonly options: TransportOptions) {
    this.#state = new TopicMemory(options.config.state, options.clock, options.log);
  }

  async start(): Promise<void> {
    const { config, clock, log, door, metrics } = this.options;
    await this.#state.load();
    const gateway = config.gateway ?? this.#ownName();
    const root = `${config.baseTopic}/${gateway}`;
    const client = new BrokerClient({
      gateway,
      root,
      info: { gateway, version: packageVersion, maxPingTime: config.maxPingTime },
      address: () => this.#address(),
      connect: await connectOptions(config, config.clientId ?? `pulsegate-${gateway}`),
      stallAfterMs: config.stallAfter,
      settleMs: config.settle,
      maxPayload: config.maxPayload,
      maxQueued: config.maxQueued,
      maxDelayMs: config.reconnect.maxDelay,
      clock,
      log,
      meters: this.#owned.use(new Meters(metrics)),
      onScopes: (scopes) => this.#rememberAlso(scopes),
    });
    this.#client = client;
    this.#owned.use(client.on('connected', () => this.#sweepLater(client)));
    this.#owned.defer(() => this.#sweep?.cancel());
    const { sessions } = this.options;
    this.#owned.use(new MqttSessions({ client, sessions, clock, log, maxPingTimeMs: config.maxPingTime, metrics }));
    this.#owned.use(door.provide(client));
    this.#wakeInTime(client);
  }

  async stop(): Promise<void> {
    // Whoever listens to the connection goes first: a session that ends says so over it.
    this.#owned.dispose();
    await this.#client?.stop();
    await this.#state.saved();
  }

  /** Nobody needs a connection to an embedded broker that has no other clients. */
  #wakeInTime(client: BrokerClient): void {
    const { broker } = this.options.broker;
    if (this.options.config.broker !== 'embedded' || !broker || broker.isAwake) client.wake();
    else this.#owned.use(broker.on('awake', () => client.wake()));
  }

  #address(): BrokerAddress | undefined {
    const { config, broker: door } = this.options;
    if (config.broker !== 'embedded') return { url: config.broker, shown: withoutCredentials(config.broker) };
    const { broker } = door;
    // aedes speaks nothing newer.
    return (
      broker && {
        url: '',
        shown: `the embedded broker on ${broker.address}`,
        stream: () => broker.connect(),
        version: 4,
      }
    );
  }

  /** That of the machine when the gateway first ran: whatever is named after it must not change with the machine's. */
  #ownName(): string {
    const name = this.#state.gateway ?? nameFor(this.options.hostname);
    this.#state.name(name);
    return name;
  }

  #rememberAlso(scopes: readonly RetainedScope[]): void {
    const { broker } = this.options.config;
    const known = this.#state.scopes(broker);
    const added = scopes.filter((scope) => !known.some((one) => isSame(one, scope)));
    if (added.length > 0) this.#state.remember(broker, [...known, ...added]);
  }

  /** Once for each run, when everybody has had the time to say what is in use. */
  #sweepLater(client: BrokerClient): void {
    if (this.#hasSwept) return;
    const { clock, log, config } = this.options;
    this.#sweep?.cancel();
    this.#sweep = clock.after(SWEEP_AFTER_MS, async () => {
      try {
        const isUsed = (scope: RetainedScope) => client.scopes.some((one) => isSame(one, scope));
        for (const scope of this.#state.scopes(config.broker)) if (!isUsed(scope)) await client.sweep(scope);
        this.#hasSwept = true;
        this.#state.remember(config.broker, client.scopes);
      } catch (error) {
        log.debug({ err: error }, 'mqtt: what an earlier run has left is cleared with the next connection');
      }
    });
  }
}

const isSame = (one: RetainedScope, other: RetainedScope) => one.filter === other.filter && one.prefix === other.prefix;

/** A name that is fit for topics, from that of the machine. */
function nameFor(host: string): string {
  const slug = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return slug === '' ? 'gateway' : slug;
}
