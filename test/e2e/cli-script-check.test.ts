import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pulsegate, TestFolder } from '../support/gateway-process.js';

/** `pulsegate script check`: what it says, and its exit codes. */

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Writes these files, and checks the first of them. */
async function check(files: Readonly<Record<string, string>>, ...given: readonly string[]) {
  await using folder = await TestFolder.create();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder.path, name, '..'), { recursive: true });
    await folder.write(name, text);
  }
  const names = given.length > 0 ? given : Object.keys(files).slice(0, 1);
  const { code, stdout, stderr } = await pulsegate(['script', 'check', ...names], folder.path);
  return { code, said: lines(stdout), errors: lines(stderr) };
}

const lines = (text: string) => text.split('\n').filter(Boolean);

const MAY_IMPORT =
  'a script may import files in its own folder, such as "./lib.js", and the modules whose names begin with "pulsegate:"';

describe('a script that is fine', () => {
  it('is called so, with what it asks for in plain words', async () => {
    const header = `/* pulsegate
 * devices: [{ name: "Lovense *", features: [Vibrate] }, { index: 3 }]
 * http: [api.example.org]
 * mqtt: { subscribe: ["home/#"], publish: [home/toy] }
 */
`;
    expect(
      await check({
        'scene.js': `${header}import { level } from './lib.js'; console.log(level);`,
        'lib.js': 'export const level = 1;',
      }),
    ).toEqual({
      code: 0,
      said: [
        'scene.js: ok; asks for: devices: Lovense * (only Vibrate), index 3; http: api.example.org; mqtt: subscribe home/#; publish home/toy',
      ],
      errors: [],
    });
  });

  it.each([
    ['', 'all devices'],
    ['devices: none', 'no devices'],
    ['devices: all', 'all devices'],
  ])('asks with "%s" for %s', async (line, words) => {
    const { said } = await check({ 'scene.js': `/* pulsegate\n * description: a test\n * ${line}\n */` });
    expect(said).toEqual([`scene.js: ok; asks for: ${words}`]);
  });

  it('may be a folder with an index file, in TypeScript, and is named as it was given', async () => {
    const files = {
      'scene/index.ts': `import { level } from './lib.js'; import data from './data.json';
        const toy: PulsegateDevice = await devices.first(); await toy.vibrate(level * data.share);`,
      'scene/lib.ts': 'export const level: number = 0.5;',
      'scene/data.json': '{ "share": 0.5 }',
    };
    expect(await check(files, './scene')).toMatchObject({
      code: 0,
      said: ['scene/index.ts: ok; asks for: all devices'],
    });
  });

  it('does not run, and neither do its modules', async () => {
    const loud = 'throw new Error("this has run");';
    const files = { 'loud.js': `import './lib.js'; ${loud}`, 'lib.js': `${loud} export {};` };
    expect(await check(files)).toMatchObject({ code: 0, errors: [] });
  });
});

