import type { Server, Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import type { Aedes } from 'aedes';
import {
  type Clock,
  describeError,
  type EmbeddedBroker,
  type EmbeddedBrokerEvents,
  Events,
  isLoopback,
  type Logger,
  PluginError,
  type PluginInstance,
} from 'pulsegate/plugin';
import { Accounts } from './accounts.js';
import type { BrokerConfig } from './config.js';
import { Doorkeeper, Refused } from './doorkeeper.js';
import { GuardedLine } from './line.js';
import { addressOf, listen } from './listen.js';
import { Refusals } from './refusals.js';

export interface BrokerOptions {
  /** Its name as a plugin. */
  readonly name: string;
  readonly config: BrokerConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly fail: (error: unknown) => void;
}

/** How long aedes may take to close, ms; what it does then is of no use to anybody. */
const CLOSE_GRACE_MS = 500;
/** What the gateway's own line holds; it is read in the same process, so that nobody waits for it. */
const OWN_LINE_BYTES = 16_777_216;

/** A broker that is not more than a port until somebody comes. */
export class SleepingBroker implements EmbeddedBroker, PluginInstance {
  readonly refusals: Refusals;
  readonly doorkeeper: Doorkeeper;
  readonly #accounts: Accounts;
  readonly #events: Events<EmbeddedBrokerEvents>;
  readonly #servers: Server[] = [];
  readonly #lines = new Set<GuardedLine>();
  /** Those who have not said who they are, the oldest first. */
  readonly #pending = new Set<GuardedLine>();
  readonly #ownLines = new Set<Duplex>();
  #waking: Promise<Aedes> | undefined;
  #isAwake = false;
  #isStopped = false;

  constructor(private readonly options: BrokerOptions) {
    const { config, clock, log } = options;
    this.#accounts = new Accounts(config);
    this.refusals = new Refusals(clock, log);
    this.doorkeeper = new Doorkeeper(this.#accounts, config, clock, this.refusals);
    this.#events = new Events((error, event) => log.error({ err: error, event }, 'a listener to the broker failed'));
  }

  get address(): string {
    const [server] = this.#servers;
    return server ? addressOf(server).text : 'nowhere';
  }

  get isAwake(): boolean {
    return this.#isAwake;
  }

  /** Clients over the network. */
  get connections(): number {
    return this.#lines.size;
  }

  on<K extends keyof EmbeddedBrokerEvents & string>(
    event: K,
    listener: (...args: EmbeddedBrokerEvents[K]) => void,
  ): Disposable {
    return this.#events.on(event, listener);
  }

  async start(): Promise<void> {
    const { name, config, log } = this.options;
    this.#refuseExposure();
    const host = config.host === 'localhost' ? '127.0.0.1' : config.host;
    const accept = (socket: Socket) => this.#accept(socket);
    const server = await listen(name, host, config.port, accept);
    this.#keep(server);
    // `localhost` is either of the two.
    if (isLoopback(host) && host !== '::1') {
      await listen(name, '::1', addressOf(server).port, accept).then(
        (second) => this.#keep(second),
        (error: unknown) => log.debug({ err: error }, 'not listening on ::1'),
      );
    }
    log.info(`MQTT clients are welcome on mqtt://${this.address}`);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const line of this.#lines) line.destroy();
    for (const line of this.#ownLines) line.destroy();
    await Promise.all(closed);
    await this.#closeAedes();
  }

  async connect(): Promise<Duplex> {
    const aedes = await this.#wake();
    const [inside, outside] = duplexPair({ writableHighWaterMark: OWN_LINE_BYTES });
    this.#ownLines.add(inside);
    inside.on('close', () => {
      this.#ownLines.delete(inside);
      outside.destroy();
    });
    inside.on('error', () => {});
    outside.on('close', () => inside.destroy());
    this.doorkeeper.expect(inside, {
      remote: 'home',
      isOwner: true,
      onAdmitted() {},
      async whenRoomy() {},
      end: () => void inside.destroy(),
    });
    aedes.handle(inside);
    return outside;
  }

  #refuseExposure(): void {
    const { name, config } = this.options;
    const { host } = config;
    if (isLoopback(host)) return;
    if (!this.#accounts.hasUsers) {
      throw new PluginError(
        name,
        `On ${host} anyone in the network could drive the devices: name who may with plugins.${name}.users, or set plugins.${name}.host to 127.0.0.1`,
      );
    }
    if (this.#accounts.anonymous) {
      throw new PluginError(
        name,
        `On ${host} anyone in the network could come in without a name: leave out plugins.${name}.anonymous, or set plugins.${name}.host to 127.0.0.1`,
      );
    }
  }

  #keep(server: Server): void {
    // Of single connections, such as one too many for the system; the server goes on.
    server.on('error', (error) => this.options.log.warn({ err: error }, 'a connection could not be taken'));
    this.#servers.push(server);
  }

  #accept(socket: Socket): void {
    const { config, clock } = this.options;
    const isFull = this.#lines.size >= config.maxConnections;
    const [oldest] = this.#pending;
    if (oldest && (isFull || this.#pending.size >= config.maxPending)) {
      oldest.cut('too-many-pending', `${oldest.remote} had to go: too many have not said who they are`);
    } else if (isFull) {
      this.refusals.note('too-many-connections', `there are ${config.maxConnections} connections already`);
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    const line = new GuardedLine(
      socket,
      {
        maxPacketBytes: config.maxPayload,
        maxBufferedBytes: config.maxBuffered,
        packetTimeoutMs: config.connectTimeout,
      },
      clock,
      (reason, text) => this.refusals.note(reason, text),
    );
    const patience = clock.after(config.connectTimeout, () =>
      line.cut('connect-timeout', `${line.remote} did not say who it is`),
    );
    const decided = () => {
      patience.cancel();
      this.#pending.delete(line);
    };
    this.#lines.add(line);
    this.#pending.add(line);
    line.once('close', () => {
      decided();
      this.#lines.delete(line);
    });
    this.doorkeeper.expect(line, {
      remote: line.remote,
      isOwner: false,
      onAdmitted: decided,
      whenRoomy: () => line.whenRoomy(),
      end: () => void line.destroy(),
    });
    this.#wake().then(
      (aedes) => {
        if (!line.destroyed) aedes.handle(line);
      },
      () => line.destroy(),
    );
  }

  #wake(): Promise<Aedes> {
    this.#waking ??= this.#startAedes();
    return this.#waking;
  }

  async #startAedes(): Promise<Aedes> {
    const { name, config, log, fail } = this.options;
    try {
      const { Aedes } = await import('aedes');
      const aedes = await Aedes.createBroker({
        ...this.doorkeeper.options(),
        queueLimit: config.queueLimit,
        concurrency: config.concurrency,
        // Only for a line that is not watched over: those that are get cut at config.connectTimeout.
        connectTimeout: 2 * config.connectTimeout,
      });
      if (this.#isStopped) {
        aedes.close();
        throw new PluginError(name, 'The broker has stopped');
      }
      this.#follow(aedes);
      this.#isAwake = true;
      log.debug('somebody has come: the broker is awake');
      this.#events.emit('awake');
      return aedes;
    } catch (error) {
      if (!this.#isStopped)
        fail(new PluginError(name, `The broker does not wake up: ${describeError(error)}`, { cause: error }));
      throw error;
    }
  }

  #follow(aedes: Aedes): void {
    const { log } = this.options;
    this.doorkeeper.follow(aedes);
    aedes.addListener('error', (error: unknown) => log.warn({ err: error }, 'the broker could not do something'));
    const ended = (_client: unknown, error: Error) => {
      log.debug({ err: error }, 'a connection to the broker ended');
      // Errors of the system have a code; the rest are sentences about what a client has sent.
      if (error instanceof Refused || 'code' in error || error.message === 'keep alive timeout') return;
      this.refusals.note('malformed', `a client broke the rules of MQTT: ${error.message}`);
    };
    aedes.on('clientError', ended);
    aedes.on('connectionError', ended);
  }

  async #closeAedes(): Promise<void> {
    const aedes = await this.#waking?.catch(() => undefined);
    if (!aedes) return;
    const grace = new AbortController();
    const closed = new Promise<void>((resolve) => aedes.close(() => resolve()));
    await Promise.race([closed, this.options.clock.sleep(CLOSE_GRACE_MS, grace.signal).catch(() => {})]);
    grace.abort();
  }
}
