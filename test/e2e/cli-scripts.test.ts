import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GatewayProcess, pulsegate, TestFolder } from '../support/gateway-process.js';
import { ScriptsApi, type ShownScript } from '../support/scripting/scripts-api.js';
import { writeScript } from '../support/scripting/write-script.js';

/** Scripts on the command line: what `start` says of them, `--safe-start`, and `pulsegate scripts`. */

const TOKEN = 'a-token-for-a-test';
const TOY = 'pulsegate-testbed-1';
const simulated = { 'hardware-simulated': { devices: [{ model: 'Pulsegate Testbed' }] } };

const HEADER = '/* pulsegate\n * description: Hums quietly.\n */\n';
const STEADY = `${HEADER}await devices.find('*').feature(0).vibrate(0.5); every(60_000, () => {});`;
const FAILING = 'await sleep(1);\nthrow new Error("no such thing");';

async function folderWith(scripts: Readonly<Record<string, string>>): Promise<TestFolder> {
  const folder = await TestFolder.create();
  for (const [path, text] of Object.entries(scripts)) await writeScript(folder.path, path, text);
  return folder;
}

/** A gateway in this folder, and a configuration that leads the commands to it. */
async function start(folder: TestFolder, config: Readonly<Record<string, object>> = {}): Promise<GatewayProcess> {
  const { scripts = {}, http = {} } = config;
  const sections = { ...config, plugins: simulated, scripts: { examples: false, ...scripts } };
  const running = await GatewayProcess.start(folder, sections);
  await folder.write('pulsegate.yml', { ...sections, http: { ...http, port: running.port } });
  return running;
}

const scriptsOf = (running: GatewayProcess) => new ScriptsApi(running.origin);

describe('pulsegate start', () => {
  it('says in one line which scripts there are', async () => {
    await using folder = await folderWith({ 'hum.js': STEADY, 'off.js': '/* pulsegate\n * enabled: false\n */' });
    await using running = await start(folder);
    await running.line((msg) => msg === 'scripts: 2 in ./scripts, 1 running (pulsegate scripts lists them)');
  });

  it('says so when there are none but the examples, and where they would be', async () => {
    await using folder = await TestFolder.create();
    await using elsewhere = await TestFolder.create();
    const directory = join(elsewhere.path, 'mine');
    await using running = await start(folder, { scripts: { directory, examples: true } });
    const { msg } = await running.line((line) => line.startsWith('scripts: '));
    expect(msg.replace(/\d+ examples?/, 'N examples')).toBe(
      `scripts: none in ${directory}; N examples (pulsegate scripts lists them)`,
    );
  });

  it('says that scripts are off when they are', async () => {
    await using folder = await folderWith({ 'hum.js': STEADY });
    await using running = await start(folder, { scripts: { enabled: false } });
    await running.line((msg) => msg === 'scripts: off');
  });

  it('--safe-start runs none of them, until somebody starts one', async () => {
    await using folder = await folderWith({ 'hum.js': STEADY });
    const sections = { plugins: simulated, scripts: { examples: false, token: TOKEN } };
    await folder.write('pulsegate.yml', { ...sections, http: { port: 0 } });
    await using running = GatewayProcess.spawn(['--safe-start'], folder.path);
    await running.line((msg) => msg === 'scripts: 1 in ./scripts, none running (pulsegate scripts lists them)');
    await running.line((msg) => msg.includes(' is ready'));
    expect((await scriptsOf(running).all()).scripts).toMatchObject([{ name: 'hum', state: 'off', starts: 0 }]);
    await folder.write('pulsegate.yml', { ...sections, http: { port: running.port } });
    expect(await pulsegate(['scripts', 'start', 'hum'], folder.path)).toMatchObject({
      code: 0,
      stdout: 'hum: running\n',
    });
    await running.simulated.reaches(TOY, 0, 10);
  });
});

