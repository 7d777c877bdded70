import { Message, type MessageBus, sessionBus, type Variant } from 'dbus-next';

/** Somebody else who uses the adapter of BlueZ, such as the settings of a desktop. */
export class OtherProgram implements Disposable {
  private constructor(private readonly bus: MessageBus) {}

  static async on(address: string): Promise<OtherProgram> {
    const bus = sessionBus({ busAddress: address });
    bus.on('error', () => {});
    await new Promise<void>((resolve) => bus.once('connect', () => resolve()));
    return new OtherProgram(bus);
  }

  /** @param filter without one it wants to hear of everything */
  async startDiscovery(filter?: Readonly<Record<string, Variant>>): Promise<void> {
    if (filter) await this.#ask('SetDiscoveryFilter', 'a{sv}', [filter]);
    await this.#ask('StartDiscovery');
  }

  async stopDiscovery(): Promise<void> {
    await this.#ask('StopDiscovery');
  }

  [Symbol.dispose](): void {
    this.bus.disconnect();
  }

  async #ask(member: string, signature = '', body: unknown[] = []): Promise<void> {
    const to = { destination: 'org.bluez', path: '/org/bluez/hci0', interface: 'org.bluez.Adapter1' };
    await this.bus.call(new Message({ ...to, member, signature, body }));
  }
}
