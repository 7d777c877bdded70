import { constants } from 'node:fs';
import { access, readlink } from 'node:fs/promises';
import { type Finding, fine, missing, problem } from 'pulsegate/plugin';
import type { SerialConfig } from './config.js';
import { findPort } from './found-port.js';
import { holdersOf } from './holders.js';

const PLUG_IN = 'plug the device in; `ls -l /dev/serial/by-id` shows what is there';

/** Whether the ports are there and may be opened, as far as that can be told without opening any. On Windows, only that tells. */
export async function examinePorts({ ports }: Pick<SerialConfig, 'ports'>): Promise<readonly Finding[]> {
  const known = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [at, { path }] of ports.entries()) {
    const found = await findPort(path);
    const key = `plugins.hardware-serial.ports[${at}]`;
    const other = found && known.get(found.real);
    if (!found) findings.push(await absence(path));
    else if (other !== undefined) {
      findings.push(problem(`${path} is the same port as ${other}`, `take ${key} out: the first of them counts`));
    } else {
      known.set(found.real, path);
      findings.push(
        found.isSerial === false
          ? problem(`${path} is no serial port`, `${key}.path has to name one; ${PLUG_IN}`)
          : await usability(path, found.real),
      );
    }
  }
  return findings;
}

async function absence(path: string): Promise<Finding> {
  try {
    return missing(`${path} leads to ${await readlink(path)}, which is not there`, PLUG_IN);
  } catch {
    return missing(`there is no port ${path}`, PLUG_IN);
  }
}

async function usability(path: string, real: string): Promise<Finding> {
  if (process.platform === 'win32') return fine(`${path} is looked for when the gateway runs`);
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch {
    return problem(
      `${path} may not be opened`,
      'add the user of the gateway to the group dialout (`sudo usermod -a -G dialout $USER`) and log in again',
    );
  }
  const holders = await holdersOf(real);
  if (holders.length === 0) return fine(`${path} is there`);
  return problem(`another program has ${path} open: ${holders.join(', ')}`, 'end it, or have it use another port');
}
