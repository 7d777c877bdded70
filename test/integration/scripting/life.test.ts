import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../support/scripting/boot-scripts.js';

const TESTBED = { model: 'Pulsegate Testbed', messageGap: 0 };
const TOY = 'pulsegate-testbed-1';
const STEADY = 'every(1000, () => {});';

/** What sessions of scripts came and went, in order. */
const comings = ({ booted }: ScriptedGateway) =>
  booted.log.flatMap((line) => {
    const { msg }: { msg: string } = JSON.parse(line);
    const word = /^client (connected|left): (\S+)/.exec(msg);
    return word ? [`${word[2]} ${word[1]}`] : [];
  });

const levelOf = async (gateway: ScriptedGateway, type: string) =>
  (await gateway.outputs(TOY)).find((output) => output.startsWith(`${type} `));

describe('a script', () => {
  it('starts with the gateway and drives a device', async () => {
    await using gateway = await bootScripts({
      devices: [TESTBED],
      scripts: { 'steady.js': `await devices.find('*').vibrate(0.5); ${STEADY}` },
    });
    await gateway.advance(100);
    expect(gateway.status('steady').state).toBe('running');
    expect(await levelOf(gateway, 'Vibrate')).toBe('Vibrate 10');
  });

  it('lives by the clock of the gateway', async () => {
    await using gateway = await bootScripts({
      scripts: {
        'clock.js': `console.log(new Date().toISOString()); await sleep(90_000); console.log(new Date().toISOString());`,
      },
    });
    await gateway.advance(120_000);
    expect(gateway.console('clock')).toEqual([
      'info: 2026-01-01T00:00:00.000Z',
      'info: 2026-01-01T00:01:30.000Z',
      'info: clock has finished',
    ]);
  });

  it('has finished when there is nothing left to wait for, and nothing that it keeps on', async () => {
    await using gateway = await bootScripts({
      devices: [TESTBED],
      scripts: {
        'once.js': `const d = devices.find('*'); await d.vibrate(1); await sleep(500); await d.stop();`,
        'in-charge.js': `await devices.find('*').oscillate(1);`,
      },
    });
    await gateway.advance(400);
    expect(await levelOf(gateway, 'Vibrate')).toBe('Vibrate 20');
    await gateway.advance(10_000);
    expect(gateway.status('once').state).toBe('finished');
    expect(gateway.status('in-charge').state).toBe('running');
  });

  it('says so when it waits at its top level for something that cannot happen', async () => {
    await using gateway = await bootScripts({ scripts: { 'stuck.js': 'await new Promise(() => {});' } });
    await gateway.advance(100);
    expect(gateway.status('stuck').lastError?.message).toContain('cannot happen any more');
  });

  it.each([
    ['throws', 'TypeError: oops', "await sleep(10);\n\nthrow new TypeError('oops');", 'one.js:3:7'],
    [
      'rejects a promise',
      'nobody cares',
      "setTimeout(async () => {\n  throw new Error('nobody cares');\n});",
      'one.js:2:9',
    ],
    ['has a call refused', 'characters', "await sleep(1);\nawait storage.set('', 1);", 'one.js:2:15'],
    ['has wrong syntax', 'SyntaxError', 'let a = 1;\nlet b = ;', 'one.js:2:9'],
    ['imports what is not there', '"none.js" is not there', "import './none.js';", undefined],
  ])('that %s ends with its message and place', async (_what, message, text, place) => {
    await using gateway = await bootScripts({ devices: [TESTBED], scripts: { 'one.js': text } });
    await gateway.advance(500);
    const { lastError } = gateway.status('one');
    expect(lastError?.message).toContain(message);
    expect(lastError?.stack[0]).toBe(place);
  });

  it('in a folder imports its own files, TypeScript too, and errors name them', async () => {
    await using gateway = await bootScripts({
      scripts: {
        'scene/index.ts': `import { shout } from './lib/words.js';\nconst word: string = 'hello';\nconsole.log(shout(word));\nshout(5 as unknown as string);`,
        'scene/lib/words.ts': `export function shout(text: string): string {\n  return text.toUpperCase();\n}`,
      },
    });
    await gateway.advance(100);
    expect(gateway.console('scene')[0]).toBe('info: HELLO');
    expect(gateway.status('scene').lastError?.stack).toEqual(['scene/lib/words.ts:2:15', 'scene/index.ts:4:1']);
  });
});

