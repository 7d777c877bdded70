import type { FirmwareDefinition } from '../firmware.js';

export const mymuselinkplusFirmware: FirmwareDefinition = {
  protocol: 'mymuselinkplus',
  advertisedName: () => 'MM Massager',
  create: (toy) => ({
    write(endpoint, data) {
      const [first, second, length, command, fifth, sixth, strength = 0, last] = data;
      if (endpoint !== 'tx' || data.length !== 8 || first !== 0xaa || second !== 0x55 || length !== 0x06) return;
      if (command === 0xaa && data.subarray(4).every((byte) => byte === 0)) toy.set(0, 'Vibrate', 0);
      if (command !== 0x01 || fifth !== 0x01 || sixth !== 0x01 || last !== 0xff) return;
      if (strength >= 1 && strength <= 3) toy.set(0, 'Vibrate', strength);
    },
  }),
};
