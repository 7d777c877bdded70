import type { OutputType } from 'pulsegate/plugin';
import type { FirmwareDefinition } from '../firmware.js';
import { locked } from './lelo.js';

const WITH_ONE_MOTOR = new Set(['TOR3', 'GIGI3', 'LIV3']);
const WITH_ROTATION = new Set(['IdaWave', 'Ida Wave', 'DoubleSonic']);

export const leloHarmonyFirmware: FirmwareDefinition = {
  protocol: 'lelo-harmony',
  create(toy) {
    const second: OutputType = WITH_ROTATION.has(toy.identifier) ? 'Rotate' : 'Vibrate';
    const motors: readonly OutputType[] = WITH_ONE_MOTOR.has(toy.identifier) ? ['Vibrate'] : ['Vibrate', second];
    return locked(toy, 'whitelist', (endpoint, data) => {
      const [header, kind, motor = 0, mode, ...rest] = data;
      if (endpoint !== 'tx' || data.length !== 10 || header !== 0x0a || kind !== 0x12 || mode !== 0x08) return;
      const speed = rest[4] ?? 0;
      const type = motors[motor - 1];
      if (type && speed <= 100) toy.set(motor - 1, type, speed);
    });
  },
};
