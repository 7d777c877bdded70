import type { FirmwareDefinition, Toy } from '../firmware.js';

/** Bit 7 set: clockwise. */
const turned = (byte: number) => (byte >= 0x80 ? byte - 0x80 : 0 - byte);

type Obey = (toy: Toy, second: number, third: number) => void;

const rotator: Obey = (toy, second, third) => {
  if (second === 0x01) toy.set(0, 'Rotate', turned(third));
};
const vibrator: Obey = (toy, second, third) => {
  if (second === 0x03) toy.set(0, 'Vibrate', third);
};

interface Kind {
  readonly firstByte: number;
  readonly obey: Obey;
}

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['CycSA', { firstByte: 0x01, obey: rotator }],
  ['UFOSA', { firstByte: 0x02, obey: rotator }],
  ['Bach smart', { firstByte: 0x06, obey: vibrator }],
  ['ROCKET', { firstByte: 0x07, obey: vibrator }],
  [
    'UFO-TW',
    {
      firstByte: 0x05,
      obey(toy, left, right) {
        toy.set(0, 'Rotate', turned(left));
        toy.set(1, 'Rotate', turned(right));
      },
    },
  ],
  ...['OMORFI', 'OMOR'].map((name): [string, Kind] => [
    name,
    {
      firstByte: 0x09,
      obey(toy, first, second) {
        toy.set(0, 'Vibrate', first);
        toy.set(1, 'Vibrate', second);
      },
    },
  ]),
]);

/** How long a piston moving at this speed takes for its 200 units of way, ms; speed 0 is taken for the slowest. */
const fullWayMs = (speed: number) => 6658 * Math.max(speed, 1) ** (-1 / 1.21);

const PISTON: Kind = {
  firstByte: 0x03,
  obey(toy, target, speed) {
    if (target > 200 || speed > 100) return;
    toy.move(0, target, (fullWayMs(speed) * Math.abs(target - toy.position(0))) / 200);
  },
};

export const vorzeSaFirmware: FirmwareDefinition = {
  protocol: 'vorze-sa',
  create(toy) {
    const kind = toy.identifier === 'VorzePiston' ? PISTON : KINDS.get(toy.identifier);
    return {
      write(endpoint, [first, second, third]) {
        if (endpoint !== 'tx' || first !== kind?.firstByte || second === undefined || third === undefined) return;
        kind?.obey(toy, second, third);
      },
    };
  },
};
