import type { FirmwareDefinition } from '../firmware.js';
import { strokeMs } from './kiiroo-v21.js';

export const kiirooV2Firmware: FirmwareDefinition = {
  protocol: 'kiiroo-v2',
  create(toy) {
    let isReady = false;
    return {
      write(endpoint, data) {
        if (endpoint === 'firmware' && data.length === 1 && data[0] === 0) isReady = true;
        const [target = 0, speed = 0] = data;
        if (endpoint !== 'tx' || !isReady || data.length !== 2 || target > 99 || speed > 99) return;
        toy.move(0, target, strokeMs(Math.abs(target - toy.position(0)) / 99, speed));
      },
    };
  },
};
