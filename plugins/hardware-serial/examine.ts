import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { type Finding, fine, missing, problem } from 'pulsegate/plugin';

/** Whether a port is there, and may be opened. On Windows, only opening it tells. */
export async function examinePort(path: string): Promise<Finding> {
  if (process.platform === 'win32') return fine(`${path} is looked for when the gateway runs`);
  try {
    await access(path);
  } catch {
    return missing(`there is no port ${path}`, 'plug the device in; `ls /dev/serial/by-id` shows what is there');
  }
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return fine(`${path} is there`);
  } catch {
    return problem(
      `${path} may not be opened`,
      'add the user of the gateway to the group dialout (`sudo usermod -a -G dialout $USER`) and log in again',
    );
  }
}
