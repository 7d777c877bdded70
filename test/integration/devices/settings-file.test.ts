import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGateway } from '../../../core/gateway.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulsegate-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const create = (file: string) => createGateway({ cwd: folder, file });

it('refuses a settings file that the configuration names and that is not there: its limits would be silently off', async () => {
  await writeFile(join(folder, 'gateway.yml'), 'devices:\n  settings: ./limits.yml\n');
  await expect(create('gateway.yml')).rejects.toThrow('gateway.yml:2: devices.settings: found the path of a file');
});

it('does not ask for a settings file when nobody named one', async () => {
  await writeFile(join(folder, 'gateway.yml'), 'log: { level: silent }\n');
  const gateway = await create('gateway.yml');
  await gateway.stop();
});

it('reports what is wrong in the settings file with its line', async () => {
  await writeFile(join(folder, 'gateway.yml'), 'devices: { settings: ./limits.yml }\n');
  await writeFile(join(folder, 'limits.yml'), 'devices:\n  - adress: 12:34\n    deny: yes please\n');
  await expect(create('gateway.yml')).rejects.toThrow(
    /limits\.yml:2: devices\[0\]\.adress: unknown key, did you mean "address"\?/,
  );
});
