import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import { ScriptSettings } from '../../../core/config/script-settings.js';
import { scripts as section } from '../../../core/config/scripts-section.js';
import { branchesOf, isSectionSchema, itemsOf, keyword, propertiesOf } from '../../../core/config/shape.js';
import type { ScriptState } from '../../../core/scripting/script.js';
import { TestFolder } from '../../support/gateway-process.js';
import { type LiveGateway, startLive, TESTBED } from '../../support/live-gateway.js';
import { bootScripts } from '../../support/scripting/boot-scripts.js';
import { TestBroker } from '../../support/scripting/mqtt-broker.js';
import { mqttPlugin } from '../../support/scripting/mqtt-plugin.js';
import { writeScript } from '../../support/scripting/write-script.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** docs/scripting.md and the scripts in the README, held against what there is. */

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = await readFile(join(root, 'docs/scripting.md'), 'utf8');
const readme = await readFile(join(root, 'README.md'), 'utf8');
const api = await readFile(join(root, 'pulsegate-script.d.ts'), 'utf8');

/** What stands below a heading, up to the next one that is no smaller. */
function chapter(title: string): string {
  const [marks = '', text = ''] = new RegExp(`^(#+) ${title}\\n(.*)`, 'ms').exec(page)?.slice(1) ?? [];
  return text.split(new RegExp(`^#{1,${marks.length}} `, 'm'))[0] ?? '';
}

interface Block {
  readonly language: string;
  /** From the folder of the scripts, as its first line or the line above says; undefined when it is no file. */
  readonly path: string | undefined;
  readonly text: string;
}

const blocksOf = (text: string): Block[] =>
  [...text.matchAll(/(?:^\*\*`(\S+)`\*\*\n\n)?^```(\w+)\n(.*?)^```$/gms)].map(
    ([, title, language = '', code = '']): Block => ({
      language,
      path: title ?? /^\/\/ (\S+\.[jt]s)\n/.exec(code)?.[1],
      text: code,
    }),
  );

/** Every example in the table of patterns, with the name of its function. */
const patterns = new Map(
  [...chapter('Patterns').matchAll(/^\| `((\w+)\(.*?\))` +\|/gm)].map(([, example = '', name = '']) => [name, example]),
);
const patternTable = `import { ${[...patterns.keys()].join(', ')} } from 'pulsegate:patterns';
for (const pattern of [${[...patterns.values()].join(', ')}]) {
  const level = pattern(100);
  if (!(level >= 0 && level <= 1)) throw new Error('the level is ' + level);
}`;

const files = [
  ...blocksOf(page),
  ...blocksOf(readme),
  { language: 'js', path: 'pattern-table.js', text: patternTable },
].filter((block): block is Block & { readonly path: string } => block.path !== undefined);

/** What each script consists of, text by path. */
const scripts = new Map(
  [...Map.groupBy(files, ({ path }) => path.replace(/\/.*|\.[jt]s$/g, ''))].map(([name, own]) => [
    name,
    Object.fromEntries(own.map(({ path, text }) => [path, text])),
  ]),
);

/** Those that go on for ever, and what has to happen for all of them to run. The others end by themselves. */
const goOn: ReadonlyMap<string, (live: LiveGateway, broker: TestBroker) => Promise<void>> = new Map([
  [
    'who-is-here',
    async (live) => {
      await says(live, 'It is Pulsegate Testbed');
      await live.simulated.drop('lovense-edge-1', 0);
      await says(live, 'Lovense Edge has gone');
      await says(live, 'Lovense Edge has come, and nobody else is greeted');
    },
  ],
  [
    'inputs',
    async (live) => {
      const touch = async (feature: number, value: number) => {
        await live.simulated.sense(TESTBED, feature, 0);
        await live.simulated.sense(TESTBED, feature, value);
      };
      // Nobody feels it before the script listens.
      await says(live, 'pressed', () => touch(12, 1));
      await says(live, 'hard', () => touch(11, 800));
      // A command that meets the drop-out would end the script: when it has felt this one, it has felt all before.
      await live.simulated.sense(TESTBED, 11, 400);
      await live.simulated.reaches(TESTBED, 0, 8);
      await live.simulated.drop(TESTBED, 60);
      await says(live, 'gone');
    },
  ],
  ['every', (live) => says(live, 'each second')],
  [
    'last-word',
    async (live) => {
      await live.simulated.reaches(TESTBED, 0, 4);
      live.gateway.scripts.act('last-word', 'stop');
      await says(live, 'last-word ends: on request');
    },
  ],
  [
    'doors',
    async (live, broker) => {
      await live.scriptReaches('doors', 'running');
      await broker.tell('home/door/front', 'shut', { retain: true });
      await says(live, 'home/door/front shut');
      await broker.tell('home/door/front', 'open');
      await expect.poll(() => broker.on('home/toys/state'), { timeout: PATIENCE_MS }).toEqual(['{"stopped":true}']);
    },
  ],
  [
    'wave',
    async (live) => {
      const level = async () => (await live.simulated.output(TESTBED, 0)).level;
      await expect.poll(level, { timeout: PATIENCE_MS }).toBeGreaterThan(5);
    },
  ],
]);

