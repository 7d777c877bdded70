import {
  bluetooth,
  type Clock,
  DeviceError,
  defineProtocol,
  features,
  model,
  otherwise,
  type ProtocolHandler,
  packet,
  perFeature,
  rotateBothWays,
  timedPosition,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';
import { strokesBySpeed } from './strokes.js';

type Encoder = ProtocolHandler['output'];
const CONFIRMED = { withResponse: true };

/** Clockwise has the top bit set, so that standing still is 0x80. */
const turn = (speed: number) => (speed < 0 ? -speed : 0x80 | speed);

/** Packets start with the kind of device, which only its name tells. */
function deviceByte(name: string, kinds: Readonly<Record<string, number>>): number {
  const kind = Object.entries(kinds).find(([part]) => name.toLowerCase().includes(part));
  if (!kind) throw new DeviceError(`"${name}" is not a Vorze device of the kind its definition says`);
  return kind[1];
}

/** The piston's speed for a move within `durationMs`; 0 for very slow ones. */
function pistonSpeed(distance: number, durationMs: number): number {
  if (distance === 0) return 100;
  const fullStrokeMs = (200 * durationMs) / Math.min(distance, 200);
  return Math.min(Math.trunc((fullStrokeMs / 6658) ** -1.21), 100);
}

/** How long the piston takes, ms; nobody has told what speed 0 does, and it is taken for the slowest. */
const pistonMs = (speed: number, distance: number) => (6658 * Math.max(speed, 1) ** (-1 / 1.21) * distance) / 200;

const piston = (clock: Clock) =>
  strokesBySpeed(
    clock,
    { codeFor: pistonSpeed, durationAt: pistonMs, resumesRepeated: true },
    ({ place, code }, { feature }) => packet(feature.index, [0x03, place, code], CONFIRMED),
  );

/** How each kind of device is driven, by its variant: the community's words, which users' own definitions repeat. */
const ENCODERS: Readonly<Record<string, (name: string) => Encoder>> = {
  'vorze-sa-single-rotator': (name) => {
    const kind = deviceByte(name, { cycsa: 0x01, ufo: 0x02 });
    return perFeature(({ value }) => [kind, 0x01, turn(value)], CONFIRMED);
  },
  'vorze-sa-dual-rotator': () => (_order, levels) => [
    packet('device', [0x05, turn(levels.get(0, 'Rotate')), turn(levels.get(1, 'Rotate'))], CONFIRMED),
  ],
  'vorze-sa-single-vibrator': (name) => {
    const kind = deviceByte(name, { bach: 0x06, rocket: 0x07 });
    return perFeature(({ value }) => [kind, 0x03, value], CONFIRMED);
  },
  'vorze-sa-dual-vibrator': (name) => {
    const kind = deviceByte(name, { omor: 0x09 });
    return wholeDevice((level) => [kind, level(0), level(1)], CONFIRMED);
  },
};

export const vorzeSa = defineProtocol({
  id: 'vorze-sa',
  brand: 'Vorze',
  corrections: [
    'The goal of a piston on its way, ordered again, is sent with the speed for the rest of the way; the reference engine sends the highest.',
  ],
  links: [
    bluetooth({
      names: ['Bach smart', 'CycSA', 'UFOSA', 'UFO-TW', 'VorzePiston', 'ROCKET', 'OMORFI', 'OMOR'],
      services: { '40ee1111-63ec-4b7f-8ce7-712efd55b90e': { tx: '40ee2222-63ec-4b7f-8ce7-712efd55b90e' } },
    }),
  ],
  models: [
    otherwise('Vorze Device', [], { id: '3ed42429-379c-4f48-926e-f297cbe69258' }),
    model('Bach smart', 'Vorze Bach', features(vibrate(100, { id: '447dbcfa-c295-4880-afba-93e24499a78d' })), {
      id: '2923a929-572c-472a-be12-ff5970f0b2b7',
      variant: 'vorze-sa-single-vibrator',
    }),
    model('ROCKET', 'Adult Festa Rocket', features(vibrate(100, { id: '557d3c89-2e15-4b4a-8480-07f4826a8384' })), {
      id: '756f590f-d2aa-4a4c-ac80-e4ac75a14f15',
      variant: 'vorze-sa-single-vibrator',
    }),
    model(
      'CycSA',
      'Vorze A10 Cyclone SA',
      features(rotateBothWays(99, { id: '8e249d53-8d80-4f42-bc40-e6edb7779e92' })),
      {
        id: '390a0e30-0b5f-4b6c-88b4-e4f16383b8a3',
        variant: 'vorze-sa-single-rotator',
      },
    ),
    model('UFOSA', 'Vorze UFO SA', features(rotateBothWays(99, { id: '2d8d1443-c394-4df4-b9bb-1659d8323b45' })), {
      id: '2ab3b09b-1020-4dcf-86f1-ecd9d5b40ce2',
      variant: 'vorze-sa-single-rotator',
    }),
    model(
      'UFO-TW',
      'Vorze UFO TW',
      features(
        rotateBothWays(99, { id: 'a1632ce4-314f-481d-9ae2-2a11a0c4caa4' }),
        rotateBothWays(99, { id: '4b09a02d-9a4a-4c8b-8340-8e6ca3cecfc2' }),
      ),
      { id: '32e92986-3ae4-45f3-9aec-05d6028f1cb7', variant: 'vorze-sa-dual-rotator' },
    ),
    model(
      'VorzePiston',
      'Vorze Piston',
      features(timedPosition(99, 100_000, { id: '7c8d7a1d-9e2f-4a92-83f3-42a0840b90bd' })),
      { id: 'b1b17b07-c5b8-4db4-97c4-ef1597cf2e59', variant: 'vorze-sa-piston' },
    ),
    model(
      ['OMORFI', 'OMOR'],
      'Vorze Omorfi',
      features(
        vibrate(99, { id: 'e6630f7f-42fe-4297-ac4c-1dd2f72c67ca' }),
        vibrate(99, { id: '5579d044-42db-432d-9333-46085b5b38bd' }),
      ),
      { id: 'aef03284-6d45-426a-b02c-efa7896d4865', variant: 'vorze-sa-dual-vibrator' },
    ),
  ],
  open({ model: { name, variant }, identifier, clock }) {
    if (variant === 'vorze-sa-piston') return piston(clock);
    const encoder = ENCODERS[variant ?? ''];
    if (!encoder) throw new DeviceError(`${name} ("${identifier}") is not a Vorze device this gateway can drive`);
    return { output: encoder(identifier) };
  },
});
