import { type Attempt, alike } from './escape-attempt.js';

/** Modules, files, addresses and keys that are not the script's own. */

/** Each is a script of its own, in a folder of its own: an import that fails keeps all of it from running. */
const imports = (ends: RegExp, specifiers: Readonly<Record<string, string>>): readonly Attempt[] =>
  Object.entries(specifiers).map(([what, specifier]) => ({
    name: `an import of ${what}`,
    code: {
      'index.js': `import * as found from ${JSON.stringify(specifier)}; console.log(Object.keys(found).join(), JSON.stringify(found));`,
    },
    says: [],
    ends,
  }));

const FETCHED = [
  'http://127.0.0.1/',
  'http://localhost:80/api/scripts',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://metadata.google.internal/',
  'http://[fd00:ec2::254]/',
  'http://example.org@127.0.0.1/',
  'http://127.0.0.1#example.org',
  'http:\\\\127.0.0.1\\',
  'https://localhost./',
  'file:///etc/passwd',
  'data:text/plain,x',
  'ws://127.0.0.1/',
  'blob:null/1',
  '//127.0.0.1/',
  'unix:/var/run/docker.sock',
];

const READ = [
  '../secret.json',
  './../keeper/secret.json',
  '/etc/passwd',
  'file:///etc/passwd',
  '..\\\\secret.json',
  './%2e%2e/secret.json',
  './own/../../secret.json',
  './out.json',
  './up/secret.json',
  './pipe.json',
  './folder.json',
  './zeros.json',
  './round.json',
  'node:fs',
  '',
  '.',
];

const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  '../../x',
  '../script-keeper.json',
  'keeper/secret',
  '\\\\..\\\\x',
  '\\0',
  '\\ud83d',
  'script-keeper',
  'x'.repeat(200),
];

