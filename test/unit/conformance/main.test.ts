import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { main } from '../../conformance/main.js';
import { bach, bachWrite, buzz, commands, messages } from './support.js';

const GOOD = bach(buzz(0.5), commands(bachWrite('32')));
const BAD = bach(buzz(0.5), commands(bachWrite('33')));
const UNKNOWN = 'devices: [{ identifier: { name: Nobody Knows Me } }]\ndevice_commands: []\n';

describe('npm run conformance', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  /** Lines and exit code for a folder with these files. */
  async function run(files: Readonly<Record<string, string>>, ...args: string[]) {
    const cwd = await mkdtemp(join(tmpdir(), 'pulsegate-cases-'));
    folders.push(cwd);
    await mkdir(join(cwd, 'cases'));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(cwd, 'cases', name)), { recursive: true });
      await writeFile(join(cwd, 'cases', name), text);
    }
    const lines: string[] = [];
    const exitCode = await main(['cases', ...args], { cwd, print: (line) => lines.push(line) });
    return { lines, exitCode };
  }

  it('counts every version of every case, and is content', async () => {
    const { lines, exitCode } = await run({ 'a.yaml': GOOD, 'b.yml': GOOD, 'readme.txt': 'not a case' });
    expect(lines).toEqual(['runs by spec version: v4 2, v3 2, v2 2, v1 2, v0 2', '10 passed, 0 failed']);
    expect(exitCode).toBe(0);
  });

  it('has a line for each failure, with expected and actual bytes, and fails', async () => {
    const { lines, exitCode } = await run({ 'a.yaml': GOOD, 'b.yaml': BAD });
    expect(lines.at(-1)).toBe('5 passed, 5 failed');
    expect(lines[0]).toMatch(
      /^failed: b v4: b\.yaml:\d+: command 1 of 1: expected Write tx with response \[06 03 33\] "\.\.3", got Write tx with response \[06 03 32\] "\.\.2"$/,
    );
    expect(lines.filter((line) => line.startsWith('failed: '))).toHaveLength(5);
    expect(exitCode).toBe(1);
  });

  it('leaves out versions that cannot work, and says why when asked', async () => {
    const twoSpeeds = bach(messages('!Rotate [{ Index: 0, Speed: 1, Clockwise: true }]')).replace(
      'Bach smart',
      'CycSA',
    );
    const { lines } = await run({ 'a.yaml': twoSpeeds }, '--verbose');
    expect(lines).toContain('passed: a v1');
    expect(lines).toContain('left out: a v0: clients of version 0 cannot send its Rotate');
    expect(lines.at(-1)).toBe('4 passed, 0 failed');
  });

  it('lets the announced vibrators decide about version 0', async () => {
    const oneOfTwo = bach(buzz(0.5)).replace('Bach smart', 'OMORFI');
    const { lines } = await run({ 'a.yaml': oneOfTwo }, '--verbose');
    expect(lines).toContain('left out: a v0: clients of version 0 have one speed for all vibrators');
  });

  it('skips a device that is not in the catalogue, and lists it at the end', async () => {
    const { lines, exitCode } = await run({ 'a.yaml': UNKNOWN, 'b.yaml': GOOD });
    expect(lines).toEqual([
      'skipped: a: no protocol in the catalogue claims "Nobody Knows Me" yet',
      'runs by spec version: v4 1, v3 1, v2 1, v1 1, v0 1',
      'cases skipped: 1',
      '5 passed, 0 failed',
    ]);
    expect(exitCode).toBe(0);
  });

  const DATABASE = JSON.stringify({
    version: { major: 4 },
    protocols: {
      'vorze-sa': {
        communication: [
          {
            btle: {
              names: ['Bach smart'],
              services: { '40ee1111-63ec-4b7f-8ce7-712efd55b90e': { tx: '40ee2222-63ec-4b7f-8ce7-712efd55b90e' } },
            },
          },
        ],
        configurations: [
          {
            identifier: ['Bach smart'],
            name: 'Its own',
            protocol_variant: 'vorze-sa-single-vibrator',
            features: [{ index: 0, output: { vibrate: { value: [0, 100] } } }],
          },
        ],
      },
    },
  });
  const RENAMED = GOOD.replace('device_commands', '    expected_name: Its own\ndevice_commands');

  it('plays with a database that the case brings', async () => {
    const files = { 'a.yaml': `device_config_file: x.json\n${RENAMED}`, 'config/x.json': DATABASE };
    expect((await run(files)).lines.at(-1)).toBe('5 passed, 0 failed');
    const damaged = await run({ ...files, 'config/x.json': '{' });
    expect(damaged.lines[0]).toMatch(/^failed: a: .*x\.json: found no JSON/);
    expect(damaged.exitCode).toBe(1);
  });

  it('plays all with the database that is named', async () => {
    const { lines } = await run({ 'a.yaml': RENAMED, '../x.json': DATABASE }, '--device-config', 'x.json');
    expect(lines.at(-1)).toBe('5 passed, 0 failed');
  });

  it('plays with the settings of a user configuration', async () => {
    const config = (max: number) => ({
      version: { major: 4 },
      user_configs: {
        devices: [
          {
            identifier: { address: 'Here', protocol: 'vorze-sa', identifier: 'Bach smart' },
            config: {
              base_id: '2923a929-572c-472a-be12-ff5970f0b2b7',
              features: [{ base_id: '447dbcfa-c295-4880-afba-93e24499a78d', output: { vibrate: { value: [0, max] } } }],
              user_config: { index: 0, display_name: 'Mine' },
            },
          },
        ],
      },
    });
    const text = GOOD.replace('name: Bach smart', 'name: Bach smart, address: Here').replace(
      'device_commands',
      '    expected_display_name: Mine\ndevice_commands',
    );
    const withConfig = (max: number) =>
      run({ 'a.yaml': `user_device_config_file: u.json\n${text}`, 'config/u.json': JSON.stringify(config(max)) });
    expect((await withConfig(100)).lines.at(-1)).toBe('5 passed, 0 failed');
    const halved = await withConfig(50);
    expect(halved.lines[0]).toMatch(/expected .*\[06 03 32\].* got .*\[06 03 19\]/);
    expect(halved.exitCode).toBe(1);
  });

  it('does not count the failures of a case that nobody vouches for', async () => {
    const { lines, exitCode } = await run({ 'test_jejoue_protocol.yaml': BAD, 'b.yaml': GOOD });
    expect(lines[0]).toMatch(/^doubtful: test_jejoue_protocol v4: .* but it was never run$/);
    expect(lines.slice(-2)).toEqual(['doubtful runs, not counted: 5', '5 passed, 0 failed']);
    expect(exitCode).toBe(0);
  });

  it('counts a file that is no case as a failure', async () => {
    const { lines, exitCode } = await run({ 'a.yaml': 'devices: []', 'b.yaml': GOOD });
    expect(lines[0]).toMatch(/^failed: a\.yaml: a\.yaml: not a device case: devices /);
    expect(lines.at(-1)).toBe('5 passed, 1 failed');
    expect(exitCode).toBe(1);
  });

  it('runs only what is asked for', async () => {
    const { lines } = await run({ 'a.yaml': GOOD, 'b.yaml': BAD }, '--only', 'a');
    expect(lines.at(-1)).toBe('5 passed, 0 failed');
  });

  it.each([
    ['no case of that name', { 'a.yaml': GOOD }, ['--only', 'zzz'], /has "zzz" in its name$/],
    ['an empty folder', {}, [], /^There are no device cases \(\*\.yaml\) in /],
    [
      'a device configuration file that is not there',
      { 'a.yaml': GOOD },
      ['--device-config', 'x.json'],
      /x\.json: found a file that cannot be read/,
    ],
    ['an option that is none', { 'a.yaml': GOOD }, ['--fast'], /^Unknown option '--fast'/],
    ['two folders', { 'a.yaml': GOOD }, ['more'], /^One folder at a time/],
  ])('answers %s with one sentence and exit code 2', async (_what, files, args, sentence) => {
    const { lines, exitCode } = await run(files, ...args);
    expect(lines).toEqual([expect.stringMatching(sentence)]);
    expect(exitCode).toBe(2);
  });

  it('answers a folder that is not there with one sentence and exit code 2', async () => {
    const lines: string[] = [];
    expect(await main(['nowhere'], { cwd: '/', print: (line) => lines.push(line) })).toBe(2);
    expect(lines).toEqual(['There is no folder /nowhere']);
  });
});
