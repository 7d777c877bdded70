import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../../core/gateway.js';

let folder: string;
let gateways: Gateway[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulsegate-third-party-'));
  gateways = [];
});

afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await rm(folder, { recursive: true, force: true });
});

/** Plain JavaScript with no import at all: the contract is a shape. */
const source = (name: string, more = '') => `
export default {
  name: ${JSON.stringify(name)}, kind: 'extension', api: 1, description: 'Says hello',
  config: { type: 'object', properties: { greeting: { type: 'string', default: 'hello' } } },
  create: ({ config, log }) => ({ start: () => log.info(config.greeting), stop() {} }),
  ${more}
};`;

async function install(
  path: string,
  text: string,
  manifest: object = { type: 'module', main: './index.js' },
): Promise<void> {
  await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, path, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, path, 'index.js'), text);
}

async function start(plugins: Record<string, object>): Promise<{ gateway: Gateway; log: string }> {
  const lines: string[] = [];
  const gateway = await createGateway({
    cwd: folder,
    config: { http: { port: 0 }, plugins: { 'hardware-simulated': { enabled: false }, ...plugins } },
    logOutput: { write: (line) => lines.push(line) },
  });
  gateways.push(gateway);
  await gateway.start();
  return { gateway, log: lines.join('') };
}

describe('third-party plugins', () => {
  it('come from a folder beside the configuration', async () => {
    await install('my-plugin', source('my-plugin'));
    const { gateway, log } = await start({ 'my-plugin': { from: './my-plugin', greeting: 'good day' } });
    expect(log).toContain('good day');
    expect(gateway.plugins).toContainEqual(expect.objectContaining({ name: 'my-plugin', state: 'running' }));
  });

  it('come from a package by its name', async () => {
    await install('node_modules/pulsegate-plugin-hello', source('pulsegate-plugin-hello'), {
      name: 'pulsegate-plugin-hello',
      type: 'module',
      exports: { '.': { import: './index.js' } },
    });
    const { log } = await start({ 'pulsegate-plugin-hello': {} });
    expect(log).toContain('hello');
  });

  it.each([
    ['does not parse', 'export default {', 'does not load'],
    ['throws at import', 'throw new Error("not today")', 'not today'],
    ['exports something else', 'export default 42', 'its default export is not a plugin'],
    ['is written for another contract', source('broken', 'api: 99,'), 'written for plugin API 99, this gateway has 1'],
    ['goes by another name', source('somebody-else'), 'calls itself "somebody-else"'],
  ])('are shown and left out when the module %s', async (_what, text, reason) => {
    await install('broken', text);
    const { gateway, log } = await start({ broken: { from: './broken' } });
    expect(gateway.plugins).toContainEqual(
      expect.objectContaining({ name: 'broken', state: 'unavailable', reason: expect.stringContaining(reason) }),
    );
    expect(log).toContain(JSON.stringify(reason).slice(1, -1));
  });

  it('refuse the configuration when they are required and do not load', async () => {
    await install('broken', 'throw new Error("not today")');
    await expect(start({ broken: { from: './broken', required: true } })).rejects.toThrow('not today');
  });

  it('are an error in the configuration when there is nothing there', async () => {
    await expect(start({ ghost: { from: './ghost' } })).rejects.toThrow('plugins.ghost.from');
    await expect(start({ 'pulsegate-plugin-ghost': {} })).rejects.toThrow('plugins.pulsegate-plugin-ghost');
  });
});