export const files: readonly Attempt[] = [
  ...imports(/cannot be imported/, {
    'a module of node': 'node:fs',
    'a module of node without its scheme': 'fs',
    'a process of node': 'node:child_process',
    'the engine': 'isolated-vm',
    'the gateway': 'pulsegate',
    'the plugin API': 'pulsegate/plugin',
    'the runtime': 'pulsegate:runtime.js',
    'the way out of the sandbox': 'pulsegate:port.js',
    'what every object has': 'pulsegate:constructor',
    'the cron library': 'pulsegate:cron',
    'the runtime by its short name': 'runtime',
    'the main module': 'main',
    'an absolute path': '/etc/passwd',
    'a file URL': 'file:///etc/passwd',
    'a data URL': 'data:text/javascript,export default 1',
    'a web page': 'http://127.0.0.1/x.js',
    'a file of another script': '../keeper/secret.js',
    'another script': '../steady.js',
    'a file of another script by a detour': './own/../../keeper/secret.js',
    'a file of another script in escapes': './%2e%2e/keeper/secret.js',
    'a file of another script with backslashes': '..\\keeper\\secret.js',
    'a file with a query': './secret.js?query',
    'a file that is no module': './secret.txt',
    'a drive': 'C:\\secret.js',
    nothing: '',
  }),
  ...imports(/is a link to something outside/, {
    'a link that leads out': './out.js',
    'a folder that is a link': './up/keeper/secret.js',
    'a device': './zeros.js',
  }),
  ...imports(/is a link that leads nowhere/, { 'a link to itself': './round.js' }),
  ...imports(/is not a file/, { 'a named pipe': './pipe.js', 'a folder': './folder.js' }),
  ...alike(
    {
      'a dynamic import of node': `'node:fs'`,
      'a dynamic import of a neighbour': `'../keeper/secret.js'`,
      'a dynamic import of its own': `'./own.js'`,
      'a dynamic import of an object': `{ toString: () => 'node:fs' }`,
      'a dynamic import with attributes': `'./own.json', { with: { type: 'json' } }`,
    },
    { says: ['refused'], ends: 'finished' },
    (specifier) =>
      `await import(${specifier}).then((found) => console.log(JSON.stringify(found)), () => console.log('refused'));`,
  ),
  {
    name: 'an import with attributes',
    code: { 'index.js': `import found from './own.json' with { type: 'bytes' }; console.log(found);`, 'own.json': '1' },
    ends: 'anyhow',
  },
  {
    name: 'JSON that is code',
    code: {
      'index.js': `import a from './a.json'; console.log(Object.hasOwn(a, '__proto__'), a.text.length, Object.getPrototypeOf(a) === Object.prototype);`,
      'a.json': '{ "__proto__": { "polluted": true }, "text": "`{process}` \\u2028\\"); process.exit();//" }',
    },
    says: ['true 34 true'],
    ends: 'finished',
  },
  {
    name: 'JSON that is not',
    code: { 'index.js': `import a from './a.json';`, 'a.json': '1); process.exit(); (1' },
    ends: /is not JSON/,
  },
  ...alike(
    { 'files of others': READ.map((path) => `'${path}'`).join() },
    { says: READ.map(() => 'refused'), ends: 'finished' },
    (paths) => `import { load } from 'pulsegate:funscript';
      for (const path of [${paths}]) await load(path).then((found) => console.log(JSON.stringify(found)), ({ message }) => console.log(/JSON/.test(message) ? message : 'refused'));`,
  ).map(({ code, ...rest }): Attempt => ({ ...rest, code: { 'index.js': String(code), 'own/x.json': '1' } })),
  {
    name: 'hosts that nobody granted',
    code: `for (const url of ${JSON.stringify(FETCHED)}) await http.fetch(url).then(({ status }) => console.log(url, status), ({ message }) => console.log(/granted|no address|Only http|do not belong/.test(message) ? 'refused' : message));`,
    says: FETCHED.map(() => 'refused'),
    ends: 'finished',
  },
  {
    name: 'a header that grants what was denied',
    code: `/* pulsegate
devices: all
http: [localhost, "private:localhost:1", 127.0.0.1]
mqtt: { subscribe: ["#"], publish: ["#"] }
limits: { cpuMs: 10000, memoryMb: 512, logLinesPerSecond: 1000, messagesPerSecond: 10000 }
*/
      console.log(devices.length, devices.find(1));
      for (const ask of [http.fetch('http://localhost/'), http.fetch('http://127.0.0.1/'), mqtt.subscribe('#', () => {}), mqtt.publish('a', 'b')]) await ask.catch(({ message }) => console.log(/grant/.test(message)));
      for (;;);`,
    each: { http: [], mqtt: {}, limits: { cpuMs: 50, memoryMb: 32, logLinesPerSecond: 50, messagesPerSecond: 200 } },
    says: ['1 undefined', 'true', 'true', 'true', 'true'],
    ends: /50 ms of CPU time/,
  },
  {
    name: 'a header that is a trap',
    code: `/* pulsegate\n${'a: &a [*a]\n'}devices: !!js/function "function () { return process }"\n*/ console.log(1);`,
    ends: 'invalid',
  },
  {
    name: 'a header that repeats itself',
    code: `/* pulsegate\n${Array.from({ length: 20 }, (_, at) => `a${at}: &a${at} [${at === 0 ? '1' : `*a${at - 1}, *a${at - 1}`}]`).join('\n')}\n*/ console.log(1);`,
    ends: 'invalid',
  },
  {
    name: 'keys that are paths',
    code: `
      const keys = [${KEYS.map((key) => `'${key}'`).join()}];
      for (const key of keys) await storage.set(key, { key, __proto__: null, ['__proto__']: 1 });
      for (const key of keys) if ((await storage.get(key)).key.length !== key.length) console.log('lost', key);
      console.log((await storage.keys()).length, typeof await storage.get('secret'), ({}).key, await storage.get('valueOf'));
      await storage.clear();`,
    says: [`${KEYS.length} undefined undefined undefined`],
    ends: 'finished',
  },
  {
    name: 'an entry of five megabytes',
    code: `console.log(1); // ${'x'.repeat(5_000_000)}`,
    says: [],
    ends: 'invalid',
  },
  { name: 'an entry of zeros', code: `console.log(1);\0${'\0'.repeat(1000)}`, says: [], ends: /SyntaxError/ },
  {
    name: 'TypeScript ten thousand deep',
    code: {
      'index.js': `import './deep.ts';`,
      'deep.ts': `const x: number = ${'('.repeat(10_000)}1${')'.repeat(10_000)};`,
    },
    says: [],
    ends: /cannot be read as TypeScript|call stack|deep/,
  },
  {
    name: 'JavaScript a hundred thousand deep',
    code: `const x = ${'['.repeat(100_000)}${']'.repeat(100_000)};`,
    says: [],
    ends: /call stack/,
  },
  {
    name: 'two hundred imports',
    code: {
      'index.js': Array.from({ length: 200 }, (_, at) => `import './m${at}.js';`).join('\n'),
      ...Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`m${at}.js`, 'export {};'])),
    },
    says: [],
    ends: /100 modules/,
  },
  {
    name: 'imports in a circle',
    code: {
      'index.js': `import { b } from './b.js'; export const a = 1; console.log(b());`,
      'b.js': `import { a } from './index.js'; import './b.js'; export const b = () => a;`,
    },
    says: ['1'],
    ends: 'finished',
  },
  {
    name: 'imports in a circle that wait for each other',
    code: {
      'index.js': `import './b.js'; console.log('index');`,
      'b.js': `import './c.js'; await sleep(1); console.log('b');`,
      'c.js': `import './b.js'; await sleep(1); console.log('c');`,
    },
    says: ['c', 'b', 'index'],
    ends: 'finished',
  },
  {
    name: 'a module that ends in a comment',
    code: {
      'index.js': `#!/usr/bin/env pulsegate\nimport './a.js'; console.log('b') // the end`,
      'a.js': `console.log('a')\n/* the end */ // `,
    },
    says: ['a', 'b'],
    ends: 'finished',
  },
  {
    name: 'a module that never finishes',
    code: { 'index.js': `import './never.js'; console.log(1);`, 'never.js': 'await new Promise(() => {});' },
    says: [],
    ends: /waits at its top level/,
  },
];
