import {
  type Clock,
  type DeviceCard,
  type DeviceRegister,
  type InputType,
  isPositionType,
  type MqttClient,
  mqttTopics,
  type OutputChange,
  type RetainedTopics,
  type Timer,
} from 'pulsegate/plugin';
import { shareOf } from './setting.js';

export interface ShelfOptions {
  readonly client: MqttClient;
  readonly devices: DeviceRegister;
  readonly clock: Clock;
  readonly graceMs: number;
  readonly removed: 'unavailable' | 'cleared';
}

/** At most five times a second, ms. */
const STATE_EVERY_MS = 200;

/** One feature's state, on its way to the broker. */
interface Feature {
  readonly topic: string;
  readonly card: DeviceCard;
  readonly index: number;
  readonly readings: Map<InputType, number>;
  publishedAt: number;
  /** When a stop was last published ahead of its time. */
  hurriedAt: number;
  timer: Timer | undefined;
}

interface Device {
  readonly card: DeviceCard;
  readonly features: ReadonlyMap<number, Feature>;
}

/** What the broker keeps of every device for those who come later: what it is, whether it is there, and what it does. */
export class Shelf implements Disposable {
  readonly #kept: RetainedTopics;
  readonly #topics: ReturnType<typeof mqttTopics>;
  /** Those that are connected, by index. */
  readonly #devices = new Map<number, Device>();
  /** Those that have gone a moment ago, by id. */
  readonly #leaving = new Map<string, Timer>();
  readonly #subscriptions = new DisposableStack();

  constructor(private readonly options: ShelfOptions) {
    const { client, devices } = options;
    this.#topics = mqttTopics(client.root);
    const prefix = `${client.root}/devices/`;
    this.#kept = this.#subscriptions.use(client.retain({ filter: `${prefix}#`, prefix }));
    for (const card of devices.cards) this.#added(card);
    this.#subscriptions.use(devices.on('added', (card) => this.#added(card)));
    this.#subscriptions.use(devices.on('removed', (card) => this.#removed(card)));
    this.#subscriptions.use(devices.on('output', (change) => this.#output(change)));
  }

  /** A reading of an input: as a share of what it may be, or as it is where that means nothing. */
  reading(deviceIndex: number, featureIndex: number, type: InputType, value: number): number | undefined {
    const feature = this.#devices.get(deviceIndex)?.features.get(featureIndex);
    const input = feature?.card.features.find(({ index }) => index === featureIndex)?.inputs[type];
    if (!feature || !input) return undefined;
    const [[least, most] = [0, 0]] = input.value;
    const shown = type === 'RSSI' || type === 'Button' ? value : shareOf(value - least, most - least);
    feature.readings.set(type, shown);
    this.#soon(feature);
    return shown;
  }

  [Symbol.dispose](): void {
    for (const timer of this.#leaving.values()) timer.cancel();
    for (const { features } of this.#devices.values()) for (const { timer } of features.values()) timer?.cancel();
    this.#subscriptions.dispose();
  }

  #added(card: DeviceCard): void {
    this.#leaving.get(card.id)?.cancel();
    this.#leaving.delete(card.id);
    const topics = this.#topics.device(card.id);
    const features = new Map(
      card.features.map(({ index }): [number, Feature] => [
        index,
        {
          topic: topics.feature(index).state,
          card,
          index,
          readings: new Map(),
          publishedAt: Number.NEGATIVE_INFINITY,
          hurriedAt: Number.NEGATIVE_INFINITY,
          timer: undefined,
        },
      ]),
    );
    this.#devices.set(card.index, { card, features });
    this.#kept.set(topics.info, JSON.stringify(describe(card)));
    for (const feature of features.values()) this.#publish(feature);
    this.#kept.set(topics.availability, 'online');
  }

  #removed(card: DeviceCard): void {
    const device = this.#devices.get(card.index);
    if (device?.card !== card) return;
    this.#devices.delete(card.index);
    // What it was told last counts no more.
    for (const feature of device.features.values()) {
      feature.timer?.cancel();
      this.#kept.set(feature.topic, JSON.stringify({ ...this.#off(feature), ...Object.fromEntries(feature.readings) }));
    }
    const { clock, graceMs } = this.options;
    this.#leaving.get(card.id)?.cancel();
    this.#leaving.set(
      card.id,
      clock.after(graceMs, () => this.#gone(card)),
    );
  }

  #gone(card: DeviceCard): void {
    this.#leaving.delete(card.id);
    const topics = this.#topics.device(card.id);
    if (this.options.removed === 'unavailable') {
      this.#kept.set(topics.availability, 'offline');
      return;
    }
    const prefix = topics.info.slice(0, -'info'.length);
    for (const topic of this.#kept.topics) if (topic.startsWith(prefix)) this.#kept.delete(topic);
  }

  #output({ deviceIndex, featureIndex, type, value }: OutputChange): void {
    const feature = this.#devices.get(deviceIndex)?.features.get(featureIndex);
    if (!feature) return;
    if (value === 0 && !isPositionType(type)) this.#hurry(feature);
    else this.#soon(feature);
  }

  /** A stop is told at once, unless somebody stops and starts all the time. */
  #hurry(feature: Feature): void {
    const now = this.options.clock.now();
    if (now - feature.hurriedAt < STATE_EVERY_MS) {
      this.#soon(feature);
      return;
    }
    feature.hurriedAt = now;
    this.#publish(feature);
  }

  /** The newest of what happens in a short time is enough, and always gets out. */
  #soon(feature: Feature): void {
    const { clock } = this.options;
    const waitMs = feature.publishedAt + STATE_EVERY_MS - clock.now();
    if (waitMs <= 0) this.#publish(feature);
    else feature.timer ??= clock.after(waitMs, () => this.#publish(feature));
  }

  #publish(feature: Feature): void {
    feature.timer?.cancel();
    feature.timer = undefined;
    feature.publishedAt = this.options.clock.now();
    const { card, index } = feature;
    const levels = this.options.devices
      .outputs(card.index)
      .filter(({ featureIndex }) => featureIndex === index)
      .map(({ type, value }) => [type, this.#share(feature, type, value)]);
    this.#kept.set(
      feature.topic,
      JSON.stringify({ ...Object.fromEntries(levels), ...Object.fromEntries(feature.readings) }),
    );
  }

  #share({ card, index }: Feature, type: OutputChange['type'], value: number): number {
    const output = card.features.find((feature) => feature.index === index)?.outputs[type];
    return shareOf(value, output?.value[1] ?? 0);
  }

  #off({ card, index }: Feature): Readonly<Record<string, number>> {
    const outputs = card.features.find((feature) => feature.index === index)?.outputs ?? {};
    return Object.fromEntries(Object.keys(outputs).map((type) => [type, 0]));
  }
}

const describe = ({ index, name, displayName, brand, features }: DeviceCard) => ({
  name,
  displayName,
  brand,
  index,
  features: features.map((feature) => ({
    index: feature.index,
    description: feature.description,
    outputs: feature.outputs,
    inputs: feature.inputs,
  })),
});
