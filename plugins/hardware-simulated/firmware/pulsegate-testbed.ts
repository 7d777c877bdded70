import type { OutputType } from 'pulsegate/plugin';
import type { FirmwareDefinition } from '../firmware.js';

/** By feature index. */
const OUTPUTS: readonly OutputType[] = [
  'Vibrate',
  'Rotate',
  'Oscillate',
  'Constrict',
  'Temperature',
  'Led',
  'Spray',
  'Position',
];
const STROKER = 8;

export const pulsegateTestbedFirmware: FirmwareDefinition = {
  protocol: 'pulsegate-testbed',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx' || data.length < 4) return;
      const packet = new DataView(data.buffer, data.byteOffset, data.byteLength);
      const [opcode, index] = [packet.getUint8(0), packet.getUint8(1)];
      const output = OUTPUTS[index];
      if (opcode === 0x01 && output) toy.set(index, output, packet.getInt16(2));
      if (opcode === 0x02 && index === STROKER && data.length >= 6) {
        toy.move(index, packet.getInt16(2), packet.getUint16(4));
      }
    },
    read: (endpoint) => (endpoint === 'rxblebattery' ? Uint8Array.of(toy.battery) : undefined),
    sense: (featureIndex, value) =>
      toy.notify('rx', Uint8Array.of(0x03, featureIndex, (value >> 8) & 0xff, value & 0xff)),
  }),
};
