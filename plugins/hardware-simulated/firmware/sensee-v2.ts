import type { FirmwareDefinition, Toy } from '../firmware.js';

type Kind = 'Vibrate' | 'Oscillate' | 'Constrict';

const KINDS: readonly Kind[] = ['Vibrate', 'Oscillate', 'Constrict'];
const MOTORS: Readonly<Record<string, readonly Kind[]>> = {
  'Easylive NO8 Cup': ['Vibrate', 'Oscillate'],
  CCP322S5: ['Vibrate', 'Oscillate'],
  CTY508S5: ['Vibrate', 'Oscillate'],
  CCP324S2: ['Vibrate', 'Oscillate'],
  CTY916S4: ['Oscillate', 'Vibrate'],
  'qingnan#16': ['Constrict'],
  CCPB22S5: ['Vibrate', 'Oscillate', 'Constrict'],
};
const USUAL: readonly Kind[] = ['Vibrate', 'Constrict'];

interface Setting {
  readonly index: number;
  readonly kind: Kind;
  readonly level: number;
}

/** Reads sections of kind, count, and number and level of each motor; undefined when they are not what the toy has. */
function readSections(payload: Uint8Array, motors: readonly Kind[]): readonly Setting[] | undefined {
  const settings: Setting[] = [];
  let place = 1;
  for (let section = 0; section < (payload[0] ?? 0); section += 1) {
    const kind = KINDS[payload[place] ?? KINDS.length];
    const indexes = [...motors.keys()].filter((index) => motors[index] === kind);
    if (kind === undefined || payload[place + 1] !== indexes.length) return undefined;
    place += 2;
    for (const [position, index] of indexes.entries()) {
      const level = payload[place + 1] ?? 0;
      if (payload[place] !== position + 1 || level > 100) return undefined;
      settings.push({ index, kind, level });
      place += 2;
    }
  }
  return place === payload.length ? settings : undefined;
}

/** `55 aa f0 02 00`, count of the bytes that follow, type of toy, `f1`, sections, two zeros. It tells its type when read. */
function firmware(toy: Toy) {
  const motors = MOTORS[toy.identifier] ?? USUAL;
  const type = motors === USUAL ? 0x66 : 0x65;
  const head = [0x55, 0xaa, 0xf0, 0x02, 0x00];
  return {
    write(endpoint: string, data: Uint8Array) {
      if (endpoint !== 'tx' || head.some((byte, place) => data[place] !== byte)) return;
      if (data[5] !== data.length - 6 || data[6] !== type || data[7] !== 0xf1) return;
      for (const { index, kind, level } of readSections(data.subarray(8, -2), motors) ?? [])
        toy.set(index, kind, level);
    },
    read: (endpoint: string) =>
      endpoint === 'tx'
        ? Uint8Array.of(0x55, 0xaa, 0xf0, 0x02, 0x01, 0x0a, type, 0xfa, 0x01, 0, 0, 0x01, 0xff, 0x05, 0xa6)
        : undefined,
  };
}

export const senseeV2Firmware: FirmwareDefinition = { protocol: 'sensee-v2', create: firmware };
