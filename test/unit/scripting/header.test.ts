import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ConfigError } from '../../../core/config/issues.js';
import { readHeader } from '../../../core/scripting/files/header.js';

const settingsOf = (text: string) => readHeader('edge-timer.js', text).settings;

function problems(text: string): string[] {
  try {
    settingsOf(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('The header was accepted');
}

describe('a header', () => {
  it('says what the script may do', () => {
    const text = `/* pulsegate
name: Edge timer
devices:
  - name: Lovense Edge
    features: [0, Vibrate]
http: [api.example.org]
mqtt:
  subscribe: [home/+/state]
limits: { memoryMb: 64 }
restartable: true
*/
run();
`;
    expect(settingsOf(text)).toEqual({
      name: 'Edge timer',
      devices: [{ name: 'Lovense Edge', features: [0, 'Vibrate'] }],
      http: ['api.example.org'],
      mqtt: { subscribe: ['home/+/state'] },
      limits: { memoryMb: 64 },
      restartable: true,
    });
    expect(Object.isFrozen(settingsOf(text))).toBe(true);
  });

  it.each([
    ['a star in every line', '/* pulsegate\n * name: x\n *\n * devices:\n *   - index: 1\n */'],
    ['stars behind a tab', '/* pulsegate\n\t* name: x\n\t* devices:\n\t*   - index: 1\n\t*/'],
    ['a line of its own for the end, indented', '/* pulsegate\nname: x\ndevices: [{ index: 1 }]\n   */'],
    ['line ends of Windows', '/* pulsegate\r\n * name: x\r\n *\r\n * devices: [{ index: 1 }]\r\n */\r\n'],
    ['blanks behind the first word', '/* pulsegate  \nname: x\ndevices: [{ index: 1 }]\n*/'],
    [
      'a "#!" line, licences and blank lines before it',
      '#!/usr/bin/env x\n// (c) me\n\n/* All /* rights. *//* pulsegate\nname: x\ndevices: [{ index: 1 }]\n*/',
    ],
    ['a byte order mark before it', '\ufeff/* pulsegate\nname: x\ndevices: [{ index: 1 }]\n*/'],
  ])('may have %s', (_, text) => {
    expect(settingsOf(text)).toEqual({ name: 'x', devices: [{ index: 1 }] });
  });

  it.each([
    ['nothing', ''],
    ['code', 'run();\n/* pulsegate\nname: x\n*/'],
    ['a string that looks like one', '"/* pulsegate\\nname: x\\n*/"'],
    ['a line comment that looks like one', '// /* pulsegate\n// name: x\n'],
    ['a licence of the project', '/* Pulsegate\n * (c) its authors\n */\nrun();'],
    ['a comment that mentions it', '/* pulsegate is nice */\nrun();'],
    ['a comment without end', '/* a\n'],
  ])('is not there in a file with %s', (_, text) => {
    expect(settingsOf(text)).toEqual({});
  });

  it.each([
    '/* pulsegate\n*/',
    '/* pulsegate\n * \n */',
    '/* pulsegate\n# later\n*/',
    '/* pulsegate\nlimits:\nmqtt:\n*/',
  ])('may be empty: %j', (text) => {
    expect(settingsOf(text)).toEqual(text.includes('limits') ? { limits: {}, mqtt: {} } : {});
  });
});

describe('mistakes are told at their line in the file', () => {
  it('for an unknown key', () => {
    expect(problems('// licence\n/* pulsegate\ndevices:\n  - nmae: x\n*/')).toEqual([
      'edge-timer.js:4: devices[0].nmae: unknown key, did you mean "name"?',
    ]);
  });

  it('all at once, with stars', () => {
    const text = '/* pulsegate\n * mqtt:\n *   subscribe: ["a/#/b"]\n * http: yes\n * memoryMb: 1\n */';
    expect(problems(text)).toEqual([
      'edge-timer.js:3: mqtt.subscribe[0]: found "a/#/b", expected text that is a valid MQTT topic filter of 1 to 1000 characters such as "home/+/state"',
      'edge-timer.js:4: http: found "yes", expected a list of texts',
      'edge-timer.js:5: memoryMb: unknown key',
    ]);
  });

  it('for what is not YAML, with the column', () => {
    expect(problems('\n/* pulsegate\n * devices: [\n */')).toEqual([
      'edge-timer.js:4:2: not YAML: the indentation does not fit the lines above, or a [ or { is not closed',
    ]);
    expect(problems('\n/* pulsegate\nname: x\nname: y\n*/')).toEqual([
      'edge-timer.js:4: name: written twice, first in line 3',
    ]);
  });

  it('for a list in place of a section', () => {
    expect(problems('/* pulsegate\n- x\n*/')[0]).toMatch(
      /^edge-timer\.js:2:1: found a list of 1 item, expected a section/,
    );
  });

  it('for one that has no end, begins too late, or is too large', () => {
    expect(problems('\n/* pulsegate\nname: x\n')).toEqual([
      'edge-timer.js:2: the header has no end; it ends with "*/"',
    ]);
    expect(problems(`${'\n'.repeat(1000)}/* pulsegate\nname: x\n*/`)).toEqual([
      'edge-timer.js:1001: the header begins below line 1000',
    ]);
    expect(problems(`/* pulsegate\n#${'x'.repeat(16_384)}\n*/`)).toEqual([
      'edge-timer.js:1: the header is larger than 16 KiB',
    ]);
  });

  it.each([
    '/** pulsegate\ndevices: none\n*/',
    '/*pulsegate\n*/',
    '/* pulsegate devices: none */',
    '/* pulsegate: */',
    '/* pulsegate */',
    '/* pulsegate',
  ])('for what is nearly one, and would be overlooked: %j', (text) => {
    expect(problems(`\n${text}`)).toEqual([
      'edge-timer.js:2: a header begins with "/* pulsegate" and nothing else in that line',
    ]);
  });
});

describe('whatever a file holds, reading its header ends in settings or a ConfigError', () => {
  const survives = (text: string) => {
    try {
      expect(Object.isFrozen(readHeader('x.js', text).settings)).toBe(true);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
    expect({}).not.toHaveProperty('polluted');
  };
  const around = fc.constantFrom('', '\n', ' * ', '#!x\n', '// a\n', '/* a */');
  const KNOWN = ['name', 'enabled', 'devices', 'index', 'features', 'http', 'mqtt', 'subscribe', 'limits', 'memoryMb'];
  const key = fc.oneof(fc.constantFrom(...KNOWN, '__proto__', 'constructor', '<<', ''), fc.string());
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('list'), tie('section'), tie('section')),
    leaf: fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constantFrom(null, 'all', 'a/+', 'a.example'),
    ),
    list: fc.array(tie('tree'), { maxLength: 4 }),
    section: fc.array(fc.tuple(key, tie('tree')), { maxLength: 6 }).map((entries) => new Map(entries)),
  }));
  const piece = fc.constantFrom(
    ...': - \n   { } [ ] & * ! | > % @ \' " # , ? a http name __proto__ /* */ //'.split(' '),
    ' ',
    '\n',
    '\t',
  );

  it('as any text', () => {
    fc.assert(fc.property(around, fc.string({ unit: 'binary' }), (before, text) => survives(before + text)));
  });

  it('as any header', () => {
    const content = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
    );
    const header = (before: string, text: string) => survives(`${before}/* pulsegate\n${text}*/`);
    fc.assert(fc.property(around, content, header), { numRuns: 1000 });
  });

  it('as a tree of known, hostile and random keys', () => {
    fc.assert(
      fc.property(tree, (value) => survives(`/* pulsegate\n${stringify(value).replaceAll('*/', '')}\n*/`)),
      { numRuns: 500 },
    );
  });

  it('however large it is', () => {
    for (const text of ['/* a */'.repeat(80_000), '\n'.repeat(500_000), '//\n'.repeat(160_000), '/*'.repeat(250_000)]) {
      survives(`${text}/* pulsegate\nname: x\n*/`);
    }
    for (const text of ['[', '{a: ', '- ', '*', '&a ', '"'])
      survives(`/* pulsegate\n${text.repeat(16_000 / text.length)}\n*/`);
  });
});
