import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';

const WITH_TWO_MOTORS = new Set(['MP2_JK_N_P1', 'MP_MW_TL_P2', 'MP2_QC_TL_P1', 'MP_BABY_QC_N_P4', 'MP_SUCKBANG_P5']);
const WITH_THREE_MOTORS = 'TDG_CRAYBIT_PT';
/** One of four keys, and what has to be mixed with it. */
const CHALLENGE = [0x02, 0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd];
const KEY = Buffer.from('SIS6SIS6SIS6SIS');

class MonsterpubFirmware implements Firmware {
  readonly #motors: number;
  #trusts = false;

  constructor(private readonly toy: Toy) {
    const { identifier } = toy;
    this.#motors = identifier === WITH_THREE_MOTORS ? 3 : WITH_TWO_MOTORS.has(identifier) ? 2 : 1;
  }

  write(endpoint: string, data: Uint8Array): void {
    if (endpoint === 'rx') {
      this.#trusts =
        data.length === KEY.length && KEY.every((byte, at) => data[at] === (byte ^ (CHALLENGE[at + 1] ?? 0)));
    }
    if (!this.#trusts) return;
    if (endpoint === 'txvibrate' || endpoint === 'tx') this.#run(data);
    if (endpoint === 'txmode' && data[0] === 0) this.#run(new Uint8Array(this.#motors));
    if (endpoint === 'generic0' && data[0] === 0x03) this.#run(data.subarray(1));
  }

  read(endpoint: string): Uint8Array | undefined {
    if (endpoint === 'rxblemodel') return Buffer.concat([Buffer.from(this.toy.identifier), Buffer.alloc(2)]);
    return endpoint === 'rx' ? Uint8Array.from(CHALLENGE) : undefined;
  }

  #run(levels: Uint8Array): void {
    if (levels.length !== this.#motors || levels.some((level) => level > 100)) return;
    for (const [motor, level] of levels.entries()) {
      const isThruster = motor === 0 && this.toy.identifier === 'MP_SUCKBANG_P5';
      this.toy.set(motor, isThruster ? 'Oscillate' : 'Vibrate', level);
    }
  }
}

/** Tells its model padded with zeros, and runs its motors only for those who answer its challenge. */
export const monsterpubFirmware: FirmwareDefinition = {
  protocol: 'monsterpub',
  advertisedName: () => 'MonsterPub',
  create: (toy) => new MonsterpubFirmware(toy),
};