describe('a script that fails', () => {
  it('is started again after 1, 2, 4, 8 seconds and so on up to a minute, and then left alone', async () => {
    await using gateway = await bootScripts({ scripts: { 'fails.js': `await sleep(1); throw new Error('again');` } });
    const startsAfter = async (ms: number) => {
      await gateway.advance(ms);
      return gateway.status('fails').starts;
    };
    expect(await startsAfter(500)).toBe(1);
    const pauses = [1, 2, 4, 8, 16, 32, 60, 60, 60];
    for (const [place, pause] of pauses.entries()) expect(await startsAfter(pause * 1000 + 100)).toBe(place + 2);
    expect(gateway.status('fails').state).toBe('failed');
    expect(await startsAfter(600_000)).toBe(10);
  });

  it('is given its attempts anew when it has run for a minute', async () => {
    await using gateway = await bootScripts({
      scripts: { 'fails.js': `await sleep(70_000); throw new Error('again');` },
    });
    await gateway.advance(12 * 72_000);
    expect(gateway.status('fails').starts).toBeGreaterThan(11);
  });

  it.each([
    ['its text is no JavaScript', 'let a = ;'],
    ['it imports what it may not have', `import 'node:fs';`],
  ])('is not started again when %s', async (_why, text) => {
    await using gateway = await bootScripts({ scripts: { 'typo.js': text } });
    await gateway.advance(60_000);
    expect(gateway.status('typo')).toMatchObject({ state: 'failed', starts: 1 });
  });

  it('stays off when it fails while it is being stopped', async () => {
    await using gateway = await bootScripts({
      scripts: { 'one.js': `script.on('disconnecting', () => { throw new Error('not now'); }); ${STEADY}` },
    });
    await gateway.advance(100);
    gateway.booted.gateway.scripts.act('one', 'stop');
    await gateway.advance(60_000);
    expect(gateway.status('one')).toMatchObject({ state: 'off', starts: 1, lastError: { message: 'not now' } });
  });
});

describe('saving a file', () => {
  it('ends the old session, stops its devices, and starts the new script', async () => {
    await using gateway = await bootScripts({
      devices: [TESTBED],
      scripts: { 'one.js': `await devices.find('*').vibrate(0.5); ${STEADY}` },
    });
    await gateway.advance(100);
    await gateway.write('one.js', `await devices.find('*').oscillate(0.5); ${STEADY}`);
    await gateway.until(() => gateway.status('one').starts === 2);
    await gateway.advance(100);
    expect(comings(gateway)).toEqual(['one connected', 'one left', 'one connected']);
    expect(await levelOf(gateway, 'Vibrate')).toBe('Vibrate 0');
    expect(await levelOf(gateway, 'Oscillate')).toBe('Oscillate 10');
  });

  it('of a module starts the script that imports it anew, and no other', async () => {
    await using gateway = await bootScripts({
      scripts: {
        'scene/index.js': `import { word } from './word.js'; console.log(word); ${STEADY}`,
        'scene/word.js': `export const word = 'first';`,
        'other.js': STEADY,
      },
    });
    await gateway.advance(100);
    await gateway.write('scene/word.js', `export const word = 'second';`);
    await gateway.until(() => gateway.console('scene').includes('info: second'));
    expect(gateway.status('other').starts).toBe(1);
  });

  it('mends a script that was left alone', async () => {
    await using gateway = await bootScripts({ scripts: { 'one.js': 'let a = ;' } });
    await gateway.advance(100);
    expect(gateway.status('one').state).toBe('failed');
    await gateway.write('one.js', STEADY);
    await gateway.until(() => gateway.status('one').state === 'running');
  });

  it('with a wrong header shows where, and keeps the script from running', async () => {
    await using gateway = await bootScripts({ scripts: { 'one.js': STEADY } });
    await gateway.advance(100);
    await gateway.write('one.js', `/* pulsegate\ndevises: none\n*/\n${STEADY}`);
    await gateway.until(() => gateway.status('one').state === 'invalid');
    expect(gateway.status('one').lastError?.message).toBe('one.js:2: devises: unknown key, did you mean "devices"?');
    expect(comings(gateway).at(-1)).toBe('one left');
  });

  it('does not start what somebody has switched off', async () => {
    await using gateway = await bootScripts({ scripts: { 'one.js': STEADY, 'marker.js': STEADY } });
    await gateway.advance(100);
    gateway.booted.gateway.scripts.act('one', 'stop');
    await gateway.until(() => gateway.status('one').state === 'off');
    await gateway.write('one.js', `${STEADY} // changed`);
    await gateway.write('marker.js', `${STEADY} // changed`);
    await gateway.until(() => gateway.status('marker').starts === 2);
    expect(gateway.status('one')).toMatchObject({ state: 'off', starts: 1 });
  });
});

