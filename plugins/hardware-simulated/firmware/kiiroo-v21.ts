import type { FirmwareDefinition } from '../firmware.js';

/** How long a stroke of this share of the way takes, ms; speed 0 is taken for the slowest (facts: protocols/kiiroo-v2). */
export const strokeMs = (share: number, speed: number) => ((Math.max(speed, 1) / 99 / 250) ** -0.95 * share * 100) / 90;

export const kiirooV21Firmware: FirmwareDefinition = {
  protocol: 'kiiroo-v21',
  create(toy) {
    const strokes = toy.identifier === 'Titan1.1';
    return {
      write(endpoint, data) {
        if (endpoint !== 'tx') return;
        const [command, level, speed, target] = data;
        if (command === 0x01 && level !== undefined && level <= 100) toy.set(0, 'Vibrate', level);
        if (command !== 0x03 || !strokes || speed === undefined || target === undefined) return;
        if (speed > 99 || target > 99) return;
        toy.move(1, target, strokeMs(Math.abs(target - toy.position(1)) / 99, speed));
      },
      read(endpoint) {
        if (endpoint !== 'whitelist') return undefined;
        const status = new Uint8Array(20);
        status[5] = toy.battery;
        return status;
      },
    };
  },
};
