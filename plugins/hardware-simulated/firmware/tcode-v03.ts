import type { FirmwareDefinition, Toy } from '../firmware.js';

const COMMAND = /^([LV])(\d)(\d+)(?:I(\d+))?$/i;
/** More than this without a line end is not T-Code. */
const LONGEST_LINE = 256;

function obey(toy: Toy, command: string): void {
  const [, axis, channel, digits, interval] = COMMAND.exec(command) ?? [];
  if (axis === undefined || channel === undefined || digits === undefined) return;
  const share = Number(`0.${digits}`);
  if (axis.toUpperCase() === 'V') toy.set(Number(channel), 'Vibrate', Math.round(share * 100));
  else if (interval === undefined) toy.set(Number(channel), 'Position', Math.round(share * 1000));
  else toy.move(Number(channel), Math.round(share * 1000), Number(interval));
}

/** Levels come out in the steps of the built-in definition: 1000 for a linear axis, 100 for a vibrator. */
export const tcodeV03Firmware: FirmwareDefinition = {
  protocol: 'tcode-v03',
  advertisedName: () => 'default',
  create(toy) {
    let unfinished = '';
    return {
      write(endpoint, data) {
        if (endpoint !== 'tx') return;
        const lines = (unfinished + String.fromCharCode(...data)).split('\n');
        unfinished = lines.pop()?.slice(-LONGEST_LINE) ?? '';
        for (const command of lines.flatMap((line) => line.trim().split(/\s+/))) obey(toy, command);
      },
    };
  },
};
