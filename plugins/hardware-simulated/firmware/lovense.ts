import type { OutputType } from 'pulsegate/plugin';
import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';

/** The motors of a toy by its letters, in the order in which numbered commands count them. All others have one vibrator. */
const MOTORS: Readonly<Record<string, readonly OutputType[]>> = {
  A: ['Vibrate', 'Rotate'],
  B: ['Vibrate', 'Constrict'],
  BA: ['Oscillate'],
  C: ['Vibrate', 'Rotate'],
  EA: ['Vibrate', 'Oscillate'],
  EB: ['Vibrate', 'Vibrate'],
  'EI-FW3': ['Vibrate', 'Vibrate', 'Rotate'],
  EL: ['Vibrate', 'Rotate'],
  F: ['Oscillate'],
  FS: ['Oscillate'],
  H: ['Oscillate'],
  J: ['Vibrate', 'Vibrate'],
  N: ['Vibrate', 'Vibrate'],
  OC: ['Vibrate', 'Vibrate'],
  P: ['Vibrate', 'Vibrate'],
  U: ['Vibrate', 'Vibrate', 'Vibrate'],
  WD: ['Vibrate', 'Oscillate'],
};
const STROKERS = new Set(['H', 'BA']);
const FULL_SPEED = 20;
const FULL_AIR = 3;

class LovenseFirmware implements Firmware {
  readonly #motors: readonly OutputType[];
  readonly #levels: number[];
  #reversed = false;
  #unfinished = '';

  constructor(private readonly toy: Toy) {
    this.#motors = MOTORS[toy.identifier] ?? ['Vibrate'];
    this.#levels = this.#motors.map(() => 0);
  }

  write(endpoint: string, data: Uint8Array): void {
    if (endpoint !== 'tx') return;
    const commands = (this.#unfinished + String.fromCharCode(...data)).split(';');
    this.#unfinished = commands.pop() ?? '';
    for (const command of commands) {
      const answer = this.#obey(command);
      if (answer !== undefined) this.#say(`${answer};`);
    }
  }

  /** The answer to a command; undefined when it means nothing to this toy. */
  #obey(command: string): string | undefined {
    const [word = '', ...numbers] = command.split(':');
    const first = Number(numbers[0]);
    const { identifier } = this.toy;
    if (word === 'DeviceType') return `${identifier === 'EI-FW3' ? 'EI:03' : `${identifier}:02`}:0082059AD3BD`;
    if (word === 'Battery') return `${this.#levels.some((level) => level !== 0) ? 's' : ''}${this.toy.battery}`;
    if (word === 'RotateChange') return this.#turn(this.#levels[1] ?? 0, !this.#reversed);
    if (word === 'Mply') return this.#multiply(numbers.map(Number));
    if (word === 'Air' && numbers[0] === 'Level') return this.#run(['Constrict'], Number(numbers[1]), FULL_AIR);
    if (word === 'FSetSite' && identifier === 'BA') return this.#go(first);
    if (word === 'Rotate') return this.#turn(first, this.#reversed && first !== 0);
    if (word === 'Vibrate') return this.#run(['Vibrate', 'Oscillate'], first, FULL_SPEED);
    const motor = /^Vibrate([1-9])$/.exec(word)?.[1];
    return motor === undefined ? undefined : this.#set(Number(motor) - 1, first, FULL_SPEED);
  }

  /** Every motor of one of these types. */
  #run(types: readonly OutputType[], level: number, full: number): string | undefined {
    const places = this.#motors.flatMap((type, place) => (types.includes(type) ? [place] : []));
    return places.map((place) => this.#set(place, level, full)).at(0);
  }

  #set(place: number, level: number, full: number): string | undefined {
    const type = this.#motors[place];
    if (type === undefined || !Number.isInteger(level) || level < 0 || level > full) return undefined;
    this.#levels[place] = level;
    this.toy.set(place, type, level);
    return 'OK';
  }

  #turn(speed: number, reversed: boolean): string | undefined {
    const place = this.#motors.indexOf('Rotate');
    if (place < 0 || !Number.isInteger(speed) || speed < 0 || speed > FULL_SPEED) return undefined;
    this.#levels[place] = speed;
    this.#reversed = reversed;
    this.toy.set(place, 'Rotate', reversed && speed !== 0 ? -speed : speed);
    return 'OK';
  }

  /** One level for each motor, -1 leaves one as it is; strokers take speed and length of the stroke instead. */
  #multiply(levels: readonly number[]): string | undefined {
    const meant = STROKERS.has(this.toy.identifier) ? levels.slice(0, 1) : levels;
    const done = meant.map((level, place) => (level === -1 ? 'OK' : this.#set(place, level, FULL_SPEED)));
    return done.includes('OK') ? 'OK' : undefined;
  }

  #go(site: number): string | undefined {
    if (!Number.isInteger(site) || site < 0 || site > 100) return undefined;
    this.toy.move(0, site, 100);
    return 'OK';
  }

  #say(text: string): void {
    this.toy.notify(
      'rx',
      Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
    );
  }
}

/** Text commands, each ended by a semicolon and answered by one. */
export const lovenseFirmware: FirmwareDefinition = {
  protocol: 'lovense',
  advertisedName: (identifier) => `LVS-${identifier.replace('-FW3', '')}36`,
  create: (toy) => new LovenseFirmware(toy),
};
