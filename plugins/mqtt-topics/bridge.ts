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
} from 'pulsegate/plugin';
import { Complaints, type Reason } from './complaints.js';
import type { TopicsConfig } from './config.js';
import { Holds, type OutputAddress } from './holds.js';
import { readOrder } from './order.js';
import { readScanWish, Scan } from './scan.js';
import { Sensors } from './sensors.js';
import { type Setting, settingsFor } from './setting.js';
import { Shelf } from './shelf.js';
import { notReady, StandingSession } from './standing-session.js';

export interface BridgeOptions {
  readonly client: MqttClient;
  readonly devices: DeviceRegister;
  readonly embedded: EmbeddedDoor;
  readonly metrics: Registry;
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: TopicsConfig;
  /** 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** Devices that are asked more often than this have no rest, ms. */
const LEAST_POLL_MS = 10_000;

/** Plain topics on one side, a client like any other on the other. */
export class Bridge implements Disposable {
  readonly #topics: ReturnType<typeof mqttTopics>;
  readonly #owned = new DisposableStack();
  readonly #complaints: Complaints;
  readonly #holds: Holds;
  readonly #shelf: Shelf;
  readonly #scan: Scan;
  readonly #session: StandingSession;
  /** Connected devices by the id that topics have. */
  readonly #cards = new Map<string, DeviceCard>();
  #sensors: Sensors | undefined;

