import type { OutputType } from 'pulsegate/plugin';
import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';

const HEADER = 0xcc;
const FIRST_MOTOR = 0x03;
const SECOND_MOTOR = 0x05;
const DIRECTION = 0x01;
const COUNTER_CLOCKWISE = 0xc1;
const SPRAY = 0x0b;

/** What the first and the second motor do; every other machine has one that oscillates. */
const MOTORS: Readonly<Record<string, readonly OutputType[]>> = {
  2101: ['Constrict', 'Vibrate'],
  2201: ['Constrict', 'Vibrate'],
  2202: ['Oscillate', 'Vibrate'],
  2204: ['Oscillate', 'Constrict'],
  2205: ['Rotate'],
  3101: ['Vibrate', 'Vibrate'],
  3102: ['Oscillate', 'Vibrate'],
  4002: [],
};

const NAMES: Readonly<Record<string, string>> = {
  1501: 'PleasureDrive',
  2101: 'Eropair Cup',
  2201: 'Sinloli',
  2202: 'Sinloli-Ethel',
  2204: 'Sinloli Cosima',
  2205: 'Sinloli Aston',
  3101: 'Eropair Rabbit',
  3102: 'Eropair Dildo',
  4001: 'Auxfun-Box',
  4002: 'Hismith Piupiu',
};

class HismithMiniFirmware implements Firmware {
  readonly #motors: readonly OutputType[];
  #turning = 0;
  #clockwise = true;

  constructor(private readonly toy: Toy) {
    this.#motors = MOTORS[toy.identifier] ?? ['Oscillate'];
  }

  write(endpoint: string, data: Uint8Array): void {
    const [header, kind = 0, value = 0, sum] = data;
    if (endpoint !== 'tx' || data.length !== 4 || header !== HEADER || sum !== ((kind + value) & 0xff)) return;
    if (kind === FIRST_MOTOR) this.#run(0, value);
    else if (kind === SECOND_MOTOR) this.#run(1, value);
    else if (kind === DIRECTION) this.#turn(this.#turning, value !== COUNTER_CLOCKWISE);
    else if (kind === SPRAY && this.toy.identifier === '4002') this.#spray();
  }

  read(endpoint: string): Uint8Array | undefined {
    return endpoint === 'rxblemodel' ? Uint8Array.from(Buffer.from(this.toy.identifier, 'hex')) : undefined;
  }

  #run(place: number, level: number): void {
    const type = this.#motors[place];
    if (type === undefined || level > 100) return;
    if (type === 'Rotate') this.#turn(level, this.#clockwise);
    else this.toy.set(place, type, level);
  }

  #turn(speed: number, clockwise: boolean): void {
    if (this.#motors[0] !== 'Rotate') return;
    this.#turning = speed;
    this.#clockwise = clockwise;
    this.toy.set(0, 'Rotate', clockwise || speed === 0 ? speed : -speed);
  }

  /** Over as soon as it began. */
  #spray(): void {
    this.toy.set(0, 'Spray', 1);
    this.toy.set(0, 'Spray', 0);
  }
}

/** Four bytes: `cc`, motor or function, value, sum of those two. */
export const hismithMiniFirmware: FirmwareDefinition = {
  protocol: 'hismith-mini',
  advertisedName: (identifier) => NAMES[identifier] ?? 'HISMITH S1',
  create: (toy) => new HismithMiniFirmware(toy),
};
