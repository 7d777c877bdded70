import type { FirmwareDefinition } from '../firmware.js';

/** Nobody has measured it. */
const FULL_STROKE_MS = 300;

export const kiirooV1Firmware: FirmwareDefinition = {
  protocol: 'kiiroo-v1',
  create: (toy) => ({
    write(endpoint, data) {
      const level = /^([0-4]),\n$/.exec(Buffer.from(data).toString('latin1'))?.[1];
      if (endpoint !== 'tx' || level === undefined) return;
      if (toy.identifier === 'ONYX') toy.move(0, Number(level), FULL_STROKE_MS);
      else toy.set(0, 'Vibrate', Number(level));
    },
  }),
};
