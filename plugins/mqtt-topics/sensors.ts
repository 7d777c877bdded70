import {
  type Clock,
  type DeviceCard,
  type DeviceRegister,
  type EmbeddedClient,
  type InputType,
  type Logger,
  type MessageBody,
  type Timer,
  Type,
} from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';

export interface SensorsOptions {
  readonly session: EmbeddedClient;
  readonly devices: DeviceRegister;
  readonly clock: Clock;
  readonly log: Logger;
  /** ms; 0 for never. */
  readonly pollMs: number;
  /** 0 up to, but not including, 1. */
  readonly random: () => number;
  readonly subscribe: boolean;
  /** `isEvent`: it was reported, not asked for. */
  readonly onReading: (card: DeviceCard, feature: number, type: InputType, value: number, isEvent: boolean) => void;
}

const INPUTS: readonly InputType[] = ['Battery', 'RSSI', 'Pressure', 'Button', 'Depth', 'Position'];
const POLLED: ReadonlySet<InputType> = new Set(['Battery', 'RSSI']);
/** Devices that came together are not asked together for ever: every pause is longer or shorter by up to this share. */
const JITTER = 0.1;
const Reading = Compile(
  Type.Object({
    DeviceIndex: Type.Integer(),
    FeatureIndex: Type.Integer(),
    Reading: Type.Record(Type.String(), Type.Object({ Value: Type.Number() })),
  }),
);

/** Asks devices for what changes slowly, and listens to what they report by themselves. */
export class Sensors implements Disposable {
  readonly #subscriptions = new DisposableStack();
  /** The next time that a device is asked, by index. */
  readonly #polls = new Map<number, Timer>();

  constructor(private readonly options: SensorsOptions) {
    const { session, devices } = options;
    this.#subscriptions.use(session.on('inputReading', (body) => this.#reported(body)));
    this.#subscriptions.use(devices.on('added', (card) => this.#meet(card)));
    this.#subscriptions.use(devices.on('removed', (card) => this.#forget(card.index)));
    for (const card of devices.cards) this.#meet(card);
  }

  [Symbol.dispose](): void {
    this.#subscriptions.dispose();
    for (const index of [...this.#polls.keys()]) this.#forget(index);
  }

  #meet(card: DeviceCard): void {
    const { session, log, subscribe, pollMs } = this.options;
    if (pollMs > 0 && inputsOf(card, 'Read').some(({ type }) => POLLED.has(type))) {
      this.#pollLater(card);
      void this.#poll(card);
    }
    if (!subscribe) return;
    for (const { feature, type } of inputsOf(card, 'Subscribe')) {
      session
        .subscribe(card.index, feature, type)
        .catch((error: unknown) => log.debug({ err: error, device: card.key }, `${type} does not report`));
    }
  }

  #forget(index: number): void {
    this.#polls.get(index)?.cancel();
    this.#polls.delete(index);
  }

  #pollLater(card: DeviceCard): void {
    const { clock, pollMs, random } = this.options;
    const pauseMs = pollMs * (1 + JITTER * (2 * random() - 1));
    this.#forget(card.index);
    const poll = async () => {
      await this.#poll(card);
      // The pause begins when a device has answered: a slow one is not asked twice at a time.
      if (this.#polls.get(card.index) === timer) this.#pollLater(card);
    };
    const timer = clock.after(pauseMs, () => void poll());
    this.#polls.set(card.index, timer);
  }

  /** One after the other: a device is slow, and its radio has more important things to do. */
  async #poll(card: DeviceCard): Promise<void> {
    const { session, log, onReading } = this.options;
    for (const { feature, type } of inputsOf(card, 'Read')) {
      if (!POLLED.has(type)) continue;
      try {
        onReading(card, feature, type, await session.read(card.index, feature, type), false);
      } catch (error) {
        log.debug({ err: error, device: card.key }, `${type} could not be read`);
      }
    }
  }

  #reported(body: MessageBody): void {
    if (!Reading.Check(body)) return;
    const card = this.options.devices.card(body.DeviceIndex);
    const type = INPUTS.find((known) => body.Reading[known]);
    const value = type && body.Reading[type]?.Value;
    if (card && type && value !== undefined) this.options.onReading(card, body.FeatureIndex, type, value, true);
  }
}

function inputsOf({ features }: DeviceCard, command: 'Read' | 'Subscribe') {
  return features.flatMap(({ index, inputs }) =>
    INPUTS.filter((type) => inputs[type]?.commands.includes(command)).map((type) => ({ feature: index, type })),
  );
}
