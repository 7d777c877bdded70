import type { FirmwareDefinition } from '../firmware.js';

/** Turns a byte of four speeds into a signed one: the lower two are anticlockwise. */
const turn = (byte: number) => (byte > 2 ? byte - 2 : -byte);

export const nexusRevoFirmware: FirmwareDefinition = {
  protocol: 'nexus-revo',
  advertisedName: () => 'XW-LW3',
  create: (toy) => ({
    write(endpoint, data) {
      const [header, all, motor, , rotation = 0, speed = 0] = data;
      if (endpoint !== 'tx' || data.length !== 6 || header !== 0xaa) return;
      if (all === 0x01 && motor === 0x01 && speed <= 10) toy.set(0, 'Vibrate', speed);
      if (all === 0x01 && motor === 0x02 && rotation <= 4) toy.set(1, 'Rotate', turn(rotation));
      if (data.subarray(1).some((byte) => byte !== 0)) return;
      toy.set(0, 'Vibrate', 0);
      toy.set(1, 'Rotate', 0);
    },
  }),
};