describe('pulsegate scripts', () => {
  it('lists what is in the folder when no gateway runs, without running any of it', async () => {
    await using folder = await folderWith({ 'hum.js': STEADY, 'bad.js': '/* pulsegate\n * enabled: x\n * a: 1\n */' });
    // Nothing listens on the port of "discard".
    await folder.write('pulsegate.yml', { http: { port: 9 } });
    const { code, stdout, stderr } = await pulsegate(['scripts'], folder.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^NAME +STATE +FILE +ABOUT$/m);
    expect(stdout).toMatch(/^hum +off +hum\.js +Hums quietly\.$/m);
    expect(stdout).toMatch(
      /^bad +invalid +bad\.js +bad\.js:2: enabled: found "x", expected true or false \(and 1 more\)$/m,
    );
    expect(stdout).toMatch(/^\S+ +off, example +\S+\.js +\S/m);
    expect(stdout).toContain('No gateway runs on 127.0.0.1:9; these are the scripts in ./scripts\n');
  });

  it('--json prints nothing but JSON then too', async () => {
    await using folder = await folderWith({ 'hum.js': STEADY });
    await folder.write('pulsegate.yml', { http: { port: 9 }, scripts: { examples: false } });
    const { code, stdout, stderr } = await pulsegate(['scripts', '--json'], folder.path);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ host: { state: 'idle' }, scripts: [{ name: 'hum', state: 'off' }] });
    expect(stderr).toMatch(/^No gateway runs on /);
  });

  it('shows how they fare in the gateway that runs: what one is for, or what went wrong and where', async () => {
    await using folder = await folderWith({
      'hum.js': STEADY,
      'fails.js': FAILING,
      'scene/index.js': 'import "./lib.js";',
      'scene/lib.js': 'let a = ;',
    });
    await using running = await start(folder);
    await scriptsOf(running).reaches('hum', 'running');
    await scriptsOf(running).reaches('fails', 'waiting');
    await scriptsOf(running).reaches('scene', 'failed');
    const { code, stdout } = await pulsegate(['scripts'], folder.path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^hum +running +hum\.js +Hums quietly\.$/m);
    expect(stdout).toMatch(/^scene +failed +scene\/index\.js +scene\/lib\.js:1:9: SyntaxError: Unexpected token ';'$/m);
    // It may be just starting again.
    expect(stdout).toMatch(/^fails +(waiting +fails\.js +fails\.js:2:7: no such thing|starting|running)/m);
    expect(stdout).not.toContain('No gateway runs');
    const json = await pulsegate(['scripts', '--json'], folder.path);
    expect(json).toMatchObject({ code: 0, stderr: '' });
    const { scripts }: { scripts: readonly ShownScript[] } = JSON.parse(json.stdout);
    expect(scripts.find(({ name }) => name === 'hum')).toEqual(await scriptsOf(running).get('hum'));
  });

  it('shows the token of the configuration, and says so when that is not the gateway’s', async () => {
    await using folder = await folderWith({ 'hum.js': STEADY });
    await using running = await start(folder, { http: { token: TOKEN } });
    expect((await pulsegate(['scripts'], folder.path)).stdout).toMatch(/^hum +\w+ +hum\.js/m);
    await folder.write('other.yml', { http: { port: running.port } });
    const { code, stdout, stderr } = await pulsegate(['scripts', '-c', 'other.yml'], folder.path);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `The gateway on 127.0.0.1:${running.port} asks for a token that this configuration does not have; name the configuration it was started with: --config FILE\n`,
    );
  });

  it('says so when something else has the port', async () => {
    await using folder = await TestFolder.create();
    const server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No port');
    await folder.write('pulsegate.yml', { http: { port: address.port } });
    const { code, stderr } = await pulsegate(['scripts'], folder.path);
    server.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Something else than a gateway with scripts answers on 127\.0\.0\.1:\d+; set http\.port/);
  });
});

