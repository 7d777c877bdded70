import type { FirmwareDefinition } from '../firmware.js';

/** Three bytes: `01`, goal, code of the speed. Speed 0 halts the toy where it is. */
export const serveuFirmware: FirmwareDefinition = {
  protocol: 'serveu',
  advertisedName: () => 'ServeU',
  create(toy) {
    return {
      write(endpoint, data) {
        const [command, goal = 0, code = 0] = data;
        if (endpoint !== 'tx' || data.length !== 3 || command !== 0x01 || goal > 100 || code > 250) return;
        if (code === 0) toy.set(0, 'HwPositionWithDuration', toy.position(0));
        else toy.move(0, goal, (1000 * Math.abs(goal - toy.position(0))) / unitsPerSecond(code));
      },
    };
  },
};

function unitsPerSecond(code: number): number {
  if (code <= 25) return 2 * code;
  if (code <= 200) return 50 + 4 * (code - 25);
  return 750 + 25 * (code - 200);
}
