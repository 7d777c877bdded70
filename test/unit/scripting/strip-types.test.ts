import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../../core/clock.js';
import { ScriptError } from '../../../core/errors.js';
import { TypeStripper } from '../../../core/scripting/files/strip-types.js';
import { FakeClock } from '../../support/fake-clock.js';
import { refusal } from './script-folder.js';

function stripper(clock = systemClock): TypeStripper {
  const made = new TypeStripper(clock);
  onTestFinished(() => made.close());
  return made;
}

describe('TypeScript', () => {
  it('becomes JavaScript of the same shape', async () => {
    const text = 'interface A { b: number }\nconst a = (x: number): A => ({ b: x }) satisfies A;\nexport type { A };\n';
    const stripped = await stripper().strip(text, 'a.ts');
    expect(stripped).toBe(
      `${' '.repeat(25)}\nconst a = (x        )    => ({ b: x })            ;\n${' '.repeat(18)}\n`,
    );
    expect(stripped.length).toBe(text.length);
  });

  it('keeps its comments, the header among them', async () => {
    const text = '/* pulsegate\nname: x\n*/\nlet a: number;\n';
    expect(await stripper().strip(text, 'a.ts')).toBe('/* pulsegate\nname: x\n*/\nlet a        ;\n');
  });

  it.each([
    ['let ok;\nfoo(1 2);\n', "scene/index.ts:2:7: Expected ',', got 'numeric literal'"],
    ['\tlet\ta: = 1', /^scene\/index\.ts:1:9: Unexpected token `=`/],
    ['/* äöü */ let a: = 1', /^scene\/index\.ts:1:18: Unexpected token/],
    ['\r\n"日本"; let a: = 1', /^scene\/index\.ts:2: Unexpected token/],
    ['function f( {', /^scene\/index\.ts:1: Unexpected token `<eof>`/],
    [
      'class A {\n  constructor(private x: number) {}\n}',
      'scene/index.ts:2:23: TypeScript parameter property is not supported: only TypeScript that becomes JavaScript when its types are left out is',
    ],
    [
      'a;\nenum A {\n  B,\n}',
      'scene/index.ts:2: TypeScript enum is not supported: only TypeScript that becomes JavaScript when its types are left out is',
    ],
    ['const a = <T>b', /^scene\/index\.ts:1:11: The angle-bracket syntax/],
  ])('that is wrong is told with its place: %j', async (text, message) => {
    const strip = stripper().strip(text, 'scene/index.ts');
    await expect(strip).rejects.toThrow(ScriptError);
    await expect(strip).rejects.toThrow(message);
  });
});

describe('what would harm the gateway', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    ['parentheses', '('.repeat(500_000)],
    ['lists', '['.repeat(500_000)],
    ['type arguments', `a${'<a'.repeat(250_000)}`],
    ['templates', '`${'.repeat(150_000)],
    ['assertions', `a${' as any'.repeat(70_000)}`],
  ])('ends as an error: %s without end', async (_, text) => {
    const strip = stripper();
    expect(await refusal(strip.strip(text, 'a.ts'))).toBe(
      'ScriptError: a.ts cannot be read as TypeScript: it is nested too deep, or crashes the parser',
    );
    expect(await strip.strip('let a: number', 'b.ts')).toBe('let a        ');
  });

  it('is given up after 5 seconds, and the next text is read', async () => {
    const clock = new FakeClock();
    const strip = stripper(clock);
    const slow = refusal(strip.strip(`${'let a: number;'.repeat(35_000)}`, 'a.ts'));
    const next = strip.strip('let a: number', 'b.ts');
    await clock.advance(5000);
    expect(await slow).toBe('ScriptError: a.ts cannot be read as TypeScript: it took longer than 5 seconds');
    expect(await next).toBe('let a        ');
  });

  it('does not reach the terminal: no warning that Node calls this experimental', async () => {
    const written = [vi.spyOn(process.stderr, 'write'), vi.spyOn(process.stdout, 'write')];
    const warned = vi.fn();
    process.on('warning', warned);
    await stripper().strip('let a: number', 'a.ts');
    process.off('warning', warned);
    expect([...written, warned].map((spy) => spy.mock.calls)).toEqual([[], [], []]);
  });
});

describe('the thread', () => {
  it('ends after 30 seconds without work, and starts anew', async () => {
    const clock = new FakeClock();
    const strip = stripper(clock);
    await strip.strip('let a: number', 'a.ts');
    await clock.advance(29_999);
    await strip.strip('let a: number', 'a.ts');
    await clock.advance(29_999);
    expect(clock.waiting).toBe(1);
    await clock.advance(1);
    expect(clock.waiting).toBe(0);
    expect(await strip.strip('let a: number', 'a.ts')).toBe('let a        ');
  });

  it('reads one text after the other', async () => {
    const strip = stripper();
    const texts = Array.from({ length: 20 }, (_, number) => `let a${number}: number`);
    const stripped = await Promise.all(texts.map((text) => strip.strip(text, 'a.ts')));
    expect(stripped).toEqual(texts.map((text) => text.replace(': number', '        ')));
  });

  it('ends with the gateway, and what waits is refused', async () => {
    const strip = stripper();
    const waiting = ['a.ts', 'b.ts'].map((label) => refusal(strip.strip('let a: number', label)));
    await strip.close();
    expect(await Promise.all(waiting)).toEqual([
      'ScriptError: a.ts was not read: the gateway is ending',
      'ScriptError: b.ts was not read: the gateway is ending',
    ]);
    const busy = stripper();
    await busy.strip('let a: number', 'a.ts');
    const last = refusal(busy.strip('let b: number;'.repeat(30_000), 'c.ts'));
    await new Promise(setImmediate);
    await busy.close();
    expect(await last).toBe('ScriptError: c.ts cannot be read as TypeScript: the gateway is ending');
  });
});
