import { access } from 'node:fs/promises';
import { describeError, type Finding, fine, missing, problem } from 'pulsegate/plugin';
import type { DonglePort } from './port.js';

/**
 * Whether there is a dongle that can be opened.
 *
 * @param open undefined: there is none
 */
export async function examineDongle(
  open: () => Promise<DonglePort | undefined>,
  { hid, serialPort }: { readonly hid: boolean; readonly serialPort?: string },
): Promise<readonly Finding[]> {
  if (!hid && serialPort === undefined) {
    return [
      problem(
        'no dongle is looked for',
        'name its port (serialPort), or leave hid on, in plugins.hardware-lovense-dongle',
      ),
    ];
  }
  // On Windows, a port is no file.
  if (serialPort !== undefined && process.platform !== 'win32' && !(await isThere(serialPort))) {
    return [
      missing(`there is no port ${serialPort}`, 'plug the dongle in; `ls -l /dev/serial/by-id` shows what is there'),
    ];
  }
  try {
    const port = await open();
    if (!port) return [missing('no Lovense dongle is plugged in')];
    await port.close();
    return [fine(`${port.name} can be opened`)];
  } catch (error) {
    return [problem(`the dongle cannot be used: ${describeError(error)}`)];
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