describe('a script that the gateway would refuse', () => {
  it('has mistakes in its header, one line each, and exits with 2', async () => {
    const { code, errors, said } = await check({
      'scene.js': '/* pulsegate\n * enabled: perhaps\n * descripton: a test\n */\n',
    });
    expect({ code, said }).toEqual({ code: 2, said: [] });
    expect(errors).toEqual([
      'scene.js:2: enabled: found "perhaps", expected true or false',
      'scene.js:3: descripton: unknown key, did you mean "description"?',
    ]);
  });

  it('may have a header that is wrong and a text that is wrong, and both are said', async () => {
    const text = '/* pulsegate\n * enabled: perhaps\n */\nenum Level { Low }';
    const { code, errors } = await check({ 'scene.ts': text });
    expect(code).toBe(2);
    expect(errors[0]).toMatch(/^scene\.ts:2: enabled: found "perhaps"/);
    expect(errors[1]).toMatch(/^scene\.ts:4:1: TypeScript enum is not supported/);
  });

  it('has hosts in its header that are none', async () => {
    const { code, errors } = await check({ 'scene.js': '/* pulsegate\n * http: [999.1.1.1]\n */\n' });
    expect(code).toBe(2);
    expect(errors[0]).toMatch(/^scene\.js: http: "999\.1\.1\.1" names no host/);
  });

  it.each([
    ['cannot be read', { 'a.js': 'let a = 1;\nlet b = ;\n' }, "a.js:2:9: SyntaxError: Unexpected token ';'"],
    [
      'imports something that cannot be read',
      { 'a.js': "import './lib/b.js';", 'lib/b.js': '\nexport const b = ;' },
      "lib/b.js:2:18: SyntaxError: Unexpected token ';'",
    ],
    [
      'imports what another module does not have',
      { 'a.js': "import './b.js';", 'b.js': "\nimport { c } from './c.js';", 'c.js': 'export const d = 1;' },
      "b.js:2:19: SyntaxError: The requested module './c.js' does not provide an export named 'c'",
    ],
    [
      'imports what is not there',
      { 'a.js': "import './b.js';", 'b.js': "// './c.js'\nimport './c.js';" },
      'b.js:2:8: "c.js" is not there; b.js imports it',
    ],
    [
      'imports from outside its folder',
      { 'a.js': '\nexport { x } from "../x.js";' },
      `a.js:2:19: "../x.js" cannot be imported: ${MAY_IMPORT}`,
    ],
    [
      'imports a module of Node.js',
      { 'a.js': "import { readFile } from 'node:fs';" },
      `a.js:1:26: "node:fs" cannot be imported: ${MAY_IMPORT}`,
    ],
    [
      'imports a module of the gateway that does not exist',
      { 'a.js': "import { wave } from 'pulsegate:patterns';\nimport 'pulsegate:magic';" },
      'a.js:2:8: there is no module "pulsegate:magic"; pulsegate-script.d.ts shows those there are',
    ],
    [
      'imports TypeScript that is more than types',
      { 'a.ts': "import './b.js';", 'b.ts': '\n  enum Level { Low }' },
      'b.ts:2:3: TypeScript enum is not supported: only TypeScript that becomes JavaScript when its types are left out is',
    ],
  ])('%s', async (_name, files, line) => {
    expect(await check(files)).toMatchObject({ code: 1, errors: [line] });
  });

  it.each([
    ['nothing.js', 'nothing.js: there is no such file'],
    ['notes.txt', 'notes.txt: the name of a script ends in .js, .mjs, .ts or .mts'],
    ['empty', 'empty: there is no script in this folder; it needs index.js, index.mjs, index.ts or index.mts'],
    ['both', 'both: index.js and index.mjs make the same name; rename or remove all but one'],
  ])('is no script: %s', async (given, line) => {
    const files = { 'notes.txt': '', 'empty/lib.js': '', 'both/index.js': '', 'both/index.mjs': '' };
    expect(await check(files, given)).toEqual({ code: 1, said: [], errors: [line] });
  });

  it('does not hide the others, and the worst decides about the exit code', async () => {
    const files = { 'good.js': '', 'bad.js': 'let a = ;', 'worse.js': '/* pulsegate\n * enabled: perhaps\n */' };
    const { code, said, errors } = await check(files, 'worse.js', 'bad.js', 'good.js');
    expect(code).toBe(2);
    expect(said).toContain('good.js: ok; asks for: all devices');
    expect(errors.map((line) => line.split(':', 1)[0])).toEqual(['worse.js', 'bad.js']);
  });
});

