/** Packets between a host and its controller (Core Specification, volume 4, parts A and E), as much of them as are spoken here. */

const PACKET = { command: 0x01, data: 0x02, event: 0x04 } as const;

export const COMMAND = {
  disconnect: 0x0406,
  setEventMask: 0x0c01,
  reset: 0x0c03,
  readHostSupport: 0x0c6c,
  writeHostSupport: 0x0c6d,
  readLocalVersion: 0x1001,
  readAddress: 0x1009,
  readRssi: 0x1405,
  setLeEventMask: 0x2001,
  readBufferSize: 0x2002,
  readFeatures: 0x2003,
  setScanParameters: 0x200b,
  setScanEnable: 0x200c,
  createConnection: 0x200d,
  cancelConnection: 0x200e,
  updateConnection: 0x2013,
} as const;

export const STATUS = {
  ok: 0x00,
  unknownCommand: 0x01,
  unknownConnection: 0x02,
  connectionTimeout: 0x08,
  connectionLimit: 0x09,
  disallowed: 0x0c,
  remoteEnded: 0x13,
  hostEnded: 0x16,
  failedToEstablish: 0x3e,
} as const;

/** A command was carried out, and this came out. */
export function commandComplete(opcode: number, ...result: readonly number[]): Buffer {
  return event(0x0e, Buffer.of(1, opcode & 0xff, opcode >> 8, ...result));
}

/** A command was taken, and its outcome comes later; or it was not. */
export function commandStatus(opcode: number, status: number): Buffer {
  return event(0x0f, Buffer.of(status, 1, opcode & 0xff, opcode >> 8));
}

export function disconnected(handle: number, reason: number): Buffer {
  return event(0x05, Buffer.of(STATUS.ok, handle & 0xff, handle >> 8, reason));
}

/** Packets have left the controller: there is room for as many. */
export function packetsCompleted(handle: number, count: number): Buffer {
  return event(0x13, Buffer.of(1, handle & 0xff, handle >> 8, count & 0xff, count >> 8));
}

export function connectionComplete(status: number, handle: number, peer: PeerAddress): Buffer {
  const parameters = Buffer.alloc(18);
  parameters.writeUInt8(status, 0);
  parameters.writeUInt16LE(handle, 1);
  parameters.writeUInt8(peer.isRandom ? 1 : 0, 4);
  addressBytes(peer.address).copy(parameters, 5);
  parameters.writeUInt16LE(6, 11);
  parameters.writeUInt16LE(0x2a, 15);
  return event(0x3e, Buffer.concat([Buffer.of(0x01), parameters]));
}

export function connectionUpdated(handle: number): Buffer {
  return event(0x3e, Buffer.of(0x03, STATUS.ok, handle & 0xff, handle >> 8, 6, 0, 0, 0, 0x2a, 0));
}

/** What was heard of a peripheral: its advertisement, or its answer to who asked for more. */
export function advertisingReport(isScanResponse: boolean, peer: PeerAddress, data: Buffer, rssi: number): Buffer {
  const header = Buffer.of(0x02, 1, isScanResponse ? 4 : 0, peer.isRandom ? 1 : 0);
  const signal = Buffer.alloc(1);
  signal.writeInt8(rssi, 0);
  return event(0x3e, Buffer.concat([header, addressBytes(peer.address), Buffer.of(data.length), data, signal]));
}

export interface PeerAddress {
  /** `c0:ff:ee:00:00:01`. */
  readonly address: string;
  readonly isRandom: boolean;
}

/** An address as on the wire, last byte first. */
export function addressBytes(address: string): Buffer {
  return Buffer.from(address.replaceAll(':', ''), 'hex').reverse();
}

export function addressOf(bytes: Buffer): string {
  return [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(':');
}

/** A piece of a packet of logical link control for one connection. */
export function dataPacket(handle: number, isFirst: boolean, data: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt8(PACKET.data, 0);
  header.writeUInt16LE(handle | ((isFirst ? 0b10 : 0b01) << 12), 1);
  header.writeUInt16LE(data.length, 3);
  return Buffer.concat([header, data]);
}

function event(code: number, parameters: Buffer): Buffer {
  return Buffer.concat([Buffer.of(PACKET.event, code, parameters.length), parameters]);
}

export interface HostCommand {
  readonly opcode: number;
  readonly parameters: Buffer;
}
export interface HostData {
  readonly handle: number;
  /** The first piece of a packet, not a later one. */
  readonly isFirst: boolean;
  readonly data: Buffer;
}

/** Cuts what a host sends into packets. */
export class HostPackets {
  #rest: Buffer = Buffer.alloc(0);

  *take(chunk: Buffer): Generator<HostCommand | HostData> {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const isCommand = this.#rest[0] === PACKET.command;
      const headerLength = isCommand ? 4 : 5;
      if (this.#rest.length < headerLength) return;
      const length = isCommand ? this.#rest.readUInt8(3) : this.#rest.readUInt16LE(3);
      if (this.#rest.length < headerLength + length) return;
      const first = this.#rest.readUInt16LE(1);
      const body = this.#rest.subarray(headerLength, headerLength + length);
      this.#rest = this.#rest.subarray(headerLength + length);
      if (isCommand) yield { opcode: first, parameters: body };
      else yield { handle: first & 0x0fff, isFirst: first >> 12 !== 0b01, data: body };
    }
  }
}
