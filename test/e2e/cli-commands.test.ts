import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { refusalOfRuntime } from '../../core/cli/runtime.js';
import { GatewayProcess, pulsegate, TestFolder } from '../support/gateway-process.js';

/** The commands that look and do not run: what they print, and their exit codes. */

const BAD = ['http:', '  port: 70000', 'safety:', '  onPingTimout: driven', ''].join('\n');

describe('a bad configuration', () => {
  it.each([
    ['start', ['start', '--config', 'bad.yml']],
    ['config check', ['config', 'check', 'bad.yml']],
    ['plugins', ['plugins', '--config', 'bad.yml']],
  ])('makes "%s" exit with 2 and one line per mistake: file, line, key, what was expected', async (_name, args) => {
    await using folder = await TestFolder.create();
    await folder.write('bad.yml', BAD);
    const { code, stdout, stderr } = await pulsegate(args, folder.path);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toEqual([
      'bad.yml:2: http.port: found 70000, expected a whole number from 0 to 65535',
      'bad.yml:4: safety.onPingTimout: unknown key, did you mean "onPingTimeout"?',
    ]);
  });

  it('may be one that is fine by itself and unsafe as a whole', async () => {
    await using folder = await TestFolder.create();
    await folder.write('pulsegate.yml', 'http: { host: 0.0.0.0 }\n');
    const { code, stderr } = await pulsegate(['start'], folder.path);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^pulsegate\.yml:1: http\.host: .*access token/);
  });

  it('may be in the device settings: limits that cannot be read are not silently off', async () => {
    await using folder = await TestFolder.create();
    await folder.write('devices.yml', 'devices:\n  - features: 7\n');
    await folder.write('pulsegate.yml', 'devices: { settings: ./devices.yml }\n');
    const { code, stderr } = await pulsegate(['start', '--port', '0'], folder.path);
    expect(code).toBe(2);
    expect(stderr).toMatch(/devices\.yml:2: /);
  });

  it('may be a file that is not there', async () => {
    await using folder = await TestFolder.create();
    const { code, stderr } = await pulsegate(['start', '--config', 'none.yml'], folder.path);
    expect(code).toBe(2);
    expect(stderr).toBe('none.yml: there is no such file\n');
  });

  it('may be in the environment', async () => {
    await using folder = await TestFolder.create();
    const { code, stderr } = await pulsegate(['start'], folder.path, { PULSEGATE_HTTP_PORT: 'twelve' });
    expect(code).toBe(2);
    expect(stderr).toContain('PULSEGATE_HTTP_PORT: found "twelve", expected a whole number');
  });
});

describe('pulsegate config', () => {
  it('check says that a good file is good, and exits with 0', async () => {
    await using folder = await TestFolder.create();
    await folder.write('good.yml', 'http: { port: 4711 }\n');
    const { code, stdout, stderr } = await pulsegate(['config', 'check', 'good.yml'], folder.path);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'good.yml: ok\n', stderr: '' });
  });

  it('check loads third-party plugins, and judges their sections', async () => {
    await using folder = await TestFolder.create();
    const from = await folder.plugin('mine', 'return { start() {}, stop() {} };');
    await folder.write('good.yml', { plugins: { mine: { from } } });
    expect(await pulsegate(['config', 'check', 'good.yml'], folder.path)).toMatchObject({ code: 0 });
    await folder.write('bad.yml', `plugins:\n  mine:\n    from: ./nowhere\n`);
    const { code, stderr } = await pulsegate(['config', 'check', 'bad.yml'], folder.path);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^bad\.yml:3: plugins\.mine\.from: found "\.\/nowhere"/);
  });

  it('schema prints a JSON Schema with the gateway’s keys and the built-in plugins’', async () => {
    await using folder = await TestFolder.create();
    const { code, stdout } = await pulsegate(['config', 'schema'], folder.path);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: expect.stringContaining('json-schema.org'),
      properties: {
        http: { properties: { port: { default: 12345, maximum: 65535 } } },
        plugins: { properties: { 'transport-websocket': { properties: { heartbeat: { default: 5000 } } } } },
      },
    });
  });
});

