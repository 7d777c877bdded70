import {
  type Advertisement,
  type Clock,
  type Discovery,
  definePlugin,
  type Endpoint,
  Events,
  endpointsOf,
  HARDWARE,
  type HardwareLink,
  type HardwareManager,
  type HardwareManagerEvents,
  LinkError,
  type LinkEvents,
  type LinkSpecifier,
  PLUGIN_API,
  PROTOCOLS,
  type ProtocolDefinition,
  Type,
} from 'pulsegate/plugin';
import type { CaseDevice, HardwareCommand, HardwareEvent } from './case.js';

/** Hardware that writes down what it is told and says what the case says (facts: conformance-format, §2). */

const GAP_MS = 1;
/** How long a read waits for the case to provide what is read. */
const READ_PATIENCE_MS = 50;

type Packet = Extract<HardwareEvent, { tag: 'Reads' }>['value'][number];
type WaitingRead = (packet: Packet | undefined) => void;

export function advertisementOf({ identifier }: CaseDevice, place: number): Advertisement {
  // An address is only a name here, so any number will do and the same one makes runs alike.
  const { name, link = 'bluetooth', address = String(4711 + place), protocol } = identifier;
  return { kind: link, name, address, ...(protocol !== undefined && { protocol }) };
}

/** One device of the case, through all its connections. */
export class RecordedDevice implements Discovery {
  readonly advertisement: Advertisement;
  /** What the gateway did to the hardware, oldest first. The case takes it away. */
  readonly outgoing: HardwareCommand[] = [];
  /** What the case failed to provide. */
  fault: string | undefined;
  readonly #reads: Packet[] = [];
  readonly #waitingReads: WaitingRead[] = [];
  #link: RecordingLink | undefined;
  #specifier: LinkSpecifier | undefined;

  constructor(
    device: CaseDevice,
    place: number,
    private readonly clock: () => Clock,
  ) {
    this.advertisement = advertisementOf(device, place);
  }

  /** By what entry of the catalogue it was opened. */
  get specifier(): LinkSpecifier | undefined {
    return this.#specifier;
  }

  async connect(specifier: LinkSpecifier): Promise<HardwareLink> {
    this.#specifier = specifier;
    this.#link = new RecordingLink(this, specifier);
    return this.#link;
  }

  /** The hardware does something of its own. */
  happen(event: HardwareEvent): void {
    switch (event.tag) {
      case 'Notifications':
        for (const { endpoint, data } of event.value) this.#link?.notify(endpoint, data);
        return;
      case 'Reads':
        for (const packet of event.value) {
          const waiting = this.#waitingReads.shift();
          if (waiting) waiting(packet);
          else this.#reads.push(packet);
        }
        return;
      case 'Disconnect':
        this.#link?.lose('the case says so');
    }
  }

  /** The oldest thing to be read, whatever endpoint it is meant for. */
  async read(endpoint: Endpoint): Promise<Uint8Array> {
    const packet = this.#reads.shift() ?? (await this.#nextRead());
    if (!packet) {
      this.fault ??= `${endpoint} is read, but the case has nothing to be read`;
      throw new LinkError(this.fault);
    }
    if (packet.endpoint !== endpoint) {
      throw new LinkError(`${endpoint} is read, but the case has something for ${packet.endpoint}`);
    }
    return Uint8Array.from(packet.data);
  }

  #nextRead(): Promise<Packet | undefined> {
    const { promise, resolve } = Promise.withResolvers<Packet | undefined>();
    const patience = this.clock().after(READ_PATIENCE_MS, () => {
      this.#waitingReads.splice(this.#waitingReads.indexOf(arrived), 1);
      resolve(undefined);
    });
    const arrived: WaitingRead = (packet) => {
      patience.cancel();
      resolve(packet);
    };
    this.#waitingReads.push(arrived);
    return promise;
  }
}

