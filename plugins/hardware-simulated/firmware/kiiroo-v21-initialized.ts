import type { FirmwareDefinition } from '../firmware.js';
import { strokeMs } from './kiiroo-v21.js';

export const kiirooV21InitializedFirmware: FirmwareDefinition = {
  protocol: 'kiiroo-v21-initialized',
  create(toy) {
    return {
      write(endpoint, data) {
        const [command, zero, speed = 0, target = 0] = data;
        if (endpoint !== 'tx' || data.length !== 4 || command !== 0x03 || zero !== 0) return;
        // One more than for other strokers: the first moves ask for it.
        if (speed > 100 || target > 99) return;
        toy.move(0, target, strokeMs(Math.abs(target - toy.position(0)) / 99, speed));
      },
    };
  },
};