/** Waits until a script has said this; `nudge` is what it is to answer. */
async function says(live: LiveGateway, text: string, nudge = async () => {}): Promise<void> {
  const isSaid = async () => {
    await nudge();
    return live.log.some((line) => JSON.parse(line).msg === text);
  };
  await expect.poll(isSaid, { timeout: PATIENCE_MS }).toBe(true);
}

const DEVICES = [{ model: 'Pulsegate Testbed' }, { model: 'Lovense Edge' }, { model: 'The Handy' }];

interface Surroundings extends AsyncDisposable {
  readonly broker: TestBroker;
  /** The script, with the addresses of what stands around it here. */
  place(texts: Readonly<Record<string, string>>): Record<string, string>;
}

/** A lamp that is switched over HTTP, and the broker of a home. */
async function surroundings(): Promise<Surroundings> {
  const lamp = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"on":true}');
  }).listen(0, '127.0.0.1');
  await once(lamp, 'listening');
  const address = lamp.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const broker = await TestBroker.start();
  return {
    broker,
    place: (texts) =>
      Object.fromEntries(
        Object.entries(texts).map(([path, text]) => [path, text.replaceAll('localhost:8123', `localhost:${port}`)]),
      ),
    async [Symbol.asyncDispose]() {
      lamp.close();
      await broker[Symbol.asyncDispose]();
    },
  };
}

describe.each([...scripts])('%s', (name, texts) => {
  it('does on a real gateway what it should', async () => {
    await using around = await surroundings();
    await using live = await startLive({
      config: { plugins: { 'hardware-simulated': { devices: DEVICES }, 'transport-mqtt': { enabled: false } } },
      plugins: [mqttPlugin(around.broker.url)],
      devices: DEVICES.length,
      scripts: around.place(texts),
    });
    const play = goOn.get(name);
    if (play) await play(live, around.broker);
    else await live.scriptReaches(name, 'finished');
    expect(live.script(name)).toMatchObject({ starts: 1, lastError: undefined });
  });

  it('has not failed after a minute', async () => {
    await using around = await surroundings();
    await using gateway = await bootScripts({
      devices: DEVICES,
      plugins: [mqttPlugin(around.broker.url)],
      scripts: around.place(texts),
    });
    await gateway.advance(60_000);
    const state = goOn.has(name) ? 'running' : 'finished';
    expect(gateway.status(name)).toMatchObject({ state, starts: 1, lastError: undefined });
  });
});

it('shows nothing but whole scripts', () => {
  const parts = blocksOf(page).filter(({ language, path }) => ['js', 'ts'].includes(language) && path === undefined);
  expect(parts).toEqual([]);
  expect([...goOn.keys()].filter((name) => !scripts.has(name))).toEqual([]);
});

it('shows scripts that fit what editors are told, with the settings it shows', { timeout: 60_000 }, async () => {
  await using folder = await TestFolder.create();
  for (const texts of scripts.values())
    for (const [path, text] of Object.entries(texts)) await writeScript(folder.path, path, text);
  const settings = blocksOf(page).find(({ text }) => text.includes('compilerOptions'));
  await writeFile(join(folder.path, 'scripts/tsconfig.json'), settings?.text ?? '');
  await cp(join(root, 'pulsegate-script.d.ts'), join(folder.path, 'scripts/pulsegate-script.d.ts'));
  const compiler = join(root, 'node_modules/.bin/tsc');
  const { stdout } = await promisify(execFile)(compiler, ['-p', join(folder.path, 'scripts')]).catch((error) => error);
  expect(stdout).toBe('');
});