class RecordingLink implements HardwareLink {
  readonly messageGapMs = GAP_MS;
  readonly needsKeepalive = false;
  readonly kind;
  readonly name;
  readonly address;
  readonly endpoints: ReadonlySet<Endpoint>;
  readonly #subscribed = new Set<Endpoint>();
  readonly #events = new Events<LinkEvents>((error) => {
    throw error;
  });
  #connected = true;

  constructor(
    private readonly device: RecordedDevice,
    specifier: LinkSpecifier,
  ) {
    ({ kind: this.kind, name: this.name, address: this.address } = device.advertisement);
    this.endpoints = endpointsOf(specifier);
  }

  on<K extends keyof LinkEvents>(event: K, listener: (...args: LinkEvents[K]) => void): Disposable {
    return this.#events.on(event, listener);
  }

  async write(endpoint: Endpoint, data: Uint8Array, { withResponse }: { withResponse: boolean }): Promise<void> {
    this.#check(endpoint);
    const value = { endpoint, data: [...data], write_with_response: withResponse };
    this.device.outgoing.push({ tag: 'Write', value });
  }

  async subscribe(endpoint: Endpoint): Promise<void> {
    this.#check(endpoint);
    this.#subscribed.add(endpoint);
    this.device.outgoing.push({ tag: 'Subscribe', value: { endpoint } });
  }

  async unsubscribe(endpoint: Endpoint): Promise<void> {
    this.#check(endpoint);
    this.#subscribed.delete(endpoint);
    this.device.outgoing.push({ tag: 'Unsubscribe', value: { endpoint } });
  }

  async read(endpoint: Endpoint): Promise<Uint8Array> {
    this.#check(endpoint);
    return this.device.read(endpoint);
  }

  async disconnect(): Promise<void> {
    this.lose('the gateway disconnected');
  }

  notify(endpoint: Endpoint, data: readonly number[]): void {
    if (this.#subscribed.has(endpoint)) this.#events.emit('notification', endpoint, Uint8Array.from(data));
  }

  lose(reason: string): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#events.emit('disconnected', reason);
  }

  #check(endpoint: Endpoint): void {
    if (!this.#connected) throw new LinkError(`${this.name} is not connected`);
    if (!this.endpoints.has(endpoint)) throw new LinkError(`${this.name} has no endpoint ${endpoint}`);
  }
}

/** The only hardware manager of a run: reports all devices of the case at once, each time somebody scans. */
export class Recorder implements HardwareManager {
  readonly name = 'recorder';
  readonly devices: readonly RecordedDevice[];
  readonly plugin;
  readonly #events = new Events<HardwareManagerEvents>((error) => {
    throw error;
  });
  #clock: Clock | undefined;
  #definitions: Iterable<ProtocolDefinition> = [];

  constructor(devices: readonly CaseDevice[]) {
    const clock = () => {
      if (!this.#clock) throw new Error('the recorder has not started');
      return this.#clock;
    };
    this.devices = devices.map((device, place) => new RecordedDevice(device, place, clock));
    this.plugin = definePlugin({
      name: 'hardware-recorder',
      kind: 'hardware',
      api: PLUGIN_API,
      description: 'The hardware of a conformance case',
      config: Type.Object({}),
      create: (context) => ({
        start: () => {
          this.#clock = context.clock;
          this.#definitions = context.use(PROTOCOLS).definitions;
          context.use(HARDWARE).attach(this);
        },
        stop() {},
      }),
    });
  }

  on<K extends keyof HardwareManagerEvents & string>(
    event: K,
    listener: (...args: HardwareManagerEvents[K]) => void,
  ): Disposable {
    return this.#events.on(event, listener);
  }

  async startScanning(): Promise<void> {
    for (const device of this.devices) this.#events.emit('discovered', device);
    this.#events.emit('scanFinished');
  }

  async stopScanning(): Promise<void> {}

  /** The longest gap that may lie between two packets of this device, ms. */
  gapOf({ specifier }: RecordedDevice): number {
    const definition = [...this.#definitions].find(({ links }) => links.some((link) => link === specifier));
    return Math.max(GAP_MS, ...(definition?.models ?? []).map(({ messageGapMs = 0 }) => messageGapMs));
  }
}
