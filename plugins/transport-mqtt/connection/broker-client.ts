import type { IClientOptions } from 'mqtt';
import {
  type Clock,
  Events,
  type Logger,
  type MqttClient,
  type MqttClientEvents,
  type MqttListener,
  type MqttListenOptions,
  type MqttPublishOptions,
  mqttTopics,
  PluginError,
  type RetainedScope,
  type RetainedTopics,
  withDeadline,
} from 'pulsegate/plugin';
import type { BrokerAddress, MqttVersion } from './address.js';
import { away, type EndOfLine, PLUGIN } from './end-of-line.js';
import { Heartbeat } from './heartbeat.js';
import type { Line } from './line.js';
import type { Meters } from './meters.js';
import { notAllowed, Opening } from './opening.js';
import { Presence } from './presence.js';
import { Redial } from './redial.js';
import { Shelf } from './shelf.js';
import { Subscriptions } from './subscriptions.js';

export interface BrokerClientOptions {
  readonly gateway: string;
  readonly root: string;
  /** What is retained on `<root>/info`. */
  readonly info: object;
  /** Undefined: there is none now. */
  readonly address: () => BrokerAddress | undefined;
  /** Without what this class sees to itself: version, will, reconnecting. */
  readonly connect: IClientOptions & { readonly clientId: string };
  readonly stallAfterMs: number;
  readonly settleMs: number;
  readonly maxPayload: number;
  readonly maxQueued: number;
  readonly maxDelayMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meters: Meters;
  /** Where something of ours is retained has changed. */
  readonly onScopes: (scopes: readonly RetainedScope[]) => void;
}

/** Longest wait for an embedded broker to wake up, ms. */
const WAKE_MS = 10_000;
/** Longest wait for the broker to take the last word, ms. */
const FAREWELL_MS = 500;

/** The connection to the broker that everybody in the gateway shares: it is made again and again, as long as the gateway runs. */
export class BrokerClient implements MqttClient {
  readonly gateway: string;
  readonly root: string;
  readonly #topics: ReturnType<typeof mqttTopics>;
  readonly #events: Events<MqttClientEvents>;
  readonly #subscriptions: Subscriptions;
  readonly #presence: Presence;
  readonly #shelf: Shelf;
  readonly #redial: Redial;
  readonly #opening: Opening;
  readonly #lifetime = new AbortController();
  #line: Line | undefined;
  #heartbeat: Heartbeat | undefined;
  #isUp = false;
  #isAsleep = true;
  #freshFrom = Number.POSITIVE_INFINITY;
  #queued = 0;
  #wakers: (() => void)[] = [];

  constructor(private readonly options: BrokerClientOptions) {
    const { gateway, root, log, clock, meters, info, onScopes } = options;
    this.gateway = gateway;
    this.root = root;
    this.#topics = mqttTopics(root);
    this.#events = new Events((error, event) => log.error({ err: error, event }, 'a listener to MQTT failed'));
    const subscriptions = new Subscriptions(log);
    this.#subscriptions = subscriptions;
    this.#presence = new Presence(this.#topics, info, () => this.#redial.rival());
    const line = () => (this.#isUp ? this.#line : undefined);
    const { sync, info: own } = this.#topics;
    this.#shelf = new Shelf({ sync, info: own, subscriptions, line, clock, log, meters, onScopes });
    subscriptions.add(this.#topics.heartbeat, ({ payload }) => this.#heartbeat?.heard(payload.toString()));
    subscriptions.add(own, ({ payload }) => this.#presence.heardInfo(payload.toString()));
    subscriptions.add(this.#topics.status, ({ payload }) => {
      if (this.#isUp && this.#line) this.#presence.heard(payload.toString(), this.#line);
    });
    this.#opening = new Opening({
      connect: options.connect,
      maxPayload: options.maxPayload,
      subscriptions,
      presence: this.#presence,
      needed: [this.#topics.heartbeat, sync],
      clock,
      log,
      meters,
      signal: this.#lifetime.signal,
    });
    this.#redial = new Redial({
      address: options.address,
      dial: (address, version) => this.#dial(address, version),
      onAttempt: () => meters.reconnecting(),
      clientId: options.connect.clientId,
      root,
      mostPauseMs: options.maxDelayMs,
      clock,
      log,
    });
  }

  get isConnected(): boolean {
    return this.#isUp;
  }

