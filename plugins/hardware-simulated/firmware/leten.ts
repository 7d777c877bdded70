import type { FirmwareDefinition } from '../firmware.js';

export const letenFirmware: FirmwareDefinition = {
  protocol: 'leten',
  advertisedName: () => 'F537-LT',
  create: (toy) => ({
    write(endpoint, [command, value]) {
      if (endpoint !== 'tx') return;
      if (command === 0x02 && value !== undefined && value <= 25) toy.set(0, 'Vibrate', value);
      // The maker's app greets in two steps, each of which the toy answers.
      if (command === 0x04 && value === 0x00) toy.notify('rx', Uint8Array.of(0x01));
      if (command === 0x04 && value === 0x01) toy.notify('rx', Uint8Array.of(0x0a));
    },
  }),
};
