import type { Duplex } from 'node:stream';
import {
  addressBytes,
  addressOf,
  advertisingReport,
  COMMAND,
  commandComplete,
  commandStatus,
  connectionComplete,
  connectionUpdated,
  dataPacket,
  disconnected,
  type HostCommand,
  type HostData,
  HostPackets,
  packetsCompleted,
  STATUS,
} from './hci-packets.js';
import type { VirtualPeripheral } from './virtual-peripheral.js';

export interface ControllerOptions {
  /** How often every peripheral advertises, ms. */
  readonly advertisingMs?: number;
  /** How long a connection takes to come about, ms. */
  readonly connectMs?: number;
  /** How long a packet stays in the controller before there is room for another, ms. */
  readonly packetMs?: number;
  /** Most connections at a time. */
  readonly maxConnections?: number;
}

/** Room for packets in the controller, and how long each may be. */
const BUFFERS = 8;
const BUFFER_LENGTH = 251;
/** Bytes of a piece that goes over the air. */
const AIR_LENGTH = 27;
const ATTRIBUTES_CHANNEL = 0x0004;
const FIRST_HANDLE = 0x0040;
/** How long a connection hangs, ms. */
const HANGING_MS = 1_000;

class Connection {
  /** Pieces of a packet that is not whole yet. */
  pieces: Buffer[] = [];

  constructor(
    readonly handle: number,
    readonly peripheral: VirtualPeripheral,
  ) {}
}

/**
 * A Bluetooth adapter without a radio, as a host sees it over a serial line, and a room of peripherals around it. Time is real: what is
 * tested with it is the host's stack, which has no other.
 */
export class VirtualController implements Disposable {
  /** Commands it got, in order. */
  readonly commands: number[] = [];
  /** Commands that it never answers. */
  readonly ignored = new Set<number>();
  readonly #connections = new Map<number, Connection>();
  readonly #reported = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #packets = new HostPackets();
  readonly #line: Duplex;
  #nextHandle = FIRST_HANDLE;
  #isScanning = false;
  #reportsOnce = false;
  #pendingAddress: string | undefined;
  /** It listens for the device that it is to connect, and hears nothing. */
  #isHanging = false;

  constructor(
    line: Duplex,
    /** Who is in the room; it may change. */
    private readonly peripherals: readonly VirtualPeripheral[],
    private readonly options: ControllerOptions = {},
  ) {
    this.#line = line;
    line.on('data', (chunk: Buffer) => {
      for (const packet of this.#packets.take(chunk)) {
        if ('opcode' in packet) this.#command(packet);
        else this.#data(packet);
      }
    });
    line.on('error', () => {});
    this.#every(options.advertisingMs ?? 40, () => this.#advertise());
  }

  get isScanning(): boolean {
    return this.#isScanning;
  }

