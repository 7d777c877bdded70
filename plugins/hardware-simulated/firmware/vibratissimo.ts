import type { FirmwareDefinition } from '../firmware.js';

const MOTORS: ReadonlyMap<string, number> = new Map([
  ['Licker', 2],
  ['SecretKiss', 2],
  ['Womenizer', 2],
  ['Rabbit', 3],
]);

export const vibratissimoFirmware: FirmwareDefinition = {
  protocol: 'vibratissimo',
  advertisedName: () => 'Vibratissimo',
  create(toy) {
    const motors = MOTORS.get(toy.identifier) ?? 1;
    let takesLevels = false;
    return {
      write(endpoint, data) {
        if (endpoint === 'txmode') takesLevels = data.length === 2 && data[0] === 0x03 && data[1] === 0xff;
        // Toys with one motor have a second byte as well.
        if (endpoint !== 'txvibrate' || !takesLevels || data.length !== Math.max(motors, 2)) return;
        for (const [index, level] of data.subarray(0, motors).entries()) toy.set(index, 'Vibrate', level);
      },
      read(endpoint) {
        if (endpoint === 'rxblemodel') return new TextEncoder().encode(toy.identifier);
        return endpoint === 'rxblebattery' ? Uint8Array.of(toy.battery) : undefined;
      },
    };
  },
};
