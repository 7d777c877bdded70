import { autoDetect } from '@serialport/bindings-cpp';
import { SerialPortStream } from '@serialport/stream';
import { LinkError } from 'pulsegate/plugin';
import type { OpenPort } from './link.js';

/** 8 data bits, no parity, 1 stop bit, no flow control, as every known device has it. Rejects with a LinkError. */
export function openPort(path: string, baudRate: number): Promise<OpenPort> {
  return new Promise((resolve, reject) => {
    const port = new SerialPortStream({ binding: autoDetect(), path, baudRate, autoOpen: false });
    port.open((error) => {
      if (error) reject(new LinkError(`${path} cannot be opened: ${whyNot(error.message)}`));
      else resolve(port);
    });
  });
}

function whyNot(message: string): string {
  if (/permission denied/i.test(message)) {
    return 'not allowed; on Linux, add your user to the group dialout (`sudo usermod -a -G dialout $USER`) and log in again';
  }
  if (/temporarily unavailable|cannot lock|access denied|busy/i.test(message)) return 'another program has it open';
  return message.replace(/^Error:? */, '');
}