describe('types', () => {
  it('are those of the API, and not those of Node.js or of packages around', async () => {
    const node = 'declare const process: { exit(): void };';
    const { code, errors } = await check({
      'scene.js': ["const toy = devices.find('x');", 'toy.vibrat(1);', 'toy.vibrate("much");', 'process.exit();'].join(
        '\n',
      ),
      'node_modules/@types/node/index.d.ts': node,
      'node_modules/@types/node/package.json': '{ "name": "@types/node", "version": "1.0.0", "types": "index.d.ts" }',
    });
    expect(code).toBe(1);
    expect(errors).toEqual([
      "scene.js:2:5: Property 'vibrat' does not exist on type 'PulsegateDevice'. Did you mean 'vibrate'?",
      "scene.js:3:13: Argument of type 'string' is not assignable to parameter of type 'number'.",
      "scene.js:4:1: Cannot find name 'process'.",
    ]);
  });

  it('are strict in TypeScript, and not in JavaScript', async () => {
    const text = "devices.find('x').vibrate(1);\nfunction unused(level) { return level; }\n";
    expect(await check({ 'a.js': text })).toMatchObject({ code: 0 });
    expect((await check({ 'a.ts': text })).errors).toEqual([
      "a.ts:1:1: Object is possibly 'undefined'.",
      "a.ts:2:17: Parameter 'level' implicitly has an 'any' type.",
    ]);
  });

  it('are checked in modules too, and a copy of the API beside the script does no harm', async () => {
    await using folder = await TestFolder.create();
    await cp(join(PROJECT, 'pulsegate-script.d.ts'), join(folder.path, 'pulsegate-script.d.ts'));
    await folder.write('a.js', '/// <reference path="./pulsegate-script.d.ts" />\nimport "./b.js";');
    await folder.write('b.js', 'export const pause = sleep("long");');
    const { code, stderr } = await pulsegate(['script', 'check', 'a.js'], folder.path);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "b.js:1:28: Argument of type 'string' is not assignable to parameter of type 'number'.\n",
    });
  });

  it('are left out without TypeScript, which is said, and no compiler in the folder of the script is used', async () => {
    await using folder = await TestFolder.create();
    const cli = await installWithoutTypescript(join(folder.path, 'pulsegate'));
    const trap = join(folder.path, 'work/scene/node_modules/typescript');
    await mkdir(trap, { recursive: true });
    await folder.write('work/scene/index.js', 'devices.noSuchThing();');
    await folder.write(
      'work/scene/node_modules/typescript/package.json',
      '{ "version": "7.0.0", "bin": { "tsc": "./tsc.js" } }',
    );
    await folder.write(
      'work/scene/node_modules/typescript/tsc.js',
      'console.log("index.js(1,1): error TS1: trapped");',
    );
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, 'script', 'check', 'scene'], {
      cwd: join(folder.path, 'work'),
    });
    expect({ stdout, stderr }).toEqual({
      stdout: 'scene/index.js: ok; asks for: all devices\ntypes were not checked: npm install typescript\n',
      stderr: '',
    });
  });
});

describe('what the header does not grant', () => {
  it('is warned of where it is used', async () => {
    const text = [
      'http.fetch("http://x");',
      'mqtt.subscribe("a", () => {});',
      'const my = { http: { fetch() {} } }; my.http.fetch();',
      'mqtt.publish("a", 1);',
    ];
    const { code, said } = await check({ 'a.js': `/* pulsegate\n * mqtt: { publish: [a] }\n */\n${text.join('\n')}` });
    expect(code).toBe(0);
    const end = 'only scripts.each in the configuration might';
    expect(said).toEqual([
      `warning: a.js:4:1: this will be refused: the header grants nothing under http, ${end}`,
      `warning: a.js:5:1: this will be refused: the header grants nothing under mqtt.subscribe, ${end}`,
      'a.js: ok; asks for: all devices; mqtt: publish a',
    ]);
  });
});

/** The package as somebody has it who has not installed TypeScript. Returns its command. */
async function installWithoutTypescript(folder: string): Promise<string> {
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  for (const name of ['dist', 'package.json']) await cp(join(PROJECT, name), join(folder, name), { recursive: true });
  for (const name of await readdir(join(PROJECT, 'node_modules'))) {
    if (name !== 'typescript') await symlink(join(PROJECT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return join(folder, 'dist/core/cli.js');
}