describe('pulsegate plugins', () => {
  it('shows what the configuration says when no gateway runs', async () => {
    await using folder = await TestFolder.create();
    const from = await folder.plugin('mine', 'return { start() {}, stop() {} };');
    await folder.write('pulsegate.yml', {
      // Nothing listens on the port of "discard".
      http: { port: 9 },
      plugins: { 'hardware-simulated': { enabled: false }, mine: { from, required: true } },
    });
    const { code, stdout } = await pulsegate(['plugins'], folder.path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^NAME +KIND +STATE +ABOUT$/m);
    expect(stdout).toMatch(/^hardware-simulated +hardware +off +\S/m);
    expect(stdout).toMatch(/^transport-websocket +transport +enabled +\S/m);
    expect(stdout).toMatch(/^mine +extension +enabled, required +For a test$/m);
    expect(stdout).toContain('No gateway runs on this port');
  });

  it('shows how they fare in the gateway that runs, and why one does not', async () => {
    await using folder = await TestFolder.create();
    const from = await folder.plugin(
      'broken',
      `return { start() { throw new Error('no such adapter'); }, stop() {} };`,
    );
    const plugins = { broken: { from } };
    await using running = await GatewayProcess.start(folder, { plugins });
    await folder.write('asking.yml', { http: { port: running.port }, plugins });
    const { code, stdout } = await pulsegate(['plugins', '--config', 'asking.yml'], folder.path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^transport-websocket +transport +running +\S/m);
    expect(stdout).toMatch(/^broken +extension +unavailable +no such adapter$/m);
    expect(stdout).not.toContain('No gateway runs');
  });
});

describe('pulsegate catalogue search', () => {
  it.each(['Lovense Edge', 'lovense edge', 'EDGE'])('finds "%s"', async (text) => {
    await using folder = await TestFolder.create();
    const { code, stdout } = await pulsegate(['catalogue', 'search', text], folder.path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Lovense Edge +Lovense +lovense +bluetooth +Vibrate ×2, Battery$/m);
  });

  it('finds by protocol and by advertised name', async () => {
    await using folder = await TestFolder.create();
    for (const text of ['pulsegate-testbed', 'Pulsegate Testbed']) {
      const { stdout } = await pulsegate(['catalogue', 'search', text], folder.path);
      expect(stdout, text).toMatch(/^Pulsegate Testbed .*HwPositionWithDuration.*Button$/m);
    }
  });

  it('says so and exits with 1 when there is nothing', async () => {
    await using folder = await TestFolder.create();
    const { code, stdout } = await pulsegate(['catalogue', 'search', 'no such toy'], folder.path);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'No device matches "no such toy".\n' });
  });
});

describe('pulsegate catalogue check', () => {
  const text = `id: luma
brand: Luma Toys
bluetooth: { names: [Luma*], services: { fff0: { tx: fff2 } } }
models: [{ name: Luma, features: [{ vibrate: 20 }] }]
packets:
  vibrate: aa {value}
`;

  it('says what is in a definition, or what is wrong with it and where', async () => {
    await using folder = await TestFolder.create();
    await folder.write('luma.yml', text);
    expect(await pulsegate(['catalogue', 'check', 'luma.yml'], folder.path)).toEqual({
      code: 0,
      stdout: 'luma.yml: fine: protocol luma with Luma\n',
      stderr: '',
    });
    await folder.write('luma.yml', text.replace('vibrate: 20', 'vibrate: many'));
    const { code, stderr } = await pulsegate(['catalogue', 'check', 'luma.yml'], folder.path);
    expect(code).toBe(2);
    expect(stderr).toMatch(/luma\.yml:4: models\[0\]\.features\[0\]\.vibrate: found "many"/);
  });
});

