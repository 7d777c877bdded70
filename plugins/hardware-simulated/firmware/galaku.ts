import type { OutputType } from 'pulsegate/plugin';
import type { Firmware, FirmwareDefinition, Toy } from '../firmware.js';
import { opened, sealed } from './galaku-frame.js';

const OSCILLATE_FIRST = new Set(['G307', 'G312', 'G317', 'G320', 'G354']);
const TWO_VIBRATORS = new Set(
  (
    'BGCD D358 D402 G12B G213 G228 G29C G29D G302 G310 G314 G315 G322 G348 G403 G40A G43A G913 GKML K113 K12B K311 QCPW ' +
    'QCSW QCVW SN80 TFF1 YXSJ'
  ).split(' '),
);

function motorsOf(identifier: string): readonly OutputType[] {
  if (OSCILLATE_FIRST.has(identifier)) return ['Oscillate', 'Vibrate'];
  if (TWO_VIBRATORS.has(identifier)) return ['Vibrate', 'Vibrate'];
  if (identifier === 'G339') return ['Vibrate', 'Rotate'];
  if (identifier === 'TFG1') return ['Vibrate', 'Constrict'];
  return ['Vibrate'];
}

/** The Vision takes plain packets, but is asked for its charge like all others. */
function visionSpeed(data: Uint8Array): number | undefined {
  const isSpeed = data.length === 16 && Buffer.from(data).toString('hex', 0, 4) === 'aa010a03';
  const speed = data[4] ?? 0;
  return isSpeed && data[5] === Math.min(speed, 1) ? speed : undefined;
}

function firmware(toy: Toy): Firmware {
  const isVision = toy.identifier === 'AC695X_1(BLE)';
  const motors = motorsOf(toy.identifier);
  const run = (speeds: readonly number[]) => {
    if (speeds.length !== motors.length || speeds.some((speed) => speed > 100)) return;
    for (const [index, type] of motors.entries()) toy.set(index, type, speeds[index] ?? 0);
  };
  return {
    write(endpoint, data) {
      if (endpoint !== 'tx') return;
      const speed = isVision ? visionSpeed(data) : undefined;
      if (speed !== undefined) run([speed]);
      const [kind, , , , command, ...rest] = opened(data) ?? [];
      if (kind !== 0x5a) return;
      if (command === 0x13) toy.notify('rxblebattery', sealed([0x5a, 0x00, 0x00, toy.battery, 0x13, 0, 0, 0, 0, 0]));
      else if (command === 0x31 && !isVision) run(rest.slice(0, 1));
      else if (command === 0x40 && rest[0] === 0x03) run(rest.slice(1, 3));
    },
  };
}

export const galakuFirmware: FirmwareDefinition = { protocol: 'galaku', create: firmware };