  constructor(private readonly options: BridgeOptions) {
    const { client, devices, embedded, clock, log, metrics, config } = options;
    const { root } = client;
    this.#topics = mqttTopics(root);
    this.#complaints = this.#owned.use(new Complaints(metrics, clock, log));
    this.#holds = new Holds(clock, devices, (output) => void this.#letGo(output));
    this.#shelf = this.#owned.use(
      new Shelf({ client, devices, clock, graceMs: config.grace, removed: config.removed }),
    );
    const { scan } = this.#topics;
    this.#scan = this.#owned.use(new Scan(client.retain({ filter: scan, prefix: scan }), scan));
    this.#session = new StandingSession({
      embedded,
      clock,
      log,
      maxPingTimeMs: config.maxPingTime,
      onOpened: (session) => this.#opened(session),
      onOver: () => this.#over(),
    });
    for (const card of devices.cards) this.#cards.set(card.id, card);
    this.#owned.use(devices.on('added', (card) => this.#cards.set(card.id, card)));
    this.#owned.use(devices.on('removed', (card) => this.#cards.delete(card.id)));
    this.#listen(`${root}/devices/+/+/set`, (message, [id, feature]) => this.#set(message, id, feature));
    this.#listen(`${root}/devices/+/+/stop`, (message, [id, feature]) => this.#stop(message, id, feature));
    this.#listen(`${root}/devices/+/stop`, (message, [id]) => this.#stop(message, id));
    this.#listen(this.#topics.stop, (message) => this.#stopAtOnce(message));
    this.#listen(this.#topics.scanSet, (message) => {
      const isOn = readScanWish(message.payload);
      this.#ask(message, (session) => this.#scan.turn(session, isOn));
    });
    this.#owned.use(client.on('connected', () => this.#session.open()));
    // What was set from here stops in the same turn.
    this.#owned.use(client.on('disconnected', () => this.#session.close()));
    if (client.isConnected) this.#session.open();
  }

  [Symbol.dispose](): void {
    this.#session.close();
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
      this.#stopAtOnce(message, card.index, feature.index);
      return;
    }
    const settings = settingsFor(feature, order);
    // A stop goes past all that waits for the device, and is tried again: so a bare 0 is one where it may be.
    if (order.isBare && settings.every(({ type, value }) => value === 0 && !isPositionType(type))) {
      this.#stopAtOnce(message, card.index, feature.index);
      return;
    }
    const holdMs = this.#holdOf(order.hold);
    for (const setting of settings) this.#drive(message, card.index, feature.index, setting, holdMs);
  }

  #holdOf(asked: number | undefined): number {
    const { hold, maxHold } = this.options.config;
    if (asked === undefined) return Math.min(hold, maxHold);
    if (asked > maxHold) throw new DeviceError(`"hold" is at most ${maxHold} ms here (plugins.mqtt-topics.maxHold)`);
    return asked;
  }

  /** Orders leave in the order they came; nobody waits for the answer to one before the next. */
  #drive(message: MqttMessage, deviceIndex: number, featureIndex: number, setting: Setting, holdMs: number): void {
    const { type, value, duration } = setting;
    const command = { [type]: duration === undefined ? { Value: value } : { Value: value, Duration: duration } };
    this.#ask(message, (session) => {
      const output = session.output(deviceIndex, featureIndex, command);
      // A move ends by itself, but a long one goes on when nobody is there any more.
      const goesOn = isPositionType(type) ? (duration ?? 0) > holdMs : value !== 0;
      const pending = this.#holds.begin({ deviceIndex, featureIndex, type }, { value, goesOn, holdMs });
      return output.then(
        () => pending.settled(true),
        (error: unknown) => {
          pending.settled(false);
          throw error;
        },
      );
    });
  }

  #stop(message: MqttMessage, id = '', featureText?: string): void {
    const card = this.#card(id);
    const index = featureText === undefined ? undefined : this.#place(id, featureText).feature.index;
    this.#stopAtOnce(message, card.index, index);
  }

  /** A feature, a device, or everything. */
  #stopAtOnce(message: MqttMessage, deviceIndex?: number, featureIndex?: number): void {
    this.#session
      .urgent((session) => stopOutputs(session, deviceIndex, featureIndex))
      .catch((error: unknown) => this.#complain(message, 'failed', error));
  }

  /** Nobody has set it again in time. */
  async #letGo({ deviceIndex, featureIndex, type }: OutputAddress): Promise<void> {
    const { devices, log } = this.options;
    const session = this.#session.current;
    if (!session) return;
    log.debug({ deviceIndex, featureIndex }, `${type} was not set again in time, and stops`);
    const others = devices
      .outputs(deviceIndex)
      .filter((output) => output.featureIndex === featureIndex && output.type !== type);
    const isAlone = others.every((output) => output.value === 0 && !isPositionType(output.type));
    try {
      // A stop is stronger than a level of 0, but concerns the whole feature. A move knows no other: it is held where it is.
      if (isAlone || isPositionType(type)) await stopOutputs(session, deviceIndex, featureIndex);
      else await session.output(deviceIndex, featureIndex, { [type]: { Value: 0 } });
    } catch (error) {
      this.#session.failed(session, error);
      // A device that is gone is stopped when it comes back.
      if (!devices.card(deviceIndex)) return;
      log.warn({ err: error, deviceIndex, featureIndex }, `${type} did not stop; stopping the whole feature`);
      await stopOutputs(session, deviceIndex, featureIndex).catch((again: unknown) =>
        log.error({ err: again, deviceIndex, featureIndex }, `${type} does not stop`),
      );
    }
  }

  #ask(message: MqttMessage, what: (session: EmbeddedClient) => Promise<unknown>): void {
    const session = this.#session.current;
    if (!session) {
      this.#complain(message, 'busy', notReady());
      return;
    }
    what(session).catch((error: unknown) => {
      this.#session.failed(session, error);
      this.#complain(message, 'failed', error);
    });
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

  #opened(session: EmbeddedClient): void {
    const { client, devices, clock, log, config, random } = this.options;
    session.on('scanningFinished', () => this.#scan.over());
    this.#sensors = new Sensors({
      session,
      devices,
      clock,
      log,
      random,
      pollMs: config.pollInterval === 0 ? 0 : Math.max(config.pollInterval, LEAST_POLL_MS),
      subscribe: config.subscribe,
      onReading: (card, feature, type, value, isEvent) => {
        const shown = this.#shelf.reading(card.index, feature, type, value);
        if (!isEvent || shown === undefined) return;
        const { event } = this.#topics.device(card.id).feature(feature);
        client.publish(event, JSON.stringify({ [type]: shown })).catch(() => {});
      },
    });
  }

  #over(): void {
    this.#holds.clear();
    this.#sensors?.[Symbol.dispose]();
    this.#sensors = undefined;
    this.#scan.over();
  }
}

/** What it listens to goes on. */
const stopOutputs = (session: EmbeddedClient, deviceIndex?: number, featureIndex?: number) =>
  session.send('StopCmd', { DeviceIndex: deviceIndex, FeatureIndex: featureIndex, Inputs: false, Outputs: true });

class UnknownPlace extends DeviceError {}
