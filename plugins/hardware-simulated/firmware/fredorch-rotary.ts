import type { FirmwareDefinition } from '../firmware.js';

const FASTEST = 20;
const PASSWORD = '000000000000';

/** Command and parameters of a frame; undefined when it is none. */
function dataOf(packet: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(packet);
  const inner = bytes.subarray(1, -2);
  const isFrame = bytes.length >= 5 && bytes[0] === 0x55 && bytes.at(-1) === 0xaa && inner[0] === bytes.length - 2;
  const sum = inner.reduce((total, byte) => (total + byte) % 0x100, 0);
  return isFrame && bytes.at(-2) === sum ? inner.subarray(1) : undefined;
}

/** Takes orders after the password, and runs while it is switched on. */
export const fredorchRotaryFirmware: FirmwareDefinition = {
  protocol: 'fredorch-rotary',
  advertisedName: () => 'M1_0001',
  create(toy) {
    let isOpen = false;
    let isOn = false;
    let speed = 0;
    const run = (level: number) => {
      speed = isOn ? Math.min(Math.max(level, 0), FASTEST) : 0;
      toy.set(0, 'Oscillate', speed);
    };
    return {
      write(endpoint, packet) {
        const data = endpoint === 'tx' ? dataOf(packet) : undefined;
        if (!data) return;
        const [command] = data;
        if (command === 0x99) toy.notify('rx', packet);
        if (command === 0x21) isOpen = data.toString('hex', 1) === PASSWORD;
        if (!isOpen) return;
        if (command === 0x1f) isOn = !isOn;
        if (command === 0x1f || command === 0x24) run(0);
        if (command === 0x01) run(speed + 1);
        if (command === 0x02) run(speed - 1);
      },
    };
  },
};
