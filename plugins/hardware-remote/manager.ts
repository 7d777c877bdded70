import {
  type Discovery,
  Events,
  type HardwareManager,
  type HardwareManagerEvents,
  LinkError,
  type ModelDefinition,
} from 'pulsegate/plugin';
import { RemoteLink } from './link.js';
import type { Remote } from './remote.js';
import type { RemoteSession } from './session/session.js';
import type { RemoteDevice, RemoteReading } from './speech/dialect.js';

/** A device that a remote has now. */
interface Present {
  readonly device: RemoteDevice;
  readonly session: RemoteSession;
  link: RemoteLink | undefined;
}

/** Shows what the remotes have as hardware of this gateway. */
export class RemoteManager implements HardwareManager {
  readonly name = 'remote';
  readonly isRemote = true;
  readonly #events: Events<HardwareManagerEvents>;
  readonly #remotes = new Map<Remote, Map<number, Present>>();
  /** Who was asked to scan and has not come to its end. */
  readonly #scanning = new Set<Remote>();
  #isScanning = false;

  constructor(
    private readonly prefixNames: boolean,
    private readonly onListenerError: (error: unknown, event: string) => void,
  ) {
    this.#events = new Events(onListenerError);
  }

  on<K extends keyof HardwareManagerEvents>(
    event: K,
    listener: (...args: HardwareManagerEvents[K]) => void,
  ): Disposable {
    return this.#events.on(event, listener);
  }

  add(remote: Remote): void {
    this.#remotes.set(remote, new Map());
    remote.on('devices', (devices, session) => this.#update(remote, devices, session));
    remote.on('reading', (device, reading) => this.#report(remote, device, reading));
    remote.on('scanFinished', () => this.#scanEnded(remote));
    remote.on('lost', (reason) => {
      this.#update(remote, new Map(), undefined, reason);
      this.#scanEnded(remote);
    });
  }

  async startScanning(): Promise<void> {
    this.#isScanning = true;
    for (const remote of this.#remotes.keys()) this.#askToScan(remote);
    this.#finishWhenAllEnded();
  }

  async stopScanning(): Promise<void> {
    this.#isScanning = false;
    for (const remote of this.#scanning) remote.session?.scan('StopScanning');
    this.#scanning.clear();
  }

  #askToScan(remote: Remote): void {
    if (!remote.session || this.#scanning.has(remote)) return;
    this.#scanning.add(remote);
    remote.session.scan('StartScanning');
  }

  #scanEnded(remote: Remote): void {
    if (this.#scanning.delete(remote)) this.#finishWhenAllEnded();
  }

  #finishWhenAllEnded(): void {
    if (!this.#isScanning || this.#scanning.size > 0) return;
    this.#isScanning = false;
    this.#events.emit('scanFinished');
  }

  #update(
    remote: Remote,
    devices: ReadonlyMap<number, RemoteDevice>,
    session: RemoteSession | undefined,
    reason = 'the remote has it no more',
  ): void {
    const present = this.#remotes.get(remote);
    if (!present) return;
    for (const [index, { device, link, session: before }] of present) {
      if (devices.get(index) === device && session === before) continue;
      present.delete(index);
      link?.lose(devices.has(index) ? 'the remote describes it in another way now' : reason);
    }
    if (!session) return;
    for (const [index, device] of devices) {
      if (present.has(index)) continue;
      present.set(index, { device, session, link: undefined });
      this.#events.emit('discovered', this.#discovery(remote, device));
    }
  }

  #discovery(remote: Remote, { index, name }: RemoteDevice): Discovery {
    const address = `${remote.name}/${index}`;
    return {
      advertisement: { kind: 'remote', name, address },
      connect: async () => {
        // It is asked for again after a loss, and by then another device may be there.
        const present = this.#remotes.get(remote)?.get(index);
        if (!present) throw new LinkError(`${remote.name} does not have ${name} now`);
        const { device, session } = present;
        present.link?.lose('it is connected again');
        present.link = new RemoteLink(device, address, this.#model(remote, device), session, this.onListenerError);
        return present.link;
      },
    };
  }

  #model(remote: Remote, { name, displayName, features }: RemoteDevice): ModelDefinition {
    const shown = this.prefixNames ? `${titleOf(remote.name)}: ${displayName ?? name}` : displayName;
    return {
      identifiers: [name],
      name,
      brand: titleOf(remote.name),
      ...(shown !== undefined && { displayName: shown }),
      isRemote: true,
      features,
    };
  }

  #report(remote: Remote, device: RemoteDevice, reading: RemoteReading): void {
    const present = this.#remotes.get(remote)?.get(device.index);
    if (present?.device === device) present.link?.report(reading);
  }
}

const titleOf = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