describe('the API', () => {
  /** Everything on the page that is written as code. */
  const code = [...page.matchAll(/```\w+\n.*?```|`[^`\n]+`/gs)].map(([text]) => text).join('\n');
  const names = (expression: RegExp) => [...api.matchAll(expression)].map(([, name = '']) => name);

  /** Members of interfaces and classes in the description for editors. */
  function membersOf(...owners: readonly string[]): string[] {
    return owners.flatMap((owner) => {
      const body = new RegExp(`(?:interface|class) ${owner}\\b[^{]*\\{\\n(.*?)^ {0,2}\\}`, 'ms').exec(api)?.[1] ?? '';
      const indent = /^ */.exec(body)?.[0].length ?? 0;
      return [...body.matchAll(new RegExp(`^ {${indent}}(?:readonly )?(\\w+)\\??[(:]`, 'gm'))].map(
        ([, name = '']) => name,
      );
    });
  }

  it.each([
    ['devices', ['PulsegateDevices']],
    ['device', ['PulsegateOutputs', 'PulsegateDevice']],
    ['storage', ['PulsegateStorage']],
    ['http', ['PulsegateHttp']],
    ['mqtt', ['PulsegateMqtt']],
    ['script', ['PulsegateScript']],
    ['console', ['PulsegateConsole']],
  ])('%s is described with what it has, and nothing else', (object, owners) => {
    // A key of the configuration.
    const described = [
      ...code.replaceAll('`http.token`', '').matchAll(new RegExp(`(?<![\\w./-])${object}\\.(\\w+)`, 'g')),
    ].map(([, name]) => name);
    expect(new Set(described)).toEqual(new Set(membersOf(...owners)));
  });

  it.each<[what: string, names: readonly string[]]>([
    ['globals', names(/^declare (?:const|function|class) (\w+)/gm)],
    ['exports of the modules', names(/^ {2}export (?:function|interface|type) (\w+)/gm)],
    ['options', names(/\breadonly (\w+)\??:/g)],
    ['members of features', membersOf('PulsegateFeature')],
    ['members of subscriptions', membersOf('PulsegateSubscription')],
    ['members of answers', membersOf('PulsegateHttpResponse')],
    ['members of funscripts', membersOf('Funscript')],
    ['members of players', membersOf('Player')],
    ['members of signals', membersOf('AbortSignal')],
    ['members of controllers', membersOf('AbortController')],
  ])('%s are all there', (_what, all) => {
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([]);
  });

  it('the table of patterns has every function', () => {
    const module = api.slice(api.indexOf("'pulsegate:patterns'"), api.indexOf("'pulsegate:funscript'"));
    const made = [...module.matchAll(/export function (\w+)/g)].map(([, name]) => name);
    expect([...patterns.keys()].sort()).toEqual(made.sort());
  });
});

describe('the tables', () => {
  const firstCells = (text: string) => [...text.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, cell]) => cell);

  const keysOf = (schema: TSchema, path = ''): string[] =>
    [...(propertiesOf(schema) ?? [])].flatMap(([name, value]) => {
      if (isSectionSchema(value) && propertiesOf(value)) return keysOf(value, `${path}${name}.`);
      const items = [value, ...(branchesOf(value) ?? [])].map(itemsOf).find((found) => found && propertiesOf(found));
      return [path + name, ...(items ? keysOf(items, `${path}${name}[].`) : [])];
    });

  it('have every key of a header', () => {
    expect(firstCells(chapter('The header'))).toEqual(keysOf(ScriptSettings));
  });

  it('have every key of the configuration', () => {
    expect(firstCells(chapter('The configuration'))).toEqual(keysOf(section, 'scripts.'));
  });

  it('have every limit, with its default', () => {
    const rows = [...chapter('Limits').matchAll(/^\| `(\w+)` +\| (\d+)/gm)].map(([, key, preset]) => [
      key,
      Number(preset),
    ]);
    const limits = propertiesOf(propertiesOf(ScriptSettings)?.get('limits') ?? {})?.keys() ?? [];
    const presets = propertiesOf(section);
    expect(rows).toEqual([...limits].map((key) => [key, keyword(presets?.get(key) ?? {}, 'default')]));
  });

  it('have every state', () => {
    const states: Record<ScriptState, true> = {
      off: true,
      invalid: true,
      starting: true,
      running: true,
      stopping: true,
      waiting: true,
      failed: true,
      finished: true,
    };
    expect(firstCells(chapter('Life'))).toEqual(Object.keys(states));
  });
});
