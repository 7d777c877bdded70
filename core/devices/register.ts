import { type EventSource, Events } from '../events.js';
import type { Logger } from '../logging/logger.js';
import { cardOf, type DeviceCard } from './card.js';
import type { Device } from './device.js';
import type { DeviceManager } from './manager.js';
import type { OutputChange } from './output.js';

export interface DeviceRegisterEvents {
  added: [device: DeviceCard];
  removed: [device: DeviceCard, reason: string];
  /** An output has been told something new, by any client or by a stop. Often: whoever listens must be quick. */
  output: [change: OutputChange];
}

/** The connected devices, to look at. Whoever wants them to do something is a client, and has a session. */
export interface DeviceRegister extends EventSource<DeviceRegisterEvents> {
  /** Ascending by index. */
  readonly cards: readonly DeviceCard[];
  card(deviceIndex: number): DeviceCard | undefined;
  /** What every output was told last. */
  outputs(deviceIndex: number): readonly OutputChange[];
}

/** The register over the devices of this gateway. */
export class ManagedDevices implements DeviceRegister {
  readonly #cards = new WeakMap<Device, DeviceCard>();
  readonly #events: Events<DeviceRegisterEvents>;
  #outputs: Disposable | undefined;

  constructor(
    private readonly devices: DeviceManager,
    log: Logger,
  ) {
    this.#events = new Events((error, event) => log.error({ err: error, event }, 'a listener to devices failed'));
    devices.events.on('added', (device) => this.#events.emit('added', this.#cardOf(device)));
    devices.events.on('removed', (device, reason) => this.#events.emit('removed', this.#cardOf(device), reason));
  }

  get cards(): readonly DeviceCard[] {
    return this.devices.all.map((device) => this.#cardOf(device));
  }

  card(deviceIndex: number): DeviceCard | undefined {
    const device = this.devices.get(deviceIndex);
    return device && this.#cardOf(device);
  }

  outputs(deviceIndex: number): readonly OutputChange[] {
    return this.devices.get(deviceIndex)?.outputs ?? [];
  }

  on<K extends keyof DeviceRegisterEvents & string>(
    event: K,
    listener: (...args: DeviceRegisterEvents[K]) => void,
  ): Disposable {
    const subscription = this.#events.on(event, listener);
    // Commands pass by here only while somebody looks.
    this.#outputs ??= event === 'output' ? this.#followOutputs() : undefined;
    return {
      [Symbol.dispose]: () => {
        subscription[Symbol.dispose]();
        if (this.#events.listenerCount('output') > 0) return;
        this.#outputs?.[Symbol.dispose]();
        this.#outputs = undefined;
      },
    };
  }

  #followOutputs(): Disposable {
    return this.devices.events.on('output', (change) => this.#events.emit('output', change));
  }

  #cardOf(device: Device): DeviceCard {
    let card = this.#cards.get(device);
    if (!card) {
      card = cardOf(device);
      this.#cards.set(device, card);
    }
    return card;
  }
}
