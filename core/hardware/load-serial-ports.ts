import { describeError, LinkError } from '../errors.js';
import type { OpenSerialPort } from './serial-port.js';

/**
 * What opens serial ports. Its native library is loaded only now: few people have a device on such a port. Rejects with a
 * LinkError where it does not load.
 */
export async function loadSerialPorts(): Promise<OpenSerialPort> {
  try {
    return (await import('./serial-driver.js')).openSerialPort;
  } catch (error) {
    throw new LinkError(
      `Serial ports cannot be opened on this system: the native library does not load (${describeError(error)}); \`npm rebuild @serialport/bindings-cpp\` may build it`,
      { cause: error },
    );
  }
}
