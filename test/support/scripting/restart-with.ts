import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageFile } from '../../../core/scripting/access/storage.js';
import type { ScriptedGateway } from './boot-scripts.js';

/** Ends a script and starts it anew, as if it had stored this before, by key. */
export async function restartWith(gateway: ScriptedGateway, script: string, stored: object): Promise<void> {
  const { gateway: inside, folder } = gateway.booted;
  inside.scripts.act(script, 'stop');
  await gateway.advance(200);
  const file = storageFile(join(folder, 'data', 'scripts'), script);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(stored));
  inside.scripts.act(script, 'start');
  await gateway.advance(200);
}
