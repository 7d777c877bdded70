import type { DeviceInput, FeatureDefinition, ProtocolHandler } from '../catalogue/definition.js';
import { type Clock, withDeadline } from '../clock.js';
import { DeviceError } from '../errors.js';
import type { Endpoint, HardwareLink } from '../hardware/contract.js';
import type { InputType } from '../protocol/model.js';
import { type Subscriber, Subscriptions } from './subscriptions.js';

/** How long a device may take to answer a read or to take a subscription, ms. */
const ANSWER_MS = 5000;
/** What protocols call the endpoint of a battery that is one byte to read. */
const DEFAULT_BATTERY: Endpoint = 'rxblebattery';

/** Called for every reading of an input that somebody listens to. */
export type OnReading = (input: DeviceInput, value: number, listeners: ReadonlySet<Subscriber>) => void;

/** The inputs of one connected device. */
export class DeviceInputs {
  readonly #subscriptions = new Subscriptions();
  /**
   * Subscriptions come and go one after the other: a quick unsubscribe does not overtake its subscribe, and who joins an input
   * does so knowing whether the hardware took it.
   */
  #turn: Promise<unknown> = Promise.resolve();
  /** How many of them have not come to their end. */
  #underWay = 0;

  constructor(
    private readonly features: readonly FeatureDefinition[],
    private readonly handler: ProtocolHandler,
    private readonly link: HardwareLink,
    private readonly clock: Clock,
    private readonly onReading: OnReading,
  ) {}

  /** Rejects with a DeviceError or LinkError. The value lies within the announced range (facts: B42). */
  async read(featureIndex: number, type: InputType): Promise<number> {
    const input = this.#find(featureIndex, type, 'Read');
    const value = await this.#answer(this.#readHardware(input));
    if (!Number.isFinite(value)) throw new DeviceError(`The device answered its ${type} with what is no number`);
    return clampReading(input, value);
  }

  async subscribe(featureIndex: number, type: InputType, subscriber: Subscriber): Promise<void> {
    const input = this.#find(featureIndex, type, 'Subscribe');
    const report = (value: number) => {
      const listeners = this.#subscriptions.listeners(featureIndex, type);
      if (listeners.size > 0 && Number.isFinite(value)) this.onReading(input, clampReading(input, value), listeners);
    };
    await this.#inTurn(async () => {
      if (!this.#subscriptions.add(featureIndex, type, subscriber)) return;
      try {
        if (!this.handler.subscribe) throw new DeviceError(`This device's protocol is not able to report ${type}`);
        await this.#answer(this.handler.subscribe(input, report));
      } catch (error) {
        this.#subscriptions.remove(featureIndex, type, subscriber);
        throw error;
      }
    });
  }

  /** Harmless where the subscriber does not listen. */
  async unsubscribe(featureIndex: number, type: InputType, subscriber: Subscriber): Promise<void> {
    const input = this.#find(featureIndex, type, 'Subscribe');
    await this.#inTurn(async () => {
      if (!this.#subscriptions.remove(featureIndex, type, subscriber)) return;
      await this.#answer(this.handler.unsubscribe?.(input) ?? Promise.resolve());
    });
  }

  /** Ends what a subscriber listens to, on one feature or on all; what it asked for a moment ago as well. */
  async dropSubscriber(subscriber: Subscriber, featureIndex?: number): Promise<void> {
    if (this.#subscriptions.isEmpty && this.#underWay === 0) return;
    const wanted = this.features.filter((feature) => featureIndex === undefined || feature.index === featureIndex);
    await Promise.allSettled(
      wanted.flatMap((feature) =>
        subscribable(feature).map((type) => this.unsubscribe(feature.index, type, subscriber)),
      ),
    );
  }

  #find(featureIndex: number, type: InputType, command: 'Read' | 'Subscribe'): DeviceInput {
    const feature = this.features.find(({ index }) => index === featureIndex);
    if (!feature) throw new DeviceError(`This device has no feature ${featureIndex}`);
    const properties = feature.inputs[type];
    if (!properties) throw new DeviceError(`Feature ${featureIndex} has no ${type} input`);
    if (!properties.commands.includes(command)) {
      throw new DeviceError(
        `${type} of feature ${featureIndex} takes ${properties.commands.join(' and ')}, not ${command}`,
      );
    }
    return { feature, type };
  }

  async #readHardware(input: DeviceInput): Promise<number> {
    const { readFrom } = input.feature;
    if (this.handler.read && readFrom === undefined) {
      const { link } = this;
      return this.handler.read(input).catch((error: unknown) => {
        // Few handlers know more of it than the link.
        if (input.type === 'RSSI' && link.rssi && error instanceof DeviceError) return link.rssi();
        throw error;
      });
    }
    const endpoint = readFrom ?? DEFAULT_BATTERY;
    if (input.type === 'Battery' && this.link.endpoints.has(endpoint)) {
      const [percent] = await this.link.read(endpoint);
      if (percent === undefined) throw new DeviceError('The device answered its battery level with an empty packet');
      return percent;
    }
    if (input.type === 'RSSI' && this.link.rssi) return this.link.rssi();
    throw new DeviceError(`This device has no way to read ${input.type}`);
  }

  #answer<T>(work: Promise<T>): Promise<T> {
    return withDeadline(
      this.clock,
      ANSWER_MS,
      work,
      () => new DeviceError(`The device did not answer within ${ANSWER_MS} ms`),
    );
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#underWay += 1;
    const result = this.#turn.then(work).finally(() => {
      this.#underWay -= 1;
    });
    this.#turn = result.catch(() => {});
    return result;
  }
}

const subscribable = (feature: FeatureDefinition): InputType[] =>
  (Object.entries(feature.inputs) as [InputType, FeatureDefinition['inputs'][InputType]][])
    .filter(([, properties]) => properties?.commands.includes('Subscribe'))
    .map(([type]) => type);

function clampReading({ feature, type }: DeviceInput, value: number): number {
  const range = feature.inputs[type]?.value[0];
  return range ? Math.min(Math.max(Math.round(value), range[0]), range[1]) : Math.round(value);
}
