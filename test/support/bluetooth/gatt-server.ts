/** The attributes of one peripheral, and how it answers who asks for them (Core Specification, volume 3, parts F and G). */

export type Property = 'read' | 'writeWithoutResponse' | 'write' | 'notify' | 'indicate';

const PROPERTY_BITS: Readonly<Record<Property, number>> = {
  read: 0x02,
  writeWithoutResponse: 0x04,
  write: 0x08,
  notify: 0x10,
  indicate: 0x20,
};

export interface GattCharacteristic {
  /** Lower-case 8-4-4-4-12. */
  readonly uuid: string;
  readonly properties: readonly Property[];
  /** Undefined: it cannot be read now. */
  readonly read?: () => Uint8Array | undefined;
  readonly write?: (data: Uint8Array, withResponse: boolean) => void;
  readonly subscribed?: (isOn: boolean) => void;
}

export interface GattService {
  readonly uuid: string;
  readonly characteristics: readonly GattCharacteristic[];
}

interface Attribute {
  readonly handle: number;
  /** As on the air. */
  readonly type: Buffer;
  /** Declarations have theirs here; values of characteristics are asked for. */
  readonly value?: Buffer;
  readonly characteristic?: GattCharacteristic;
  /** Switches the notifications of this characteristic. */
  readonly configures?: GattCharacteristic;
}

/** Largest packet of attribute data before anything else was agreed on, bytes. */
const DEFAULT_MTU = 23;
const BASE = '-0000-1000-8000-00805f9b34fb';

const PRIMARY_SERVICE = sixteen(0x2800);
const CHARACTERISTIC = sixteen(0x2803);
const CONFIGURATION = sixteen(0x2902);

const OPCODE = {
  error: 0x01,
  mtuRequest: 0x02,
  mtuResponse: 0x03,
  findInformation: 0x04,
  findInformationResponse: 0x05,
  readByType: 0x08,
  readByTypeResponse: 0x09,
  read: 0x0a,
  readResponse: 0x0b,
  readBlob: 0x0c,
  readBlobResponse: 0x0d,
  readByGroup: 0x10,
  readByGroupResponse: 0x11,
  write: 0x12,
  writeResponse: 0x13,
  notification: 0x1b,
  indication: 0x1d,
  confirmation: 0x1e,
  writeCommand: 0x52,
} as const;

const ERROR = {
  invalidHandle: 0x01,
  readNotPermitted: 0x02,
  writeNotPermitted: 0x03,
  notSupported: 0x06,
  notFound: 0x0a,
  unsupportedGroup: 0x10,
} as const;

export interface GattServerOptions {
  /** The largest it agrees to, bytes. */
  readonly mtu?: number;
}

export class GattServer {
  readonly #attributes: Attribute[] = [];
  readonly #services: { readonly attribute: Attribute; readonly last: number }[] = [];
  readonly #valueHandles = new Map<GattCharacteristic, number>();
  readonly #listening = new Set<GattCharacteristic>();
  /** The largest that it agrees to from now on, bytes. */
  largestMtu: number;
  #mtu = DEFAULT_MTU;
  /** Sends to whoever is connected. */
  #send: ((data: Buffer) => void) | undefined;

  constructor(
    readonly services: readonly GattService[],
    { mtu = 247 }: GattServerOptions = {},
  ) {
    this.largestMtu = mtu;
    for (const service of services) this.#addService(service);
  }

  /** What was agreed on with whoever is connected, bytes. */
  get mtu(): number {
    return this.#mtu;
  }

  connected(send: (data: Buffer) => void): void {
    this.#send = send;
  }

