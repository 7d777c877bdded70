import type { Registry } from 'prom-client';
import {
  type Clock,
  type DeviceCard,
  DeviceError,
  type DeviceRegister,
  type EmbeddedClient,
  type EmbeddedDoor,
  isPositionType,
  type Logger,
  type MqttClient,
  type MqttMessage,
  mqttTopics,
  type RetainedTopics,
  type Timer,
} from 'pulsegate/plugin';
import { Complaints, type Reason } from './complaints.js';
import type { TopicsConfig } from './config.js';
import { type Address, Holds } from './holds.js';
import { readOrder, settingFor } from './order.js';
import { Sensors } from './sensors.js';
import { Shelf } from './shelf.js';

export interface BridgeOptions {
  readonly client: MqttClient;
  readonly devices: DeviceRegister;
  readonly embedded: EmbeddedDoor;
  readonly metrics: Registry;
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: TopicsConfig;
}

const NAME = 'MQTT topics';
/** A session that ended, or could not be opened, is tried again after this long, ms. */
const RETRY_MS = 1000;

/** Plain topics on one side, a client like any other on the other. */
export class Bridge implements Disposable {
  readonly #topics: ReturnType<typeof mqttTopics>;
  readonly #owned = new DisposableStack();
  readonly #complaints: Complaints;
  readonly #holds: Holds;
  readonly #shelf: Shelf;
  readonly #scan: RetainedTopics;
  /** Connected devices by the id that topics have. */
  readonly #cards = new Map<string, DeviceCard>();
  #session: EmbeddedClient | undefined;
  #sensors: Sensors | undefined;
  #retry: Timer | undefined;
  #isWanted = false;

