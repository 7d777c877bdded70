import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';
import { crc16 } from './crc16.js';

const MODE = 0x64;
const RUNS = 0x69;
const REPEATS = 0x6a;
const PROGRAM = 0x6b;
/** How long the whole way takes at each speed from 1 on, ms. */
const WHOLE_WAY_MS = [
  8048, 7068, 4442, 3708, 2668, 1930, 1800, 1520, 878, 618, 428, 365, 260, 255, 250, 240, 230, 220, 210, 200,
];
const WHOLE_WAY = 15;

class FredorchFirmware implements Firmware {
  readonly #registers = new Map<number, number>();
  #program: { readonly speed: number; readonly place: number } | undefined;

  constructor(private readonly toy: Toy) {}

  write(endpoint: string, data: Uint8Array): void {
    const bytes = Buffer.from(data);
    if (endpoint !== 'tx' || bytes.length < 8 || bytes[0] !== 0x01) return;
    if (bytes.readUInt16LE(bytes.length - 2) !== crc16(bytes.subarray(0, -2))) return;
    const register = bytes.readUInt16BE(2);
    const isSingle = bytes[1] === 0x06 && bytes.length === 8;
    const isProgram = bytes[1] === 0x10 && bytes.length === 19 && register === PROGRAM && bytes[6] === 10;
    if (!isSingle && !isProgram) return;
    this.toy.notify('rx', data);
    if (isSingle) this.#registers.set(register, bytes.readUInt16BE(4));
    // Both steps of the program lead to the same place, so one is looked at.
    else this.#program = { speed: bytes.readUInt16BE(7), place: bytes.readUInt16BE(11) / 10 };
    // A new program takes over from one that goes on for ever; one that ran once is over.
    if (register === RUNS || (isProgram && this.#registers.get(REPEATS) === 1)) this.#run();
  }

  #run(): void {
    if (!this.#program || ![MODE, RUNS].every((register) => this.#registers.get(register) === 1)) return;
    const { speed, place } = this.#program;
    const fullMs = WHOLE_WAY_MS[speed - 1];
    if (fullMs === undefined || place > WHOLE_WAY) return;
    this.toy.move(0, place, (fullMs * Math.abs(place - this.toy.position(0))) / WHOLE_WAY);
  }
}

/** Speaks Modbus, echoes what it takes, and moves once its program runs. */
export const fredorchFirmware: FirmwareDefinition = {
  protocol: 'fredorch',
  advertisedName: () => 'YXlinksSPP',
  create: (toy) => new FredorchFirmware(toy),
};
