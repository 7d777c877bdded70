import type { FirmwareDefinition } from '../firmware.js';

export const kiirooProwandFirmware: FirmwareDefinition = {
  protocol: 'kiiroo-prowand',
  advertisedName: (identifier) => (identifier === 'Luxus' ? identifier : 'ProWand'),
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, third, on, level = 0, again] = data;
      if (endpoint !== 'tx' || data.length !== 6 || first !== 0 || second !== 0 || third !== 0x64) return;
      if (level === again && on === (level > 0 ? 0xff : 0)) toy.set(0, 'Vibrate', level);
    },
  }),
};
