import type { FirmwareDefinition } from '../firmware.js';

/** Which sides each byte turns on. */
const SIDES: ReadonlyMap<number, readonly [left: number, right: number]> = new Map([
  [0x0b, [1, 1]],
  [0x0c, [1, 0]],
  [0x0d, [0, 1]],
  [0x0f, [0, 0]],
]);

export const htkBmFirmware: FirmwareDefinition = {
  protocol: 'htk_bm',
  advertisedName: () => 'HTK-BLE-BM001',
  create: (toy) => ({
    write(endpoint, data) {
      const sides = endpoint === 'tx' && data.length === 1 ? SIDES.get(data[0] ?? 0) : undefined;
      sides?.forEach((level, side) => {
        toy.set(side, 'Vibrate', level);
      });
    },
    read: (endpoint) => (endpoint === 'rxblebattery' ? Uint8Array.of(toy.battery) : undefined),
  }),
};