describe('pulsegate scripts start, stop and restart', () => {
  it.each([
    ['scripts.token', { scripts: { token: TOKEN } }],
    ['http.token', { http: { token: TOKEN } }],
  ])('do so in the gateway that runs, with %s of the configuration', async (_name, config) => {
    await using folder = await folderWith({ 'hum.js': STEADY });
    await using running = await start(folder, config);
    const tell = (...args: readonly string[]) => pulsegate(['scripts', ...args], folder.path);
    await running.line((msg) => msg.startsWith('client connected: hum'));
    expect(await tell('stop', 'hum')).toEqual({ code: 0, stdout: 'hum: off\n', stderr: '' });
    await running.line((msg) => msg.startsWith('client left: hum'));
    expect(await tell('start', 'hum')).toEqual({ code: 0, stdout: 'hum: running\n', stderr: '' });
    expect(await tell('restart', 'hum', '--config', 'pulsegate.yml')).toMatchObject({
      code: 0,
      stdout: 'hum: running\n',
    });
    const connected = running.lines.filter(({ msg }) => msg.startsWith('client connected: hum'));
    expect(connected).toHaveLength(3);
  });

  it('stop the devices', async () => {
    await using folder = await folderWith({ 'hum.js': STEADY });
    await using running = await start(folder);
    await running.simulated.reaches(TOY, 0, 10);
    await pulsegate(['scripts', 'stop', 'hum'], folder.path);
    await running.simulated.reaches(TOY, 0, 0);
  });

  it('exit with 1 and what is wrong when the script cannot run', async () => {
    await using folder = await folderWith({ 'bad.js': 'let a = ;' });
    await using _running = await start(folder, { scripts: { token: TOKEN } });
    expect(await pulsegate(['scripts', 'start', 'bad'], folder.path)).toEqual({
      code: 1,
      stdout: '',
      stderr: "bad: failed: bad.js:1:9: SyntaxError: Unexpected token ';'\n",
    });
  });

  it('exit with 1 when there is no such script, and say which there are', async () => {
    await using folder = await folderWith({ 'hum.js': STEADY });
    await using _running = await start(folder, { scripts: { token: TOKEN } });
    for (const action of ['start', 'stop', 'restart']) {
      expect(await pulsegate(['scripts', action, 'him'], folder.path)).toEqual({
        code: 1,
        stdout: '',
        stderr: 'There is no script "him"; there are hum\n',
      });
    }
  });

  it('exit with 1 when no gateway runs', async () => {
    await using folder = await folderWith({ 'hum.js': STEADY });
    await folder.write('pulsegate.yml', { http: { port: 9 }, scripts: { token: TOKEN } });
    expect(await pulsegate(['scripts', 'start', 'hum'], folder.path)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'No gateway runs on 127.0.0.1:9; start it with "pulsegate start", and its scripts with it\n',
    });
  });

  it('exit with 1 when no token is configured, or another one; stopping needs none', async () => {
    await using folder = await folderWith({ 'hum.js': STEADY });
    await using running = await start(folder);
    const { code, stderr } = await pulsegate(['scripts', 'start', 'hum'], folder.path);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Scripts are started over HTTP only with a token; set scripts\.token \(or http\.token\)/);
    expect(await pulsegate(['scripts', 'stop', 'hum'], folder.path)).toMatchObject({ code: 0, stdout: 'hum: off\n' });

    await using other = await start(folder, { scripts: { token: TOKEN } });
    await folder.write('wrong.yml', { http: { port: other.port }, scripts: { token: `${TOKEN}-of-another` } });
    const wrong = await pulsegate(['scripts', 'start', 'hum', '-c', 'wrong.yml'], folder.path);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain(`The gateway on 127.0.0.1:${other.port} asks for a token`);
    expect(running.port).not.toBe(other.port);
  });

  it.each([
    [['scripts', 'hum']],
    [['scripts', 'start']],
    [['script', 'check']],
    [['script', 'run']],
    [['script', 'run', 'a.js', '--fast']],
  ])('show how it is done when the command line makes no sense: %j', async (args) => {
    await using folder = await TestFolder.create();
    const { code, stdout, stderr } = await pulsegate(args, folder.path);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain('Usage: pulsegate script');
  });
});
