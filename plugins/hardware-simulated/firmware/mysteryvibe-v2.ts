import type { FirmwareDefinition } from '../firmware.js';
import { mysteryvibeToy } from './mysteryvibe.js';

const MOTORS: ReadonlyMap<string, number> = new Map([
  ['6907 MV1', 3],
  ['6908 MV1', 6],
  ['6909 MV1', 4],
  ['6909 MV2', 4],
  ['6914 MV1', 4],
  ['6915 MV1', 1],
]);

export const mysteryvibeV2Firmware: FirmwareDefinition = {
  protocol: 'mysteryvibe-v2',
  create: (toy) => mysteryvibeToy(toy, [0x03, 0x02, 0x40], MOTORS.get(toy.identifier) ?? 3),
};
