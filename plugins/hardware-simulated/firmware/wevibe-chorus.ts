import type { FirmwareDefinition } from '../firmware.js';

const WITH_ONE_MOTOR = new Set(['Sync Lite', 'Sync O']);

/** Eight bytes: `0f`, mode, `00`, internal and external level, which motors run, two zeros. */
export const wevibeChorusFirmware: FirmwareDefinition = {
  protocol: 'wevibe-chorus',
  advertisedName: (identifier) => (identifier.startsWith('Sync') ? identifier : 'Chorus'),
  create: (toy) => ({
    write(endpoint, data) {
      const [header, mode, , internal = 0, external = 0, running = 0] = data;
      if (endpoint !== 'tx' || data.length !== 8 || header !== 0x0f || internal > 30 || external > 30) return;
      const motors = mode === 0x03 ? running : 0;
      toy.set(0, 'Vibrate', motors & 1 ? internal : 0);
      if (!WITH_ONE_MOTOR.has(toy.identifier)) toy.set(1, 'Vibrate', motors & 2 ? external : 0);
    },
  }),
};
