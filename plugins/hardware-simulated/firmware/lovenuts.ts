import type { FirmwareDefinition } from '../firmware.js';

export const lovenutsFirmware: FirmwareDefinition = {
  protocol: 'lovenuts',
  advertisedName: () => 'Love_Nuts',
  create: (toy) => ({
    write(endpoint, data) {
      const [first = 0] = data.subarray(4);
      const level = first & 0x0f;
      if (endpoint !== 'tx' || data.length !== 16) return;
      const expected = [...Buffer.from('EVOL'), ...new Array<number>(10).fill((level << 4) | level), 0x00, 0xff];
      if (expected.every((byte, place) => byte === data[place])) toy.set(0, 'Vibrate', level);
    },
  }),
};
