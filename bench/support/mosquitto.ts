import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { end, freePort, type Target } from '#bench/support/processes';

/** Debian keeps servers where the search path of ordinary users does not look. */
const SEARCH = { ...process.env, PATH: [process.env.PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter) };

export const hasMosquitto = (): boolean =>
  spawnSync('mosquitto', ['-h'], { env: SEARCH, stdio: 'ignore' }).error === undefined;

/**
 * Mosquitto in a process and a folder of its own, as it comes.
 *
 * @param config more lines for its configuration file
 */
export async function startMosquitto(config = ''): Promise<Target & { readonly pid: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'pulsegate-bench-'));
  const port = await freePort();
  const user = process.getuid?.() === 0 ? 'user root\n' : '';
  writeFileSync(
    join(folder, 'mosquitto.conf'),
    `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\n${user}${config}\n`,
  );
  const child = spawn('mosquitto', ['-c', 'mosquitto.conf'], {
    cwd: folder,
    env: SEARCH,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('mosquitto did not start')));
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (/ running$/.test(line)) resolve();
    });
  });
  return {
    port,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