  /** Forgets what was agreed on with whoever was connected. */
  disconnected(): void {
    this.#send = undefined;
    this.#mtu = DEFAULT_MTU;
    for (const characteristic of this.#listening) characteristic.subscribed?.(false);
    this.#listening.clear();
  }

  /** False: nobody listens to it. */
  notify(characteristic: GattCharacteristic, data: Uint8Array): boolean {
    const handle = this.#valueHandles.get(characteristic);
    if (handle === undefined || !this.#listening.has(characteristic)) return false;
    const isIndicated = !characteristic.properties.includes('notify');
    const header = Buffer.of(isIndicated ? OPCODE.indication : OPCODE.notification, handle & 0xff, handle >> 8);
    this.#send?.(Buffer.concat([header, data.subarray(0, this.#mtu - header.length)]));
    return true;
  }

  /** A packet has arrived. */
  receive(packet: Buffer): void {
    const answer = this.#answer(packet);
    if (answer) this.#send?.(answer);
  }

  #addService({ uuid, characteristics }: GattService): void {
    const declaration = this.#add(PRIMARY_SERVICE, { value: onAir(uuid) });
    for (const characteristic of characteristics) {
      const bits = characteristic.properties.reduce((sum, property) => sum | PROPERTY_BITS[property], 0);
      const valueHandle = this.#attributes.length + 2;
      const header = Buffer.of(bits, valueHandle & 0xff, valueHandle >> 8);
      this.#add(CHARACTERISTIC, { value: Buffer.concat([header, onAir(characteristic.uuid)]) });
      this.#add(onAir(characteristic.uuid), { characteristic });
      this.#valueHandles.set(characteristic, valueHandle);
      if (bits & (PROPERTY_BITS.notify | PROPERTY_BITS.indicate)) {
        this.#add(CONFIGURATION, { configures: characteristic });
      }
    }
    this.#services.push({ attribute: declaration, last: this.#attributes.length });
  }

  #add(type: Buffer, rest: Omit<Attribute, 'handle' | 'type'>): Attribute {
    const attribute = { handle: this.#attributes.length + 1, type, ...rest };
    this.#attributes.push(attribute);
    return attribute;
  }

  #answer(packet: Buffer): Buffer | undefined {
    switch (packet[0]) {
      case OPCODE.mtuRequest:
        this.#mtu = Math.max(DEFAULT_MTU, Math.min(packet.readUInt16LE(1), this.largestMtu));
        return Buffer.of(OPCODE.mtuResponse, this.largestMtu & 0xff, this.largestMtu >> 8);
      case OPCODE.readByGroup:
        return this.#readByGroup(packet);
      case OPCODE.readByType:
        return this.#readByType(packet);
      case OPCODE.findInformation:
        return this.#findInformation(packet);
      case OPCODE.read:
        return this.#read(packet, OPCODE.readResponse, 0);
      case OPCODE.readBlob:
        return this.#read(packet, OPCODE.readBlobResponse, packet.readUInt16LE(3));
      case OPCODE.write:
        return this.#write(packet);
      case OPCODE.writeCommand:
        this.#take(packet.readUInt16LE(1), packet.subarray(3), false);
        return undefined;
      case OPCODE.confirmation:
        return undefined;
      default:
        return refusal(packet, ERROR.notSupported);
    }
  }

