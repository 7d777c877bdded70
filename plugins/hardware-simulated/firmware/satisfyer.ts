import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';

const WITH_TWO_MOTORS = new Set([
  10006, 10009, 10011, 10013, 10014, 10015, 10024, 10025, 10027, 10028, 10030, 10031, 10046, 10047, 10048, 10049, 10050,
  10051, 10052, 10053, 10054, 10055, 10059, 10060, 10061, 10062, 10063, 10064, 10069, 10070, 10071, 10079, 10080, 10081,
  10082, 10100, 10101, 10102, 10103, 10104, 10109, 10111, 10140, 10142, 10143, 10144, 10145, 10160, 10161, 10162, 10163,
  10164, 10165, 10166, 10169, 10170, 10171, 10172, 10173, 10174, 10177, 10178, 10179, 10180, 10181, 10186, 10187, 10188,
  10190, 10191, 10196, 10197, 10198, 10203, 10204, 10241, 10242, 10307, 10308, 10309,
]);
const WITH_THREE_MOTORS = new Set([10065, 10066, 10067, 10068]);
const START = 0x01;
const PAUSE = 0x03;
const STOP = 0x07;

class SatisfyerFirmware implements Firmware {
  readonly #motors: number;
  #started = false;

  constructor(private readonly toy: Toy) {
    const model = Number(toy.identifier);
    this.#motors = WITH_THREE_MOTORS.has(model) ? 3 : WITH_TWO_MOTORS.has(model) ? 2 : 1;
  }

  write(endpoint: string, data: Uint8Array): void {
    if (endpoint === 'command') this.#switch(data[0]);
    else if (endpoint === 'tx' && this.#started && data.length === 4 * this.#motors) this.#run(data);
  }

  read(endpoint: string): Uint8Array | undefined {
    if (endpoint !== 'rxblemodel') return undefined;
    const answer = new DataView(new ArrayBuffer(4));
    answer.setUint32(0, Number(this.toy.identifier) || 0);
    return new Uint8Array(answer.buffer);
  }

  #switch(mode: number | undefined): void {
    if (mode === START) this.#started = true;
    if (mode !== PAUSE && mode !== STOP) return;
    this.#started = false;
    this.#run(new Uint8Array(4 * this.#motors));
  }

  /** Four bytes for each motor; the last of them is its speed. */
  #run(levels: Uint8Array): void {
    for (let motor = 0; motor < this.#motors; motor += 1) {
      this.toy.set(motor, 'Vibrate', Math.min(100, levels[4 * motor + 3] ?? 0));
    }
  }
}

/** Motors run only after the start command; the model is told as a number. */
export const satisfyerFirmware: FirmwareDefinition = {
  protocol: 'satisfyer',
  advertisedName: (identifier) => `SF ${identifier}`,
  create: (toy) => new SatisfyerFirmware(toy),
};
