import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';

/** Nine bytes: `00 02 00 05`, on (02) or off (01), level, `01`, `00`, checksum. */
function surge(toy: Toy): Firmware {
  return {
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length !== 9) return;
      const [number, version, , length, mode, level = 0, , , sum] = data;
      if (number !== 0x00 || version !== 0x02 || length !== 0x05) return;
      if (mode === 0x01 && sum === 0xfc) toy.set(0, 'Vibrate', 0);
      if (mode === 0x02 && level <= 4 && sum === 0xfd - level) toy.set(0, 'Vibrate', level);
    },
  };
}

/** Five bytes: `aa 02`, which motor, level, checksum. */
export const tryfunFirmware: FirmwareDefinition = {
  protocol: 'tryfun',
  advertisedName: (identifier) => (identifier === 'TF-SPRAY' ? identifier : 'TRYFUN-ONE'),
  create(toy) {
    if (toy.identifier === 'TF-SPRAY') return surge(toy);
    return {
      write(endpoint, data) {
        const [header, length, motor = 0, level = 0, sum] = data;
        if (endpoint !== 'tx' || data.length !== 5 || header !== 0xaa || length !== 0x02) return;
        if (level > 9 || sum !== 0x100 - motor - level) return;
        if (motor === 0x07) toy.set(0, 'Oscillate', level);
        if (motor === 0x08) toy.set(1, 'Rotate', level);
      },
    };
  },
};
