import { execFile } from 'node:child_process';
import { access, mkdtemp, rmdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../config/schema.js';
import { describeError } from '../errors.js';
import { type Finding, fine, problem } from '../plugins/finding.js';
import { packageFolder } from '../version.js';

/** What a gateway needs of the machine it runs on, plugins aside. */

/** Whether the gateway could listen there. */
export async function examinePort({ host, port }: Config['http']): Promise<Finding> {
  const place = `${host}:${port}`;
  const server = createServer();
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(port, host, listening.resolve);
  try {
    await listening.promise;
    return fine(port === 0 ? 'any free one' : `${place} is free`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      return problem(
        `another program has ${place}`,
        'end it, or give the gateway another port: http.port, or start --port',
      );
    }
    if (code === 'EADDRNOTAVAIL') {
      return problem(
        `this machine does not have the address ${host}`,
        'http.host is one of its own, or 0.0.0.0 for all',
      );
    }
    return problem(`${place} cannot be listened on: ${describeError(error)}`);
  } finally {
    server.close();
  }
}

/** Whether what the gateway notes can be written. */
export async function examineFolder(file: string): Promise<Finding> {
  const folder = await existing(dirname(file));
  try {
    // Rights alone do not tell: a disk may be read only, or full.
    await rmdir(await mkdtemp(join(folder, '.pulsegate-')));
    return fine(`${folder} can be written`);
  } catch (error) {
    return problem(
      `${folder} cannot be written: ${describeError(error)}`,
      'devices.state names a file in a folder that the user of the gateway may write',
    );
  }
}

async function existing(folder: string): Promise<string> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  return isThere || folder === dirname(folder) ? folder : existing(dirname(folder));
}

/** Whether the engine of the sandbox loads. In a process of its own, as in a gateway. */
export async function examineSandbox(): Promise<Finding> {
  const load = ['--no-node-snapshot', '--input-type=module', '--eval', "await import('isolated-vm')"];
  try {
    await promisify(execFile)(process.execPath, load, { cwd: packageFolder });
    return fine('the sandbox loads');
  } catch (error) {
    const [, reason = describeError(error)] = /^(\w*Error: .*)$/m.exec(describeError(error)) ?? [];
    return problem(
      `the sandbox does not load: ${reason}`,
      '`npm rebuild isolated-vm` may build it for this system; without scripts: scripts.enabled: false',
    );
  }
}
