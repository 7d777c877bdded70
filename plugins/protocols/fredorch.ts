import {
  ask,
  bluetooth,
  byType,
  type DeviceContext,
  DeviceError,
  defineProtocol,
  features,
  otherwise,
  packet,
  timedPosition,
} from 'pulsegate/plugin';
import { crc16Modbus } from './crc16-modbus.js';
import { strokesBySpeed } from './strokes.js';

/** How long the machine may take to wake up, and to echo a packet, ms. */
const ECHO_MS = 500;
const HIGHEST = 15;
const FASTEST = 20;

/** How long each speed from 1 to 19 takes, ms: a row for each distance from 1 on. */
const DURATIONS_MS = [
  [1000, 800, 400, 235, 200, 172, 155, 92, 60, 45, 38, 34, 32, 28, 27, 26, 25, 24, 23],
  [1500, 1000, 800, 680, 600, 515, 425, 265, 165, 115, 80, 70, 50, 48, 45, 35, 34, 33, 32],
  [2500, 2310, 1135, 925, 792, 695, 565, 380, 218, 155, 105, 82, 70, 68, 65, 60, 48, 45, 43],
  [3000, 2800, 1500, 1155, 965, 810, 690, 465, 260, 195, 140, 110, 85, 75, 74, 73, 70, 65, 60],
  [3400, 3232, 2305, 1380, 1200, 1165, 972, 565, 328, 235, 162, 132, 98, 78, 75, 74, 73, 72, 71],
  [3500, 3350, 2500, 1640, 1250, 1210, 1010, 645, 385, 275, 175, 160, 115, 95, 91, 90, 85, 80, 77],
  [3600, 3472, 2980, 2060, 1560, 1275, 1132, 738, 430, 310, 230, 170, 128, 122, 110, 108, 105, 103, 101],
  [3800, 3500, 3055, 2105, 1740, 1370, 1290, 830, 490, 355, 235, 195, 150, 140, 135, 132, 130, 125, 120],
  [3900, 3518, 3190, 2315, 2045, 1510, 1442, 1045, 552, 392, 280, 225, 172, 145, 140, 138, 135, 134, 132],
  [6000, 5755, 3240, 2530, 2135, 1605, 1500, 1200, 595, 425, 285, 245, 175, 170, 160, 155, 150, 145, 142],
  [6428, 5872, 3335, 2780, 2270, 1782, 1590, 1310, 648, 470, 315, 255, 182, 180, 175, 172, 170, 162, 160],
  [6730, 5950, 3490, 2995, 2395, 1890, 1650, 1350, 700, 500, 350, 290, 220, 190, 185, 180, 175, 170, 165],
  [6962, 6122, 3880, 3205, 2465, 1900, 1700, 1400, 835, 545, 375, 310, 228, 195, 190, 185, 182, 181, 180],
  [7945, 6365, 4130, 3470, 2505, 1910, 1755, 1510, 855, 580, 400, 330, 235, 210, 205, 200, 195, 190, 185],
  [8048, 7068, 4442, 3708, 2668, 1930, 1800, 1520, 878, 618, 428, 365, 260, 255, 250, 240, 230, 220, 210],
];

/** A Modbus request to the one unit there is. */
function request(bytes: readonly number[]): Uint8Array {
  const crc = crc16Modbus([0x01, ...bytes]);
  return Uint8Array.of(0x01, ...bytes, crc & 0xff, crc >> 8);
}

const register = (number: number, value: number) => request([0x06, 0x00, number, 0x00, value]);
const PROGRAM_MODE = 0x64;
const PROGRAM_RUNS = 0x69;
const PROGRAM_REPEATS = 0x6a;

/** In the machine's own positions. */
const PARTS_OF_STEP = 10;

/** A program of one step: both ends are the same place, so the machine goes there and stays. */
function program(speed: number, place: number): Uint8Array {
  const position = Math.round(place * PARTS_OF_STEP);
  return request([0x10, 0x00, 0x6b, 0x00, 0x05, 0x0a, 0, speed, 0, speed, 0, position, 0, position, 0, 0x01]);
}

const PREPARATION = [
  register(PROGRAM_MODE, 1),
  register(PROGRAM_RUNS, 0),
  program(5, 0),
  register(PROGRAM_RUNS, 1),
  register(PROGRAM_REPEATS, 1),
];

/** The slowest speed that arrives in time. */
function speedFor(distance: number, durationMs: number): number {
  if (distance === 0) return 0;
  const place = DURATIONS_MS[Math.ceil(distance) - 1]?.findIndex((takesMs) => takesMs < durationMs) ?? -1;
  return place < 0 ? FASTEST : place + 1;
}

/** How long the machine takes, ms; the last speed is taken for the one before it. */
function durationAt(speed: number, distance: number): number | undefined {
  const row = Math.max(Math.ceil(distance), 1);
  const takesMs = DURATIONS_MS[row - 1]?.[Math.min(speed, FASTEST - 1) - 1];
  return takesMs === undefined ? undefined : (takesMs * distance) / row;
}

async function prepare(context: DeviceContext): Promise<void> {
  const { link, model } = context;
  await link.subscribe('rx');
  const anything = () => true;
  await ask(context, { answerOn: 'rx', waitMs: ECHO_MS }, anything);
  for (const [step, data] of PREPARATION.entries()) {
    const send = { endpoint: 'tx', data };
    const echo = await ask(context, { send, answerOn: 'rx', waitMs: ECHO_MS }, anything);
    if (!echo)
      throw new DeviceError(`${model.name} did not take step ${step + 1} of its preparation within ${ECHO_MS} ms`);
  }
}

export const fredorch = defineProtocol({
  id: 'fredorch',
  brand: 'Fredorch',
  links: [bluetooth({ names: ['YXlinksSPP'], services: { ffb0: { tx: 'ffb1', rx: 'ffb2' } } })],
  models: [
    otherwise(
      'Fredorch Device',
      features(timedPosition(HIGHEST, 100_000, { id: 'd3985f07-f95a-4f72-859e-8b0ac76f251f' })),
      {
        id: 'cbd6a5b5-50c0-4fb5-93e3-408fd027ff4d',
      },
    ),
  ],
  async open(context) {
    await prepare(context);
    const stroker = strokesBySpeed(
      context.clock,
      { codeFor: speedFor, durationAt, partsOfStep: PARTS_OF_STEP, isHomed: true },
      ({ code, place }) => packet('device', program(code, place)),
    );
    return {
      ...stroker,
      output: byType({
        HwPositionWithDuration: (order, levels) =>
          stroker.output({ ...order, value: Math.min(order.value, HIGHEST) }, levels),
      }),
    };
  },
});
