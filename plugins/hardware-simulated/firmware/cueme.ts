import type { FirmwareDefinition } from '../firmware.js';

/** One byte: the motor, counted from one, and its level. */
export const cuemeFirmware: FirmwareDefinition = {
  protocol: 'cueme',
  advertisedName: (identifier) => `FUNCODE_EBD8A0CFE5E0_${identifier}`,
  create(toy) {
    const motors = toy.identifier === '3' ? 4 : 8;
    return {
      write(endpoint, data) {
        const [byte = 0] = data;
        const motor = byte >> 4;
        if (endpoint !== 'tx' || data.length !== 1 || motor < 1 || motor > motors) return;
        toy.set(motor - 1, 'Vibrate', byte & 0x0f);
      },
    };
  },
};
