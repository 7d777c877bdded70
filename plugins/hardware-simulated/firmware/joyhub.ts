import type { OutputType } from 'pulsegate/plugin';
import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';

/** Which parts a toy has, each a letter and its index. A toy that is not listed has one vibrator. */
const LAYOUTS: Readonly<Record<string, string>> = {
  'o0 v1': `
    J-Firedragon J-Pathfinder2 J-Pathfinder J-Euphoric2 J-Rhythmic4 J-Flamewing J-Fabledragon J-Faunus J-Pau
    J-Petalwish3 J-Marcela J-Rosethorn2 J-Veeva2
  `,
  'v0 v1': `
    J-VibTrefoil J-VibRipple J-Verax J-VelvetRabbit J-VioletVine J-Veemy J-Torin J-Royaleye J-Vince J-Troi
    J-Tanmouth
  `,
  'v0 r1': 'J-Piet2 J-Panther J-PetiteRose J-Verax2 J-Viele3 J-Torque J-Victor J-Pyro',
  'r0 v1': 'J-Pearlconch J-PearlconchL J-Morningbuds2 J-Pipes J-Punch',
  'v0 v1 o2': 'J-Vbarbie3f J-VibSiren2 J-Vase J-Vigo J-Pak',
  'o0 v2': 'J-Petalwish2 J-Pathfinder3 J-Perseus J-Pinhead',
  o0: 'J-Pul J-Mars J-Martino J-Maelstrom',
  'v0 o1': 'J-VividPulse J-Palmyra J-Pyt J-Pogo',
  'v0 l6': 'J-Rainbow J-Peacock',
  'v0 v1 o2 t6': 'J-VibSiren J-VBarbie2t',
  'v0 c4': 'J-MarsLion J-MarsLion2 J-Myrna',
  'v0 c5 t6': 'J-MoonHorn J-Mace2 J-Mecha',
  'v0 c5': 'J-Lagoon J-LACH J-Marshal',
  'v0 r1 c5': 'J-Virtuoso2 J-VortexTongue2 J-ROSEBUD',
  'o0 v1 t6': 'J-Dyllis J-Dallin',
  'v0 v1 v2': 'J-Vortex2s J-Verax4',
  'v0 v1 t6': 'J-VBarbiep J-Vbarbie',
  o3: 'J-Ringstar J-RapidTwist2',
  'v0 r1 c4': 'J-VortexTongue J-RoseVore',
  'r0 c4': 'J-Mysticolor J-Mariner',
  'v0 o2': 'J-VividWings',
  'v0 o2 t6': 'J-DukeDazzle2',
  'v0 v2': 'J-Vase2',
  'o0 v1 v2': 'J-Dina',
  'v0 v1 v2 t6': 'J-CHERLY2c',
  'v0 o1 v2 t6': 'J-Viball',
  'v0 o1 t6': 'J-Xylia',
  'r0 c5': 'J-Maiden',
  'v0 r1 o2': 'J-Vita',
  'o0 v2 c5': 'J-Markel',
  'o0 r1': 'J-Mighty',
  'v0 r3 c4': 'J-RoseLin',
  'r0 v2 v3': 'J-Viele',
  'r3 c4': 'J-MowgliII',
  'r2 c4': 'J-Virtuoso',
  'v1 c5 t6': 'J-Melody',
  'r0 v3 c5': 'J-Mirage3',
  'o0 v1 s7': 'J-Dodge',
  'v0 o1 c4': 'J-MaxSensr',
  'o0 v1 t5': 'J-Diego',
  'r0 v1 v2': 'J-VeeLips',
};

const LETTERS: Readonly<Record<string, OutputType>> = {
  v: 'Vibrate',
  o: 'Oscillate',
  r: 'Rotate',
  c: 'Constrict',
  t: 'Temperature',
  l: 'Led',
  s: 'Spray',
};

function partsOf(identifier: string): ReadonlyMap<number, OutputType> {
  const found = Object.entries(LAYOUTS).find(([, toys]) => toys.split(/\s+/).includes(identifier));
  const parts = new Map<number, OutputType>();
  for (const part of (found?.[0] ?? 'v0').split(' ')) {
    const type = LETTERS[part.charAt(0)];
    if (type) parts.set(Number(part.slice(1)), type);
  }
  return parts;
}

class JoyhubFirmware implements Firmware {
  readonly #parts: ReadonlyMap<number, OutputType>;

  constructor(private readonly toy: Toy) {
    this.#parts = partsOf(toy.identifier);
  }

  write(endpoint: string, data: Uint8Array): void {
    const [header, kind, first = 0, , level = 0] = data;
    if (endpoint !== 'tx' || header !== 0xa0) return;
    if (kind === 0x03 && data.length === 7 && data[6] === 0xaa) this.#runMotors(data.subarray(2, 6));
    if (data.length !== 6) return;
    if (kind === 0x04) this.#setAll('Temperature', first);
    else if (kind === 0x07) this.#pump(4, first === 0 ? 0 : level);
    else if (kind === 0x0d) this.#pump(5, level);
    else if (kind === 0x14) this.#setAll('Led', first);
    else if (kind === 0x24) this.#setAll('Spray', first);
  }

  #runMotors(levels: Uint8Array): void {
    for (const [index, level] of levels.entries()) {
      const type = this.#parts.get(index);
      if (type) this.toy.set(index, type, level);
    }
  }

  #pump(index: number, level: number): void {
    if (this.#parts.get(index) === 'Constrict') this.toy.set(index, 'Constrict', level);
  }

  #setAll(wanted: OutputType, level: number): void {
    for (const [index, type] of this.#parts) {
      if (type === wanted) this.toy.set(index, type, level);
    }
  }
}

/** Packets begin with `a0` and a function: 03 all motors, 07 and 0d the two pumps, 04 heater, 14 light, 24 spray. */
export const joyhubFirmware: FirmwareDefinition = {
  protocol: 'joyhub',
  create: (toy) => new JoyhubFirmware(toy),
};
