import type { FirmwareDefinition } from '../firmware.js';

export const activejoyFirmware: FirmwareDefinition = {
  protocol: 'activejoy',
  advertisedName: () => 'SS-TD-YDTD-001',
  create: (toy) => ({
    write(endpoint, data) {
      const [header, mode, variant, motor, isOn, level = 0] = data;
      if (endpoint !== 'tx' || data.length !== 6 || header !== 0xb0 || mode !== 0x01 || variant !== 0x00) return;
      if (motor === 0) toy.set(0, 'Vibrate', isOn === 0x01 ? level : 0);
    },
  }),
};