describe('pulsegate catalogue import-settings', () => {
  const device = (address: string, features: readonly object[]) => ({
    identifier: { protocol: 'vorze-sa', identifier: 'VorzePiston', address },
    config: {
      base_id: 'b1b17b07-c5b8-4db4-97c4-ef1597cf2e59',
      features,
      user_config: { index: 3, display_name: 'Mine', deny: true },
    },
  });
  const limited = [
    { base_id: '7c8d7a1d-9e2f-4a92-83f3-42a0840b90bd', output: { hw_position_with_duration: { value: [10, 90] } } },
  ];
  const content = { version: { major: 4 }, user_configs: { devices: [device('Here', limited), device('There', [])] } };

  it('prints the settings in the form of the device settings, and says what it leaves out', async () => {
    await using folder = await TestFolder.create();
    await folder.write('user.json', content);
    const { code, stdout, stderr } = await pulsegate(['catalogue', 'import-settings', 'user.json'], folder.path);
    expect(code).toBe(0);
    expect(parse(stdout)).toEqual({
      devices: [
        {
          address: 'Here',
          protocol: 'vorze-sa',
          index: 3,
          displayName: 'Mine',
          features: { 0: { HwPositionWithDuration: { range: [10, 90] } } },
          deny: true,
        },
      ],
    });
    expect(stderr).toBe('The device at There is left out: it has 0 features, and Vorze Piston has 1\n');
  });

  it('writes a file that the gateway takes, and never over one that is there', async () => {
    await using folder = await TestFolder.create();
    await folder.write('user.json', content);
    const args = ['catalogue', 'import-settings', 'user.json', '--output', 'mine.yml'];
    expect(await pulsegate(args, folder.path)).toMatchObject({
      code: 0,
      stdout: 'The settings of 1 device are in mine.yml\n',
    });
    const config = await folder.write('pulsegate.yml', { devices: { settings: './mine.yml' } });
    expect(await pulsegate(['config', 'check', config], folder.path)).toMatchObject({ code: 0 });
    expect(await pulsegate(args, folder.path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is a file mine.yml already; it is left alone'),
    });
  });

  it('says what is wrong with a file that is none', async () => {
    await using folder = await TestFolder.create();
    await folder.write('user.json', '{');
    const { code, stderr } = await pulsegate(['catalogue', 'import-settings', 'user.json'], folder.path);
    expect(code).toBe(2);
    expect(stderr).toMatch(/user\.json: found no JSON/);
  });
});

describe('a command line that makes no sense', () => {
  it.each([
    [['fly']],
    [['start', '--port', 'x']],
    [['start', '--port', '65536']],
    [['start', '--log-level', 'loud']],
    [['start', '--fast']],
    [['catalogue', 'search']],
  ])('%j exits with 1, and shows how it is done', async (args) => {
    await using folder = await TestFolder.create();
    const { code, stdout, stderr } = await pulsegate(args, folder.path);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain('Usage: pulsegate');
  });
});

describe('a Node.js that is too old', () => {
  it('is told before anything else is loaded, with what to do', async () => {
    await using folder = await TestFolder.create();
    const pretend = encodeURIComponent("Object.defineProperty(process.versions, 'node', { value: '22.21.1' })");
    const { code, stdout, stderr } = await pulsegate(['start'], folder.path, {
      NODE_OPTIONS: `--import=data:text/javascript,${pretend}`,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Pulsegate needs Node\.js 24 or newer, and this is 22\.21\.1\. .+\n$/);
  });

  it('is the one that the package declares', async () => {
    const manifest: unknown = parse(await readFile('package.json', 'utf8'));
    expect(manifest).toHaveProperty('engines.node', '>=24');
    expect(refusalOfRuntime('24.0.0')).toBeUndefined();
    expect(refusalOfRuntime('23.11.0')).toContain('needs Node.js 24');
  });
});
