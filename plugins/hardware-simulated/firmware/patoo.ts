import type { FirmwareDefinition } from '../firmware.js';

const FIRST = 0x04;
const SECOND = 0x80;
const MODELS = new Set(['PTVEA', 'PCS', 'PHT', 'PBT']);

export const patooFirmware: FirmwareDefinition = {
  protocol: 'patoo',
  // A model that nobody knows has a name like the others all the same.
  advertisedName: (identifier) => `${MODELS.has(identifier) ? identifier : 'PCSX'}2601`,
  create(toy) {
    const hasTwoMotors = toy.identifier === 'PBT';
    let speed = 0;
    return {
      write(endpoint, data) {
        const [value = 0] = data;
        if (data.length !== 1) return;
        if (endpoint === 'tx' && value <= 100) speed = value;
        if (endpoint !== 'txmode') return;
        // The mode says which motor has the speed.
        toy.set(0, 'Vibrate', value === FIRST ? speed : 0);
        if (hasTwoMotors) toy.set(1, 'Vibrate', value === SECOND ? speed : 0);
      },
    };
  },
};
