import type { FirmwareDefinition } from '../firmware.js';

export const kizunaFirmware: FirmwareDefinition = {
  protocol: 'kizuna',
  advertisedName: () => 'default',
  create(toy) {
    let line = '';
    return {
      write(endpoint, data) {
        if (endpoint !== 'tx') return;
        for (const character of String.fromCharCode(...data)) {
          if (character !== '\n') {
            // No command is longer than a character and the carriage return.
            line = (line + character).slice(-3);
            continue;
          }
          if (/^\d\r$/.test(line)) toy.set(0, 'Rotate', Number(line[0]));
          if (line === '?\r') toy.notify('rx', Uint8Array.from(Buffer.from('?00\r')));
          line = '';
        }
      },
    };
  },
};
