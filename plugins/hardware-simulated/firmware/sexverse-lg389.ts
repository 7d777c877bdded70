import type { FirmwareDefinition } from '../firmware.js';

/** Ten bytes: everything the toy does, with zeros in between. It needs a place to start from in order to oscillate. */
export const sexverseLg389Firmware: FirmwareDefinition = {
  protocol: 'sexverse-lg389',
  advertisedName: () => 'LG389',
  create: (toy) => ({
    write(endpoint, data) {
      const [start, command, vibration = 0, kind, anchor = 0, , range = 0, , oscillation = 0] = data;
      if (endpoint !== 'tx') return;
      if (start === 0xaa && command === 0x04) {
        toy.notify('rx', Uint8Array.of(0x55, 0x04, 0x01, 0x01, toy.battery, 0x00));
        return;
      }
      if (data.length !== 10 || start !== 0xaa || command !== 0x05 || kind !== 0x14) return;
      if (vibration > 3 || anchor > 3 || range > 4 || oscillation > 10) return;
      toy.set(0, 'Vibrate', vibration);
      toy.set(1, 'Oscillate', anchor > 0 && range > 0 ? oscillation : 0);
    },
  }),
};