  constructor(private readonly options: BridgeOptions) {
    const { client, devices, clock, log, metrics, config } = options;
    const { root } = client;
    this.#topics = mqttTopics(root);
    this.#complaints = this.#owned.use(new Complaints(metrics, clock, log));
    this.#holds = new Holds(clock, devices, (output) => this.#expire(output));
    this.#shelf = this.#owned.use(
      new Shelf({ client, devices, clock, graceMs: config.grace, removed: config.removed }),
    );
    this.#scan = this.#owned.use(client.retain({ filter: this.#topics.scan, prefix: this.#topics.scan }));
    this.#scan.set(this.#topics.scan, 'OFF');
    for (const card of devices.cards) this.#cards.set(card.id, card);
    this.#owned.use(devices.on('added', (card) => this.#cards.set(card.id, card)));
    this.#owned.use(devices.on('removed', (card) => this.#cards.delete(card.id)));
    this.#listen(`${root}/devices/+/+/set`, (message, [id, feature]) => this.#set(message, id, feature));
    this.#listen(`${root}/devices/+/+/stop`, (message, [id, feature]) => this.#stop(message, id, feature));
    this.#listen(`${root}/devices/+/stop`, (message, [id]) => this.#stop(message, id));
    this.#listen(this.#topics.stop, (message) => this.#ask(message, (session) => session.stop()));
    this.#listen(this.#topics.scanSet, (message) => this.#scanning(message));
    this.#owned.use(client.on('connected', () => this.#connected()));
    this.#owned.use(client.on('disconnected', () => this.#disconnected()));
    if (client.isConnected) this.#connected();
  }

  [Symbol.dispose](): void {
    this.#disconnected();
    this.#owned.dispose();
  }

  /** Whatever goes wrong with an order is told to whoever gave it. */
  #listen(filter: string, carryOut: (message: MqttMessage, levels: readonly string[]) => void): void {
    const { client } = this.options;
    const start = `${client.root}/devices/`.length;
    const guarded = (message: MqttMessage) => {
      try {
        carryOut(message, message.topic.slice(start).split('/'));
      } catch (error) {
        this.#complain(message, error instanceof UnknownPlace ? 'unknown' : 'order', error);
      }
    };
    this.#owned.use(client.listen(filter, guarded, { onlyFresh: true }));
  }

  #set(message: MqttMessage, id = '', featureText = ''): void {
    const { card, feature } = this.#place(id, featureText);
    const order = readOrder(message.payload);
    if (order.kind === 'stop') {
      this.#ask(message, (session) => session.stop(card.index, feature.index));
      return;
    }
    const { hold: usual, maxHold } = this.options.config;
    const holdMs = order.hold ?? usual;
    if (holdMs > maxHold) throw new DeviceError(`"hold" is at most ${maxHold} ms here (plugins.mqtt-topics.maxHold)`);
    const { type, value, duration } = settingFor(feature, order);
    const address = { deviceIndex: card.index, featureIndex: feature.index, type };
    const command = duration === undefined ? { Value: value } : { Value: value, Duration: duration };
    const isAsked = this.#ask(message, (session) => session.output(card.index, feature.index, { [type]: command }));
    if (!isAsked) return;
    // A move ends by itself, but a long one goes on when nobody is there any more.
    const goesOn = isPositionType(type) ? (duration ?? 0) > holdMs : value !== 0;
    if (goesOn) this.#holds.set(address, value, holdMs);
    else this.#holds.release(address);
  }

  #stop(message: MqttMessage, id = '', featureText?: string): void {
    const card = this.#card(id);
    const index = featureText === undefined ? undefined : this.#place(id, featureText).feature.index;
    this.#ask(message, (session) => session.stop(card.index, index));
  }

  #scanning(message: MqttMessage): void {
    const wish = message.payload.subarray(0, 20).toString().trim().toLowerCase();
    const isOn = ['on', 'start', 'true', '1', ''].includes(wish);
    if (!isOn && !['off', 'stop', 'false', '0'].includes(wish)) throw new DeviceError('A scan is turned ON or OFF');
    const asked = this.#ask(message, (session) => (isOn ? session.startScanning() : session.stopScanning()));
    if (asked) this.#scan.set(this.#topics.scan, isOn ? 'ON' : 'OFF');
  }

  #expire({ deviceIndex, featureIndex, type }: Address): void {
    this.options.log.debug({ deviceIndex, featureIndex }, `${type} was not set again in time, and stops`);
    const session = this.#session;
    if (!session) return;
    // Other outputs of the feature may be somebody else's; a move is held where it is.
    const stopping = isPositionType(type)
      ? session.stop(deviceIndex, featureIndex)
      : session.output(deviceIndex, featureIndex, { [type]: { Value: 0 } });
    stopping.catch((error: unknown) =>
      this.options.log.debug({ err: error }, 'an output that nobody holds did not stop'),
    );
  }

  /** Orders leave in the order they came; nobody waits for the answer to one before the next. */
  #ask(message: MqttMessage, what: (session: EmbeddedClient) => Promise<unknown>): boolean {
    const session = this.#session;
    if (!session) {
      this.#complain(message, 'busy', new DeviceError('The gateway is not ready for orders; try again in a second'));
      return false;
    }
    what(session).catch((error: unknown) => this.#complain(message, 'failed', error));
    return true;
  }

  #complain({ topic }: MqttMessage, reason: Reason, error: unknown): void {
    this.#complaints.about(this.options.client, this.#topics.errors, topic, reason, error);
  }

  #card(id: string): DeviceCard {
    const card = this.#cards.get(id);
    if (!card) throw new UnknownPlace(`There is no device "${id.slice(0, 60)}" here now`);
    return card;
  }

  #place(id: string, featureText: string) {
    const card = this.#card(id);
    const feature = card.features.find(({ index }) => String(index) === featureText);
    if (!feature) {
      const known = card.features.map(({ index }) => index).join(', ');
      throw new UnknownPlace(`${card.name} has no feature "${featureText.slice(0, 60)}"; it has ${known}`);
    }
    return { card, feature };
  }

  #connected(): void {
    this.#isWanted = true;
    void this.#open();
  }

  /** Closing the session stops what it drives, in this turn. */
  #disconnected(): void {
    this.#isWanted = false;
    this.#retry?.cancel();
    this.#holds.clear();
    this.#sensors?.[Symbol.dispose]();
    this.#sensors = undefined;
    const session = this.#session;
    this.#session = undefined;
    session?.close().catch(() => {});
  }

  async #open(): Promise<void> {
    const { embedded, config, log } = this.options;
    try {
      const session = await embedded.transport?.client(NAME, { maxPingTimeMs: config.maxPingTime });
      if (!session) return this.#openLater();
      if (!this.#isWanted || this.#session) {
        await session.close();
        return;
      }
      this.#session = session;
      session.on('closed', () => this.#closed(session));
      session.on('scanningFinished', () => this.#scan.set(this.#topics.scan, 'OFF'));
      this.#sensors = this.#feel(session);
    } catch (error) {
      log.debug({ err: error }, 'no session for plain topics');
      this.#openLater();
    }
  }

  #openLater(): void {
    if (this.#isWanted) this.#retry = this.options.clock.after(RETRY_MS, () => void this.#open());
  }

  #closed(session: EmbeddedClient): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#holds.clear();
    this.#sensors?.[Symbol.dispose]();
    this.#openLater();
  }

  #feel(session: EmbeddedClient): Sensors {
    const { client, devices, clock, log, config } = this.options;
    return new Sensors({
      session,
      devices,
      clock,
      log,
      pollMs: config.pollInterval,
      subscribe: config.subscribe,
      onReading: (card, feature, type, value, isEvent) => {
        const shown = this.#shelf.reading(card.index, feature, type, value);
        if (!isEvent || shown === undefined) return;
        const { event } = this.#topics.device(card.id).feature(feature);
        client.publish(event, JSON.stringify({ [type]: shown })).catch(() => {});
      },
    });
  }
}

class UnknownPlace extends DeviceError {}
