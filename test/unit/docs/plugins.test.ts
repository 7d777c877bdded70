import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { GatewayProcess, TestFolder } from '../../support/gateway-process.js';
import { PATIENCE_MS } from '../../support/timing.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = await readFile(join(root, 'docs/plugins.md'), 'utf8');
/** Folder and module of every example that the page shows in full. */
const examples = [...page.matchAll(/\*\*`([\w-]+)\/index\.js`\*\*\s+```js\n(.*?)```/gs)];

async function writeExamples(): Promise<TestFolder> {
  const folder = await TestFolder.create();
  for (const [, name = '', module = ''] of examples) {
    await mkdir(join(folder.path, name));
    await folder.write(`${name}/package.json`, { type: 'module' });
    await folder.write(`${name}/index.js`, module);
  }
  return folder;
}

it('shows a plugin of every kind', () => {
  expect(examples.map(([, , module]) => /^ {2}kind: '(\w+)'/m.exec(module ?? '')?.[1])).toEqual([
    'protocol',
    'hardware',
    'transport',
    'extension',
  ]);
});

it('shows plugins that fit the contract as it is published', { timeout: 60_000 }, async () => {
  await using folder = await writeExamples();
  await folder.write('tsconfig.json', {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      allowJs: true,
      checkJs: true,
      noEmit: true,
      rootDir: '/',
      typeRoots: [join(root, 'node_modules/@types')],
      paths: { 'pulsegate/plugin': [join(root, 'dist/core/plugin.d.ts')] },
    },
    include: ['*/index.js'],
  });
  const compiler = join(root, 'node_modules/.bin/tsc');
  const { stdout } = await promisify(execFile)(compiler, ['-p', folder.path]).catch((failed) => failed);
  expect(stdout).toBe('');
});

it('shows plugins that work together', async () => {
  await using folder = await writeExamples();
  const machine = createSocket('udp4').bind(0, '127.0.0.1');
  await once(machine, 'listening');
  const packets: string[] = [];
  machine.on('message', (data) => packets.push(data.toString()));
  const linesPort = await freePort();
  const from = (name: string) => ({ from: `./${name}`, required: true });
  await using gateway = await GatewayProcess.start(folder, {
    plugins: {
      'protocol-luma': from('protocol-luma'),
      'hardware-simulated': { devices: [{ model: 'Luma Duo' }] },
      'hardware-udp': { ...from('hardware-udp'), machines: [{ host: '127.0.0.1', port: machine.address().port }] },
      'transport-lines': { ...from('transport-lines'), port: linesPort },
      'stop-button': from('stop-button'),
    },
  });
  await gateway.simulated.connected(2);

  const client = connect(linesPort, '127.0.0.1');
  const say = (name: string, fields: object) => client.write(`${JSON.stringify([{ [name]: fields }])}\n`);
  say('RequestServerInfo', { Id: 1, ClientName: 'lines', ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 });
  const luma = { Id: 2, DeviceIndex: 0, FeatureIndex: 1, Command: { Vibrate: { Value: 30 } } };
  const move = { HwPositionWithDuration: { Value: 500, Duration: 400 } };
  say('OutputCmd', luma);
  say('OutputCmd', { Id: 3, DeviceIndex: 1, FeatureIndex: 0, Command: move });
  const written = async () => (await gateway.simulated.state('luma-duo-1')).packets.map(({ hex }) => hex);
  await expect.poll(written, { timeout: PATIENCE_MS }).toEqual(['a1001ebf']);
  await expect.poll(() => packets, { timeout: PATIENCE_MS }).toEqual(['L0500I400\n']);

  const pressed = await fetch(`http://127.0.0.1:${gateway.port}/stop`, { method: 'POST' });
  expect(pressed.status).toBe(204);
  await expect.poll(written, { timeout: PATIENCE_MS }).toContain('a10000a1');

  say('OutputCmd', { ...luma, Id: 4 });
  await expect.poll(async () => (await written()).at(-1), { timeout: PATIENCE_MS }).toBe('a1001ebf');
  client.destroy();
  await expect.poll(async () => (await written()).at(-1), { timeout: PATIENCE_MS }).toBe('a10000a1');
  machine.close();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (!address || typeof address !== 'object') throw new Error('No free port');
  return address.port;
}
