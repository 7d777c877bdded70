import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hostArguments, hostEnvironment } from '../../../core/scripting/supervisor/host-process.js';
import { packageFolder } from '../../../core/version.js';
import { GatewayProcess, TestFolder } from '../../support/gateway-process.js';
import { ScriptsApi } from '../../support/scripting/scripts-api.js';

const run = promisify(execFile);

/** Code that tries something in a process with the walls of the script host: what came of it. */
async function attempt(code: string): Promise<string> {
  const probe = `
    const outcome = async () => { ${code} };
    outcome().then(
      (value) => console.log('got ' + value),
      (error) => console.log(error.code ?? error.message),
    );`;
  const { stdout } = await run(process.execPath, [...hostArguments(), '-e', probe], { env: hostEnvironment() });
  return stdout.trim();
}

describe('the process that scripts run in', () => {
  it.each([
    ['read a file of the system', `return require('node:fs').readFileSync('/etc/passwd').length;`],
    [
      'read the files of the gateway',
      `return require('node:fs').readFileSync('${packageFolder}/dist/core/gateway.js').length;`,
    ],
    ['list the home of its user', `return require('node:fs').readdirSync('/').length;`],
    ['write a file', `return require('node:fs').writeFileSync('/tmp/pulsegate-wall', 'x');`],
    [
      'write into its own folder',
      `return require('node:fs').writeFileSync('${packageFolder}/dist/core/scripting/host/x.js', '');`,
    ],
    ['start a program', `return require('node:child_process').spawnSync('true').status;`],
    ['start a thread', `return new (require('node:worker_threads').Worker)('1', { eval: true });`],
    ['be debugged', `return require('node:inspector').open(0);`],
  ])('is not able to %s', async (_what, code) => {
    expect(await attempt(code)).toMatch(/^ERR_(ACCESS_DENIED|INSPECTOR)/);
  });

  it('knows of the environment what time zone it is, and nothing else', async () => {
    const own = `Object.keys(process.env).filter((name) => !name.startsWith('NODE_CHANNEL')).join()`;
    expect(await attempt(`return ${own};`)).toBe('got TZ');
  });

  it('has no compiler that could be attacked', async () => {
    expect(await attempt('return typeof WebAssembly;')).toBe('got undefined');
  });
});

describe('the script host', () => {
  it('computes at a lower priority than the gateway, also where Linux weighs sessions of processes', async () => {
    await using folder = await TestFolder.create();
    await mkdir(join(folder.path, 'scripts'));
    await writeFile(join(folder.path, 'scripts/one.js'), 'every(60_000, () => {});');
    await using gateway = await GatewayProcess.start(folder, { scripts: { examples: false } });
    const scripts = new ScriptsApi(gateway.origin);
    await scripts.reaches('one', 'running');
    const { pid = 0 } = (await scripts.all()).host;
    expect(getPriority(pid)).toBe(10);
    const autogroup = `/proc/${pid}/autogroup`;
    if (existsSync(autogroup)) expect(await readFile(autogroup, 'utf8')).toMatch(/ nice 10\n$/);
  });
});

describe('without isolated-vm', () => {
  it('the gateway runs, and says in one sentence that scripts are off', async () => {
    await using folder = await TestFolder.create();
    await installWithout('isolated-vm', folder.path);
    await mkdir(join(folder.path, 'scripts'));
    await writeFile(join(folder.path, 'scripts/one.js'), 'console.log("runs");');
    const config = await folder.write('pulsegate.json', { http: { port: 0 }, log: { format: 'json' } });
    const cli = join(folder.path, 'dist/core/cli.js');
    await using gateway = GatewayProcess.spawn(['--config', config], folder.path, {}, cli);
    await gateway.line((msg) => msg.includes(' is ready'));
    const { msg } = await gateway.line((line) => line.includes('Scripts are off'));
    expect(msg).toBe(
      'Scripts are off: isolated-vm does not load here (the package isolated-vm is not installed); "npm rebuild isolated-vm" may help',
    );
    const scripts = new ScriptsApi(gateway.origin);
    await scripts.reaches('one', 'failed');
    expect(await scripts.all()).toMatchObject({
      host: { state: 'unavailable' },
      scripts: expect.arrayContaining([expect.objectContaining({ name: 'one', state: 'failed' })]),
    });
  });
});

/** This package in another place, where one of its dependencies is missing. */
async function installWithout(missing: string, target: string): Promise<void> {
  for (const name of ['dist', 'package.json', 'scripts-examples']) {
    await cp(join(packageFolder, name), join(target, name), { recursive: true });
  }
  const [from, to] = [join(packageFolder, 'node_modules'), join(target, 'node_modules')];
  await mkdir(to);
  for (const name of await readdir(from)) {
    if (name !== missing) await symlink(join(from, name), join(to, name));
  }
}