  /** Addresses of those that are connected. */
  get connected(): readonly string[] {
    return [...this.#connections.values()].map(({ peripheral }) => peripheral.address);
  }

  /** The peripheral goes out of reach, or ends the connection. */
  drop(peripheral: VirtualPeripheral, reason: number = STATUS.connectionTimeout): void {
    for (const { handle, peripheral: other } of [...this.#connections.values()]) {
      if (other === peripheral) this.#end(handle, reason);
    }
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { peripheral } of this.#connections.values()) peripheral.gatt.disconnected();
    this.#connections.clear();
  }

  #command(command: HostCommand): void {
    this.commands.push(command.opcode);
    const answer = this.ignored.has(command.opcode) ? undefined : this.#answer(command);
    if (answer) this.#send(answer);
  }

  /** What comes at once; some of what a command brings about comes later. */
  #answer({ opcode, parameters }: HostCommand): Buffer {
    const complete = (...result: readonly number[]) => commandComplete(opcode, STATUS.ok, ...result);
    switch (opcode) {
      case COMMAND.reset:
        this.#reset();
        return complete();
      case COMMAND.readLocalVersion:
        return complete(0x09, 0, 0, 0x09, 0xff, 0xff, 0, 0);
      case COMMAND.readAddress:
        return complete(...addressBytes('00:11:22:33:44:55'));
      case COMMAND.readBufferSize:
        return complete(BUFFER_LENGTH & 0xff, BUFFER_LENGTH >> 8, BUFFERS);
      case COMMAND.readFeatures:
        return complete(0, 0, 0, 0, 0, 0, 0, 0);
      case COMMAND.readHostSupport:
        return complete(1, 0);
      case COMMAND.setEventMask:
      case COMMAND.setLeEventMask:
      case COMMAND.writeHostSupport:
      case COMMAND.setScanParameters:
        return complete();
      case COMMAND.setScanEnable:
        this.#isScanning = parameters[0] === 1;
        this.#reportsOnce = parameters[1] === 1;
        if (this.#isScanning) this.#reported.clear();
        return complete();
      case COMMAND.createConnection:
        return commandStatus(opcode, this.#createConnection(addressOf(parameters.subarray(6, 12))));
      case COMMAND.cancelConnection:
        return commandComplete(opcode, this.#cancelConnection());
      case COMMAND.disconnect: {
        const handle = parameters.readUInt16LE(0);
        this.#after(0, () => this.#end(handle, STATUS.hostEnded));
        return commandStatus(opcode, STATUS.ok);
      }
      case COMMAND.readRssi: {
        const handle = parameters.readUInt16LE(0);
        const rssi = this.#connections.get(handle)?.peripheral.rssi ?? 0;
        return complete(handle & 0xff, handle >> 8, rssi & 0xff);
      }
      case COMMAND.updateConnection: {
        const handle = parameters.readUInt16LE(0);
        this.#after(0, () => this.#send(connectionUpdated(handle)));
        return commandStatus(opcode, STATUS.ok);
      }
      default:
        return commandComplete(opcode, STATUS.unknownCommand);
    }
  }

  #reset(): void {
    this.#isScanning = false;
    this.#pendingAddress = undefined;
    for (const { peripheral } of this.#connections.values()) peripheral.gatt.disconnected();
    this.#connections.clear();
  }

  #advertise(): void {
    for (const peripheral of this.peripherals) {
      if (!this.#isAdvertising(peripheral)) continue;
      if (peripheral.address === this.#pendingAddress) {
        if (!this.#isHanging) this.#connect(peripheral);
      } else if (this.#isScanning) this.#report(peripheral);
    }
  }

  #isAdvertising(peripheral: VirtualPeripheral): boolean {
    return peripheral.isPresent && !this.connected.includes(peripheral.address);
  }

  #report(peripheral: VirtualPeripheral): void {
    if (this.#reportsOnce && this.#reported.has(peripheral.address)) return;
    this.#reported.add(peripheral.address);
    this.#send(advertisingReport(false, peripheral, peripheral.advertisement, peripheral.rssi));
    this.#send(advertisingReport(true, peripheral, peripheral.scanResponse, peripheral.rssi));
  }

  /** @returns the status */
  #createConnection(address: string): number {
    if (this.#pendingAddress !== undefined) return STATUS.disallowed;
    if (this.#connections.size >= (this.options.maxConnections ?? Number.POSITIVE_INFINITY)) {
      return STATUS.connectionLimit;
    }
    this.#pendingAddress = address;
    const peripheral = this.peripherals.find((one) => one.address === address);
    if (peripheral && peripheral.hangingConnections > 0) {
      peripheral.hangingConnections -= 1;
      this.#isHanging = true;
      this.#after(HANGING_MS, () => {
        this.#isHanging = false;
      });
    }
    return STATUS.ok;
  }

  /** @returns the status */
  #cancelConnection(): number {
    const address = this.#pendingAddress;
    if (address === undefined) return STATUS.disallowed;
    this.#pendingAddress = undefined;
    this.#after(0, () => this.#send(connectionComplete(STATUS.unknownConnection, 0, { address, isRandom: true })));
    return STATUS.ok;
  }

  #connect(peripheral: VirtualPeripheral): void {
    this.#pendingAddress = undefined;
    const handle = this.#nextHandle;
    this.#nextHandle = this.#nextHandle === 0x0eff ? FIRST_HANDLE : this.#nextHandle + 1;
    this.#after(this.options.connectMs ?? 5, () => {
      if (peripheral.refusesConnections || !peripheral.isPresent) {
        this.#send(connectionComplete(STATUS.failedToEstablish, 0, peripheral));
        return;
      }
      peripheral.connections += 1;
      this.#connections.set(handle, new Connection(handle, peripheral));
      peripheral.gatt.connected((data) => this.#toHost(handle, data));
      const complete = connectionComplete(STATUS.ok, handle, peripheral);
      if (peripheral.breakingConnections === 0) return this.#send(complete);
      peripheral.breakingConnections -= 1;
      this.#connections.delete(handle);
      peripheral.gatt.disconnected();
      this.#send(Buffer.concat([complete, disconnected(handle, STATUS.failedToEstablish)]));
    });
  }

  #end(handle: number, reason: number): void {
    const connection = this.#connections.get(handle);
    if (!connection) return;
    this.#connections.delete(handle);
    connection.peripheral.gatt.disconnected();
    this.#send(disconnected(handle, reason));
  }

  #data({ handle, isFirst, data }: HostData): void {
    const connection = this.#connections.get(handle);
    if (!connection) return;
    this.#after(this.options.packetMs ?? 0, () => this.#send(packetsCompleted(handle, 1)));
    if (isFirst) connection.pieces = [];
    connection.pieces.push(Buffer.from(data));
    const whole = Buffer.concat(connection.pieces);
    if (whole.length < 4 || whole.length < whole.readUInt16LE(0) + 4) return;
    connection.pieces = [];
    if (whole.readUInt16LE(2) === ATTRIBUTES_CHANNEL && !connection.peripheral.isMute) {
      connection.peripheral.gatt.receive(whole.subarray(4));
    }
  }

  #toHost(handle: number, data: Buffer): void {
    const header = Buffer.alloc(4);
    header.writeUInt16LE(data.length, 0);
    header.writeUInt16LE(ATTRIBUTES_CHANNEL, 2);
    const whole = Buffer.concat([header, data]);
    for (let offset = 0; offset < whole.length; offset += AIR_LENGTH) {
      this.#send(dataPacket(handle, offset === 0, whole.subarray(offset, offset + AIR_LENGTH)));
    }
  }

  #send(packet: Buffer): void {
    if (this.#line.writable) this.#line.write(packet);
  }

  #after(delayMs: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, delayMs);
    this.#timers.add(timer);
  }

  #every(periodMs: number, task: () => void): void {
    this.#timers.add(setInterval(task, periodMs));
  }
}
