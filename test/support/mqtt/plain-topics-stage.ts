import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type DeviceCard, mqttTopics } from 'pulsegate/plugin';
import { Value } from 'typebox/value';
import { EmbeddedDoor } from '../../../core/embedded.js';
import { Bridge } from '../../../plugins/mqtt-topics/bridge.js';
import { config } from '../../../plugins/mqtt-topics/config.js';
import { FakeClock } from '../fake-clock.js';
import { PaperBroker } from './paper-broker.js';
import { PaperGateway } from './paper-gateway.js';

const range = (least: number, most: number) => ({ value: [least, most] as const });

/** One of each kind of feature: two motors in one, a stroker, and something that reads and reports. */
export const WAND: DeviceCard = {
  index: 0,
  id: 'wand-12345678',
  key: 'wand/A/1',
  name: 'Wand',
  displayName: undefined,
  brand: 'Wand',
  protocol: 'wand',
  identifier: 'A',
  address: '1',
  features: [
    {
      index: 0,
      description: 'Motors',
      hasOutputs: true,
      outputs: { Vibrate: range(0, 20), Rotate: range(-20, 20) },
      inputs: {},
    },
    {
      index: 1,
      description: 'Stroker',
      hasOutputs: true,
      outputs: { HwPositionWithDuration: { ...range(0, 100), duration: [100, 100_000] } },
      inputs: {},
    },
    {
      index: 2,
      description: 'Sensors',
      hasOutputs: false,
      outputs: {},
      inputs: {
        Battery: { value: [[0, 100]], commands: ['Read'] },
        Button: { value: [[0, 1]], commands: ['Subscribe'] },
      },
    },
  ],
};

/** The plugin between a gateway, a broker and a clock that do as they are told. */
export class PlainTopicsStage implements Disposable {
  readonly broker = new PaperBroker();
  readonly gateway = new PaperGateway();
  readonly clock = new FakeClock();
  readonly door = new EmbeddedDoor();
  readonly metrics = new Registry();
  readonly log: string[] = [];
  readonly topics = mqttTopics(this.broker.root);
  readonly wand = this.topics.device(WAND.id);
  #bridge: Bridge | undefined;

  /** @param section keys of `plugins.mqtt-topics` */
  static async start(section: object = {}, hasTransport = true): Promise<PlainTopicsStage> {
    const stage = new PlainTopicsStage();
    if (hasTransport) stage.door.provide(stage.gateway);
    stage.gateway.add(WAND);
    stage.#bridge = new Bridge({
      client: stage.broker,
      devices: stage.gateway,
      embedded: stage.door,
      metrics: stage.metrics,
      clock: stage.clock,
      log: pino({ level: 'debug' }, { write: (line) => stage.log.push(line) }),
      config: Value.Parse(config, Value.Default(config, section)),
      random: () => 0.5,
    });
    await stage.clock.advance(0);
    return stage;
  }

  set(feature: number, payload: string | object): void {
    this.broker.say(this.wand.feature(feature).set, typeof payload === 'string' ? payload : JSON.stringify(payload));
  }

  state(feature: number): unknown {
    return JSON.parse(this.broker.retained.get(this.wand.feature(feature).state) ?? 'null');
  }

  /** What was published on a topic, oldest first. */
  published(topic: string): readonly string[] {
    return this.broker.sent.filter((message) => message.topic === topic).map(({ payload }) => payload);
  }

  get complaints(): readonly string[] {
    return this.published(this.topics.errors).map((payload) => JSON.parse(payload).error);
  }

  async refused(reason: string): Promise<number> {
    const metric = await this.metrics.getSingleMetric('pulsegate_mqtt_topics_refused_total')?.get();
    return metric?.values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
  }

  [Symbol.dispose](): void {
    this.#bridge?.[Symbol.dispose]();
  }
}
