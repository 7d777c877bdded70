import { createHash } from 'node:crypto';
import type { OutputType } from 'pulsegate/plugin';
import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';
import { crc16 } from './crc16.js';

const START = '02a55a55aaf0';
const END = 0x03;
const SECRET = Buffer.from('8be3fd0468350986121abf0330e9e3c5', 'hex');
const TOKEN = Buffer.from('5f3a90c2117e4488b6d00d2f9c61e873', 'hex');
/** What one notification carries. */
const PART_LENGTH = 20;

const ONE_MOTOR = new Set(['HPB-0520', 'HONEY-835', 'HPB-398', 'HPB-296', 'HBP-JXT001']);

function motorsOf(identifier: string): readonly OutputType[] {
  if (identifier === 'HPB-399') return ['Vibrate', 'Oscillate'];
  if (identifier === 'HPB-376-1') return ['Rotate', 'Oscillate'];
  return ONE_MOTOR.has(identifier) ? ['Vibrate'] : ['Vibrate', 'Vibrate'];
}

/** Type, command, length and data of a frame; undefined when it is none. */
function contentOf(packet: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(packet);
  if (bytes.length < 14 || bytes.toString('hex', 0, 6) !== START) return undefined;
  const content = bytes.subarray(7, -3);
  const isWhole = content.readUInt16BE(2) === content.length - 4 && bytes.at(-3) === END;
  return isWhole && bytes.readUInt16BE(bytes.length - 2) === crc16(content) ? content : undefined;
}

function framed(command: number, data: Uint8Array): Buffer {
  const content = Buffer.concat([Uint8Array.of(0xb1, command, 0, data.length), data]);
  const sum = crc16(content);
  return Buffer.concat([
    Buffer.from(START, 'hex'),
    Uint8Array.of(0),
    content,
    Uint8Array.of(END, sum >> 8, sum & 0xff),
  ]);
}

class HoneyPlayBoxFirmware implements Firmware {
  readonly #motors: readonly OutputType[];
  #isKnown = false;

  constructor(private readonly toy: Toy) {
    this.#motors = motorsOf(toy.identifier);
  }

  write(endpoint: string, packet: Uint8Array): void {
    const content = endpoint === 'tx' ? contentOf(packet) : undefined;
    if (content?.[0] !== 0xb1) return;
    if (content[1] === 0x01) this.#greet();
    if (content[1] === 0x03 && this.#isKnown) this.#run(content);
  }

  read(endpoint: string): Uint8Array | undefined {
    return endpoint === 'rxblebattery' ? Uint8Array.of(this.toy.battery) : undefined;
  }

  #greet(): void {
    this.#isKnown = true;
    const answer = framed(0x01, Buffer.concat([Uint8Array.of(0x90, 0x00), TOKEN]));
    for (let start = 0; start < answer.length; start += PART_LENGTH) {
      this.toy.notify('rx', answer.subarray(start, start + PART_LENGTH));
    }
  }

  #run(content: Buffer): void {
    const signature = content.subarray(-8);
    const digest = createHash('md5').update(content.subarray(0, -8)).update(SECRET).update(TOKEN).digest();
    const orders = content.subarray(4, -8);
    if (!digest.subarray(0, 8).equals(signature) || orders.length !== 8 * this.#motors.length) return;
    for (const [index, type] of this.#motors.entries()) {
      const order = orders.subarray(8 * index, 8 * index + 8);
      const strength = order[7] ?? 0;
      if (order[0] === index * 16 + 1 && strength <= 100) this.toy.set(index, type, strength);
    }
  }
}

/** Gives out a token first, and wants every order signed with it. */
export const honeyplayboxFirmware: FirmwareDefinition = {
  protocol: 'honeyplaybox',
  create: (toy) => new HoneyPlayBoxFirmware(toy),
};