describe('files', () => {
  it('that come are started, and those that go are stopped', async () => {
    await using gateway = await bootScripts({
      devices: [TESTBED],
      scripts: { 'one.js': `await devices.find('*').vibrate(0.5); ${STEADY}` },
    });
    await gateway.write('two.js', STEADY);
    await gateway.until(() => gateway.booted.gateway.scripts.statuses.length === 2);
    await gateway.until(() => gateway.status('two').state === 'running');
    await rm(join(gateway.booted.folder, 'scripts/one.js'));
    await gateway.until(() => gateway.booted.gateway.scripts.statuses.length === 1);
    await gateway.until(async () => (await levelOf(gateway, 'Vibrate')) === 'Vibrate 0');
  });
});

describe('what a script says', () => {
  it('cannot be taken for a line of the gateway, and is nothing that a terminal obeys', async () => {
    await using gateway = await bootScripts({
      scripts: { 'one.js': String.raw`console.log('a\n[12:00:00] INFO: all is well\x1b[2J'); throw new Error('');` },
    });
    await gateway.advance(100);
    expect(gateway.console('one')[0]).toBe('info: a\n    [12:00:00] INFO: all is well?[2J');
    expect(gateway.status('one').lastError?.message).toBe('an error without a message');
  });

  it('is limited in messages of every kind, and learns of it first', async () => {
    await using gateway = await bootScripts({
      scripts: { 'one.js': `for (let n = 0; n < 500; n += 1) await storage.get('key');` },
    });
    await gateway.advance(100);
    expect(gateway.status('one').lastError).toMatchObject({
      message: expect.stringContaining('More than 200 messages in a second; wait between them'),
      stack: ['one.js:1:48'],
    });
  });

  it('may be a thousand commands in one go', async () => {
    await using gateway = await bootScripts({
      devices: [TESTBED],
      scripts: {
        'one.js': `const all = Array.from({ length: 2500 }, () => devices.find(0).vibrate(0.5)); await Promise.all(all); console.log('done');`,
      },
      section: { messagesPerSecond: 5000 },
    });
    await gateway.advance(100);
    expect(gateway.console('one')).toContain('info: done');
  });
});

describe('settings', () => {
  it('for a script that is not there are told of', async () => {
    await using gateway = await bootScripts({ scripts: { 'one.js': STEADY }, section: { each: { oen: {} } } });
    expect(gateway.booted.log.join('')).toContain('settings for \\"oen\\", and there is no such script');
  });
});

describe('a safe start', () => {
  it('starts nothing by itself, and everything on request', async () => {
    await using gateway = await bootScripts({ scripts: { 'one.js': STEADY }, safeStart: true });
    await gateway.advance(5000);
    expect(gateway.status('one')).toMatchObject({ state: 'off', starts: 0 });
    gateway.booted.gateway.scripts.act('one', 'start');
    await gateway.advance(100);
    expect(gateway.status('one').state).toBe('running');
  });
});

describe('a stop', () => {
  it('is told to the script, which has one turn for a last word', async () => {
    await using gateway = await bootScripts({
      devices: [TESTBED],
      scripts: {
        'one.js': `script.on('disconnecting', (reason) => console.log('bye:', reason)); await devices.find('*').vibrate(1);`,
      },
    });
    await gateway.advance(100);
    gateway.booted.gateway.scripts.act('one', 'stop');
    await gateway.advance(200);
    expect(gateway.console('one')).toContain('info: bye: on request');
    expect(gateway.status('one').state).toBe('off');
    expect(await levelOf(gateway, 'Vibrate')).toBe('Vibrate 0');
  });

  it('does not wait for a script that will not go', async () => {
    await using gateway = await bootScripts({
      devices: [TESTBED],
      scripts: {
        'one.js': `script.on('disconnecting', () => { for (;;); }); await devices.find('*').vibrate(1);`,
      },
      section: { cpuMs: 200, wallMs: 500 },
    });
    await gateway.advance(100);
    gateway.booted.gateway.scripts.act('one', 'stop');
    await gateway.advance(600);
    expect(gateway.status('one').state).not.toBe('running');
    expect(await levelOf(gateway, 'Vibrate')).toBe('Vibrate 0');
  });
});
