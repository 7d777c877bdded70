import type { FirmwareDefinition } from '../firmware.js';

export const mizzzeeFirmware: FirmwareDefinition = {
  protocol: 'mizzzee',
  advertisedName: () => 'NFY008',
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, length, command, isOn, speed = 0] = data;
      if (endpoint !== 'tx' || data.length !== 6 || first !== 0x69 || second !== 0x96) return;
      if (length !== 0x03 || command !== 0x01) return;
      // The maker's app asks for more than the motor has.
      toy.set(0, 'Vibrate', isOn === 0x01 ? Math.min(speed, 68) : 0);
    },
  }),
};
