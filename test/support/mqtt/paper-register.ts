import { type DeviceCard, type DeviceRegister, type DeviceRegisterEvents, Events } from 'pulsegate/plugin';

/** Devices that come and go when a test says so. */
export class PaperRegister implements DeviceRegister {
  readonly #cards = new Map<number, DeviceCard>();
  readonly #events = new Events<DeviceRegisterEvents>((error) => {
    throw error;
  });

  get cards(): readonly DeviceCard[] {
    return [...this.#cards.values()];
  }

  on: DeviceRegister['on'] = (event, listener) => this.#events.on(event, listener);

  card(deviceIndex: number): DeviceCard | undefined {
    return this.#cards.get(deviceIndex);
  }

  outputs(): readonly [] {
    return [];
  }

  add(card: DeviceCard): void {
    this.#cards.set(card.index, card);
    this.#events.emit('added', card);
  }

  remove(card: DeviceCard): void {
    this.#cards.delete(card.index);
    this.#events.emit('removed', card, 'a test');
  }
}
