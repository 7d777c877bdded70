import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { systemClock } from '../../clock.js';
import type { FromHost, ToHost } from '../wire.js';
import { BuiltinModules } from './builtin-modules.js';
import { type Frame, ScriptHost } from './script-host.js';

/** The script host: a process of its own, so that whatever a script does to it, the process that stops motors is another. */

/** Older ones can be escaped from. */
const LEAST_VERSION: readonly [number, number, number] = [7, 0, 1];

let outbox: (FromHost | Frame)[] = [];

/** Whatever is said in one go leaves in one piece. */
function send(message: FromHost | Frame): void {
  if (outbox.length === 0) setImmediate(flush);
  outbox.push(message);
}

function flush(): void {
  const batch = outbox;
  outbox = [];
  process.send?.(batch);
}

async function loadEngine() {
  const { version }: { version: string } = JSON.parse(readFileSync(manifestOf('isolated-vm'), 'utf8'));
  if (isOlder(version)) throw new Error(`isolated-vm ${version} has known escapes; 7.0.1 or newer is needed`);
  if (!process.execArgv.includes('--no-node-snapshot'))
    throw new Error('Node.js was started without --no-node-snapshot');
  const { default: engine } = await import('isolated-vm');
  return { engine, version };
}

function manifestOf(name: string): string {
  try {
    const path = findPackageJSON(name, import.meta.url);
    if (path !== undefined) return path;
  } catch {
    // The same as not found.
  }
  throw new Error(`the package ${name} is not installed`);
}

function isOlder(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [place, least] of LEAST_VERSION.entries()) {
    const part = parts[place] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

try {
  const { engine, version } = await loadEngine();
  const cron = join(dirname(manifestOf('croner')), 'dist/croner.js');
  const builtins = new BuiltinModules(fileURLToPath(new URL('../sandbox/', import.meta.url)), cron);
  const host = new ScriptHost({ ivm: engine, builtins, clock: systemClock, machineClock: systemClock, send });
  process.on('message', (batch: readonly (ToHost | Frame)[]) => {
    for (const message of batch) host.take(message);
  });
  send({ op: 'ready', isolatedVm: version });
} catch (error) {
  const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
  process.send?.([{ op: 'unavailable', reason }], () => process.exit(0));
}

/** Not `exit`, nor an end by itself: that would wait for threads which may never come back. */
const die = () => process.kill(process.pid, 'SIGKILL');

// Without the gateway there is nobody to run scripts for.
process.on('disconnect', die);
// Such as of a batch on its way to a gateway that was killed.
process.on('uncaughtException', (error) => {
  // The gateway tells the last line.
  process.stderr.write(`${inspect(error)}\n${error}\n`);
  die();
});
