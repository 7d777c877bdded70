import type { FirmwareDefinition } from '../firmware.js';

/** Two numbers of 16 bits, low byte first: the left motor, then the right one. */
export const xinputFirmware: FirmwareDefinition = {
  protocol: 'xinput',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length !== 4) return;
      const motors = new DataView(data.buffer, data.byteOffset, data.byteLength);
      toy.set(1, 'Vibrate', motors.getUint16(0, true));
      toy.set(0, 'Vibrate', motors.getUint16(2, true));
    },
    read: (endpoint) => (endpoint === 'rx' ? Uint8Array.of(Math.round((toy.battery * 3) / 100)) : undefined),
  }),
};