  get state(): MqttClient['state'] {
    if (this.#isUp) return 'up';
    return this.#isAsleep ? 'idle' : 'down';
  }

  get scopes(): readonly RetainedScope[] {
    return this.#shelf.scopes;
  }

  on: MqttClient['on'] = (event, listener) => this.#events.on(event, listener);

  /** Begins to connect, and never gives up. */
  wake(): void {
    if (!this.#isAsleep || this.#isStopped) return;
    this.#isAsleep = false;
    this.#redial.start();
  }

  async publish(topic: string, payload: string | Uint8Array, options: MqttPublishOptions = {}): Promise<void> {
    const line = await this.#whenUp();
    const { qos = 1, retain = false } = options;
    if (this.#queued >= this.options.maxQueued) {
      throw new PluginError(PLUGIN, `${this.#queued} messages wait for the MQTT broker to take them; no more are sent`);
    }
    this.#queued += 1;
    this.options.meters.sent();
    try {
      await line.publish(topic, payload, qos, retain);
    } finally {
      this.#queued -= 1;
    }
  }

  async subscribe(filter: string, listener: MqttListener): Promise<AsyncDisposable> {
    const line = await this.#whenUp();
    // First: retained messages come before the broker has answered.
    const added = this.#subscriptions.add(filter, listener);
    try {
      // Also when the broker knows it already: whoever comes later is told what is retained, too.
      if (!(await line.subscribe(filter, added.filter.identifier))) throw notAllowed(filter);
    } catch (error) {
      added.remove();
      throw error;
    }
    return { [Symbol.asyncDispose]: () => this.#drop(filter, added.remove) };
  }

  listen(filter: string, listener: MqttListener, options: MqttListenOptions = {}): Disposable {
    const added = this.#subscriptions.add(filter, listener, options);
    const line = this.#line;
    if (line && (added.isNew || !options.onlyFresh)) {
      line
        .subscribe(filter, added.filter.identifier)
        .then((isGranted) => this.#opening.noteAnswer(filter, isGranted))
        .catch(this.#mend);
    }
    return { [Symbol.dispose]: () => void this.#drop(filter, added.remove).catch(this.#mend) };
  }

  retain(scope: RetainedScope): RetainedTopics {
    return this.#shelf.keep(scope);
  }

  /** Clears what an earlier run has left in a scope that is not used any more. */
  sweep(scope: RetainedScope): Promise<void> {
    return this.#shelf.sweep(scope);
  }

  async stop(): Promise<void> {
    const line = this.#line;
    const wasUp = this.#isUp;
    this.#redial.stop();
    if (line && wasUp) await this.#inTime(this.#presence.leave(line));
    this.#lifetime.abort();
    this.#lost('the gateway is shutting down');
    if (!line) return;
    // A broker that does not answer must not keep the gateway from ending.
    if (wasUp) await this.#inTime(line.leave());
    line.cut('it was ended');
  }

  get #isStopped(): boolean {
    return this.#lifetime.signal.aborted;
  }

  /** What could not be done now is done with the next connection. */
  readonly #mend = (error: unknown): void => {
    this.options.log.debug({ err: error }, 'mqtt: something has to wait for the next connection');
  };

  #inTime(last: Promise<void>): Promise<void> {
    return withDeadline(this.options.clock, FAREWELL_MS, last, away).catch(this.#mend);
  }

  /** An embedded broker that sleeps is woken by the first who needs it. */
  async #whenUp(): Promise<Line> {
    if (this.#isAsleep && !this.#isStopped) {
      const up = new Promise<void>((resolve) => this.#wakers.push(resolve));
      this.wake();
      await withDeadline(this.options.clock, WAKE_MS, up, away);
    }
    if (!this.#line || !this.#isUp) throw away();
    return this.#line;
  }

  async #drop(filter: string, remove: () => boolean): Promise<void> {
    if (remove() && this.#line) await this.#line.unsubscribe(filter);
  }

  async #dial(address: BrokerAddress, version: MqttVersion): Promise<void> {
    const { clock } = this.options;
    try {
      const line = await this.#opening.open(address, version, {
        isCurrent: () => clock.now() >= this.#freshFrom && (this.#heartbeat?.isCurrent ?? false),
        began: (line) => {
          this.#line = line;
        },
        ended: (line, end) => {
          if (this.#line === line) this.#broken(end);
        },
      });
      this.#up(line);
    } catch (error) {
      this.#line = undefined;
      throw error;
    }
  }

  #up(line: Line): void {
    const { clock, settleMs, stallAfterMs, meters } = this.options;
    this.#isUp = true;
    // What comes at once may have waited in the broker, or in the socket of whoever sent it, since before the outage.
    this.#freshFrom = clock.now() + settleMs;
    this.#heartbeat = new Heartbeat(clock, stallAfterMs, {
      send: (payload) => void line.publish(this.#topics.heartbeat, payload, 0, false).catch(() => {}),
      silent: (everHeard) =>
        line.cut(
          everHeard
            ? 'the broker does not answer'
            : `the broker passes on nothing that is published to ${this.#topics.heartbeat}`,
        ),
    });
    meters.connected(true);
    this.#events.emit('connected');
    for (const waker of this.#wakers.splice(0)) waker();
    this.#shelf.connected();
  }

  #broken(end: EndOfLine): void {
    this.#line = undefined;
    // A connection that was never whole is a failed attempt.
    if (!this.#isUp) return;
    this.#lost(end.text);
    this.#redial.lost(end);
  }

  /** In the turn in which it is noticed: whoever listens stops devices. */
  #lost(reason: string): void {
    this.#heartbeat?.[Symbol.dispose]();
    this.#heartbeat = undefined;
    this.#freshFrom = Number.POSITIVE_INFINITY;
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#shelf.disconnected();
    this.options.meters.connected(false);
    this.#events.emit('disconnected', reason);
  }
}
