import type { OutputType } from 'pulsegate/plugin';
import type { FirmwareDefinition } from '../firmware.js';

/** `Vibrate2?v=5&t=id` */
const ORDER = /^(Vibrate(\d)|Thrusting|AirAuto|Rotate|Depth)\?v=(\d+)&t=/;

/** The phone app with one toy behind it, which knows by itself whose orders it gets. */
export const lovenseConnectServiceFirmware: FirmwareDefinition = {
  protocol: 'lovense-connect-service',
  create(toy) {
    const isMachine = toy.identifier === 'XMachine';
    const thrustAt = toy.identifier === 'Solace' ? 0 : 1;
    let isReversed = false;
    let isReady = toy.identifier !== 'Solace';
    const set = (index: number, type: OutputType, level: number) => isReady && toy.set(index, type, level);
    return {
      write(endpoint, data) {
        const text = Buffer.from(data).toString();
        if (endpoint !== 'tx') return;
        if (text.startsWith('RotateChange?t=')) isReversed = !isReversed;
        const [, name, motor, digits] = ORDER.exec(text) ?? [];
        const level = Number(digits);
        if (name === undefined || level > 20) return;
        if (motor !== undefined) set(Number(motor) - 1, isMachine ? 'Oscillate' : 'Vibrate', level);
        if (name === 'Thrusting') set(thrustAt, 'Oscillate', level);
        if (name === 'AirAuto' && level <= 3) set(1, 'Constrict', level);
        if (name === 'Rotate') set(1, 'Rotate', isReversed ? -level : level);
        if (name === 'Depth') isReady = true;
      },
      read: (endpoint) => (endpoint === 'rx' ? Uint8Array.of(toy.battery) : undefined),
    };
  },
};
