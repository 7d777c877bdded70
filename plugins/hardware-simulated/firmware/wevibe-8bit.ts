import type { FirmwareDefinition } from '../firmware.js';

const WITH_TWO_MOTORS = new Set(['Vector', 'Nova2', 'Nova_2', 'Nova 2']);
const STRONGEST: ReadonlyMap<string, number> = new Map([
  ...['Melt', 'Melt 2', 'Wand', 'Wand 2'].map((name): [string, number] => [name, 22]),
  ...['Bond', 'Nelson', 'Nova2', 'Nova_2', 'Nova 2'].map((name): [string, number] => [name, 27]),
]);

/** Eight bytes: `0f`, mode, `00`, external and internal level, each three too high, which motors run, two zeros. */
export const wevibe8bitFirmware: FirmwareDefinition = {
  protocol: 'wevibe-8bit',
  create(toy) {
    const strongest = STRONGEST.get(toy.identifier) ?? 12;
    return {
      write(endpoint, data) {
        const [header, mode, , external = 0, internal = 0, running = 0] = data;
        if (endpoint !== 'tx' || data.length !== 8 || header !== 0x0f) return;
        const motors = mode === 0x03 ? running : 0;
        if (internal - 3 > strongest || external - 3 > strongest) return;
        toy.set(0, 'Vibrate', motors & 1 ? internal - 3 : 0);
        if (WITH_TWO_MOTORS.has(toy.identifier)) toy.set(1, 'Vibrate', motors & 2 ? external - 3 : 0);
      },
    };
  },
};