  #readByGroup(packet: Buffer): Buffer {
    const [from, to] = [packet.readUInt16LE(1), packet.readUInt16LE(3)];
    if (!packet.subarray(5).equals(PRIMARY_SERVICE)) return refusal(packet, ERROR.unsupportedGroup);
    const found = this.#services
      .filter(({ attribute: { handle } }) => handle >= from && handle <= to)
      .map(({ attribute: { handle, value = Buffer.of() }, last }) => Buffer.concat([words(handle, last), value]));
    return this.#list(packet, OPCODE.readByGroupResponse, found);
  }

  #readByType(packet: Buffer): Buffer {
    const found = this.#within(packet)
      .filter(({ type }) => type.equals(packet.subarray(5)))
      .flatMap((attribute) => {
        const content = this.#content(attribute);
        return content ? [Buffer.concat([words(attribute.handle), content])] : [];
      });
    return this.#list(packet, OPCODE.readByTypeResponse, found);
  }

  #findInformation(packet: Buffer): Buffer {
    const [first, ...rest] = this.#within(packet).map(({ handle, type }) => Buffer.concat([words(handle), type]));
    if (!first) return refusal(packet, ERROR.notFound);
    const alike = takeWhile([first, ...rest], ({ length }) => length === first.length);
    const format = first.length === 4 ? 1 : 2;
    return Buffer.concat([Buffer.of(OPCODE.findInformationResponse, format), ...this.#fitting(alike)]);
  }

  #within(packet: Buffer): readonly Attribute[] {
    const [from, to] = [packet.readUInt16LE(1), packet.readUInt16LE(3)];
    return this.#attributes.filter(({ handle }) => handle >= from && handle <= to);
  }

  /** Entries of one answer are of one length, and it takes no more of them than fit. */
  #list(packet: Buffer, opcode: number, entries: readonly Buffer[]): Buffer {
    const [first] = entries;
    if (!first) return refusal(packet, ERROR.notFound);
    const alike = takeWhile(entries, ({ length }) => length === first.length);
    return Buffer.concat([Buffer.of(opcode, first.length), ...this.#fitting(alike)]);
  }

  #fitting(entries: readonly Buffer[]): readonly Buffer[] {
    const room = this.#mtu - 2;
    return entries.slice(0, Math.max(1, Math.floor(room / (entries[0]?.length ?? room))));
  }

  #read(packet: Buffer, opcode: number, offset: number): Buffer {
    const attribute = this.#attributes[packet.readUInt16LE(1) - 1];
    if (!attribute) return refusal(packet, ERROR.invalidHandle);
    const content = this.#content(attribute);
    if (!content) return refusal(packet, ERROR.readNotPermitted);
    return Buffer.concat([Buffer.of(opcode), content.subarray(offset, offset + this.#mtu - 1)]);
  }

  /** Undefined: it cannot be read. */
  #content({ characteristic, configures, value }: Attribute): Uint8Array | undefined {
    if (configures) return words(this.#listening.has(configures) ? 1 : 0);
    if (!characteristic) return value;
    return characteristic.properties.includes('read') ? characteristic.read?.() : undefined;
  }

  #write(packet: Buffer): Buffer {
    const refused = this.#take(packet.readUInt16LE(1), packet.subarray(3), true);
    return refused === undefined ? Buffer.of(OPCODE.writeResponse) : refusal(packet, refused);
  }

  /** @returns why not */
  #take(handle: number, data: Buffer, withResponse: boolean): number | undefined {
    const { characteristic, configures } = this.#attributes[handle - 1] ?? {};
    if (configures) {
      const isOn = data.readUInt16LE(0) !== 0;
      if (isOn) this.#listening.add(configures);
      else this.#listening.delete(configures);
      configures.subscribed?.(isOn);
      return undefined;
    }
    if (!characteristic) return ERROR.invalidHandle;
    if (!characteristic.properties.includes(withResponse ? 'write' : 'writeWithoutResponse')) {
      return ERROR.writeNotPermitted;
    }
    characteristic.write?.(Uint8Array.from(data), withResponse);
    return undefined;
  }
}

function refusal(packet: Buffer, why: number): Buffer {
  return Buffer.concat([
    Buffer.of(OPCODE.error, packet[0] ?? 0),
    packet.length >= 3 ? packet.subarray(1, 3) : words(0),
    Buffer.of(why),
  ]);
}

function takeWhile<T>(list: readonly T[], holds: (item: T) => boolean): readonly T[] {
  const end = list.findIndex((item) => !holds(item));
  return end < 0 ? list : list.slice(0, end);
}

function sixteen(value: number): Buffer {
  return Buffer.of(value & 0xff, value >> 8);
}

const words = (...values: readonly number[]): Buffer => Buffer.concat(values.map(sixteen));

/** Bytes of an identifier, last one first; those made from 16 bits are sent as 16 bits. */
export function onAir(uuid: string): Buffer {
  const isShort = uuid.startsWith('0000') && uuid.endsWith(BASE);
  return Buffer.from(isShort ? uuid.slice(4, 8) : uuid.replaceAll('-', ''), 'hex').reverse();
}
