import type { FirmwareDefinition } from '../firmware.js';
import { locked } from './lelo.js';

/** A toy of the older generation, as all that have the endpoint `whitelist`. */
export const leloF1sv2Firmware: FirmwareDefinition = {
  protocol: 'lelo-f1sv2',
  create: (toy) =>
    locked(toy, 'whitelist', (endpoint, data) => {
      const [header, first = 0, second = 0] = data;
      if (endpoint !== 'tx' || data.length !== 3 || header !== 0x01 || first > 100 || second > 100) return;
      toy.set(0, 'Vibrate', first);
      toy.set(1, 'Vibrate', second);
    }),
};
