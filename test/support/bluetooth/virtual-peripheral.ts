import { type GattCharacteristic, GattServer, type GattServerOptions, type GattService, onAir } from './gatt-server.js';

/** What a peripheral tells whoever listens. */
interface Advertised {
  readonly name?: string;
  /** Lower-case 8-4-4-4-12. */
  readonly services?: readonly string[];
  /** Company id to the bytes behind it. */
  readonly manufacturerData?: ReadonlyMap<number, Uint8Array>;
}

export interface PeripheralOptions extends GattServerOptions {
  /** `c0:ff:ee:00:00:01`. */
  readonly address: string;
  readonly isRandom?: boolean;
  readonly advertised: Advertised;
  readonly services: readonly GattService[];
  /** Signal strength, dBm. */
  readonly rssi?: number;
}

/** A device of a virtual room: advertises while nobody is connected to it, and serves its attributes. */
export class VirtualPeripheral {
  readonly address: string;
  readonly isRandom: boolean;
  readonly rssi: number;
  readonly gatt: GattServer;
  /** Switched on and in reach. */
  isPresent = true;
  /** It takes packets and answers none: crashed, or no device at all. */
  isMute = false;
  /** Refuses connections, as one does that is connected elsewhere and still advertises. */
  refusesConnections = false;
  /** So many connections hang before one comes about. */
  hangingConnections = 0;
  /** So many connections break in the moment in which they have come about. */
  breakingConnections = 0;
  /** How often somebody connected. */
  connections = 0;
  /** Gets what it notifies, in place of whoever speaks to it in packets of attribute data. */
  listener: ((characteristic: GattCharacteristic, data: Uint8Array) => void) | undefined;

  constructor(readonly options: PeripheralOptions) {
    this.address = options.address;
    this.isRandom = options.isRandom ?? true;
    this.rssi = options.rssi ?? -60;
    this.gatt = new GattServer(options.services, options);
  }

  notify(characteristic: GattCharacteristic, data: Uint8Array): void {
    if (this.listener) this.listener(characteristic, data);
    else this.gatt.notify(characteristic, data);
  }

  /** What it sends unasked. */
  get advertisement(): Buffer {
    const { services = [], manufacturerData } = this.options.advertised;
    const flags = field(0x01, Buffer.of(0x06));
    const short = services.map(onAir).filter(({ length }) => length === 2);
    const long = services.map(onAir).filter(({ length }) => length === 16);
    return Buffer.concat([
      flags,
      ...(short.length > 0 ? [field(0x03, Buffer.concat(short))] : []),
      ...(long.length > 0 ? [field(0x07, Buffer.concat(long.slice(0, 1)))] : []),
      ...ofCompanies(manufacturerData).slice(0, 1),
    ]);
  }

  /** What it sends to whoever asks for more: its name, and the data of further companies, do not fit in with everything else. */
  get scanResponse(): Buffer {
    const { name, manufacturerData } = this.options.advertised;
    const companies = ofCompanies(manufacturerData).slice(1);
    return Buffer.concat([...(name === undefined ? [] : [field(0x09, Buffer.from(name))]), ...companies]);
  }
}

function ofCompanies(data: Advertised['manufacturerData'] = new Map()): readonly Buffer[] {
  return [...data].map(([company, bytes]) =>
    field(0xff, Buffer.concat([Buffer.of(company & 0xff, company >> 8), bytes])),
  );
}

function field(type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.of(data.length + 1, type), data]);
}
