import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, issues, keys, load, refusal } from './support.js';

const TOP = 'a section with the keys server, http, safety, sessions, devices, scripts, log and plugins';

/** What is wrong, the file, and every line of the answer (after `pulsegate.yml:`). */
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['text for a number', 'http:\n  port: abc', ['2: http.port: found "abc", expected a whole number from 0 to 65535']],
  ['a number in quotes', 'http:\n  port: "80"', ['2: http.port: found "80", expected a whole number from 0 to 65535']],
  ['out of range', 'http: { port: 65536 }', ['1: http.port: found 65536, expected a whole number from 0 to 65535']],
  ['a fraction', 'http: { port: 1.5 }', ['1: http.port: found 1.5, expected a whole number from 0 to 65535']],
  ['not a number', 'http: { port: .nan }', ['1: http.port: found NaN, expected a whole number from 0 to 65535']],
  ['nothing', 'http:\n  port:\n', ['2: http.port: found nothing, expected a whole number from 0 to 65535']],
  [
    'a list for a number',
    'http: { port: [1, 2] }',
    ['1: http.port: found a list of 2 items, expected a whole number from 0 to 65535'],
  ],
  [
    'a section for a number',
    'http: { port: { a: 1 } }',
    ['1: http.port: found a section, expected a whole number from 0 to 65535'],
  ],
  [
    'a word that is not one of a few',
    'safety:\n  onPingTimeout: some',
    ['2: safety.onPingTimeout: found "some", expected "all" or "driven"'],
  ],
  ['yes for a truth value', 'http: { insecure: yes }', ['1: http.insecure: found "yes", expected true or false']],
  [
    'a number for text',
    'server: { name: 42 }',
    ['1: server.name: found 42, expected text of at most 200 characters, put it in quotes'],
  ],
  ['empty text', 'http: { host: "" }', ['1: http.host: found "", expected text that is not empty']],
  ['text for a list', 'http: { allowedHosts: a }', ['1: http.allowedHosts: found "a", expected a list of texts']],
  [
    'bad items, each on its own',
    'http:\n  allowedHosts:\n    - a\n    - 7\n    - ""\n',
    [
      '4: http.allowedHosts[1]: found 7, expected text that is not empty, put it in quotes',
      '5: http.allowedHosts[2]: found "", expected text that is not empty',
    ],
  ],
  [
    'a section that is text',
    'http: 12345',
    [
      '1: http: found 12345, expected a section with the keys host, port, token, insecure, allowedHosts and allowedOrigins',
    ],
  ],
  [
    'a path that is a number',
    'devices: { catalogue: 3 }',
    ['1: devices.catalogue: found 3, expected "builtin" or a path, put it in quotes'],
  ],
  ['a misspelt section', '\n\n\nhtpp: { port: 1 }', ['4: htpp: unknown key, did you mean "http"?']],
  ['a misspelt key', 'http:\n  prot: 1', ['2: http.prot: unknown key, did you mean "port"?']],
  ['a key in the wrong case', 'http: { Port: 1 }', ['1: http.Port: unknown key, did you mean "port"?']],
  [
    'a key deep inside',
    'devices:\n  reconnect:\n    maxdelay: 1',
    ['3: devices.reconnect.maxdelay: unknown key, did you mean "maxDelay"?'],
  ],
  ['a key like nothing else', 'gibberish: 1', ['1: gibberish: unknown key']],
  ['a key that is not a word', '"a b\\e[31m": 1', ['1: "a b\\u001b[31m": unknown key']],
  ['a merge key, which YAML 1.2 does not have', 'http: { <<: { port: 1 } }', ['1: http."<<": unknown key']],
  ['__proto__', 'http: { __proto__: { port: 1 } }', ['1: http.__proto__: unknown key']],
  ['__proto__ at the top', '"__proto__":\n  polluted: true', ['1: __proto__: unknown key']],
  [
    '__proto__ where every key goes',
    'plugins:\n  hardware-simulated:\n    names: { __proto__: x }',
    ['3: plugins.hardware-simulated.names.__proto__: unknown key'],
  ],
  ['constructor', 'constructor: { prototype: { polluted: true } }', ['1: constructor: unknown key']],
  [
    'toString in a section',
    'http: { toString: 1, hasOwnProperty: 2 }',
    ['1: http.toString: unknown key', '1: http.hasOwnProperty: unknown key'],
  ],
  [
    'a plugin that is not a section',
    'plugins: { zzz: true }',
    ['1: plugins.zzz: found true, expected a section with the keys enabled, required and from'],
  ],
  [
    'a common key of a plugin',
    'plugins:\n  transport-mqtt:\n    enabled: maybe',
    ['3: plugins.transport-mqtt.enabled: found "maybe", expected true or false'],
  ],
  [
    'a choice',
    'plugins: { transport-mqtt: { broker: http://me:pw@host } }',
    [
      '1: plugins.transport-mqtt.broker: found "http://(hidden)@host", expected "embedded" or text such as "mqtt://host:1883"',
    ],
  ],
  [
    'items of a list of sections',
    'plugins:\n  hardware-simulated:\n    devices:\n      - model: x\n      - { battery: 101 }\n      - x\n',
    [
      '5: plugins.hardware-simulated.devices[1].model: found nothing, expected text that is not empty',
      '5: plugins.hardware-simulated.devices[1].battery: found 101, expected a whole number from 0 to 100',
      '6: plugins.hardware-simulated.devices[2]: found "x", expected a section with the keys model and battery',
    ],
  ],
  [
    'a list that is too long',
    'plugins:\n  hardware-simulated:\n    devices: [{ model: x }, { model: x }, { model: x }, { model: x }]\n',
    ['3: plugins.hardware-simulated.devices: found a list of 4 items, expected a list of sections, at most 3 items'],
  ],
  [
    'a limit that is not included',
    'plugins: { transport-websocket: { heartbeat: { period: 0 } } }',
    ['1: plugins.transport-websocket.heartbeat.period: found 0, expected a number above 0'],
  ],
  ['a list at the top', '- http\n', [`1:1: found a list of 1 item, expected ${TOP}`]],
  ['a scalar at the top', '\n\nhello', [`3:1: found "hello", expected ${TOP}`]],
  [
    'no space after the colon',
    'http:\n  port:80\n',
    [
      '1: http: found "port:80", expected a section with the keys host, port, token, insecure, allowedHosts and allowedOrigins',
    ],
  ],
  ['a key written twice', 'http: { port: 1 }\nlog: {}\nhttp: { port: 2 }', ['3: http: written twice, first in line 1']],
  [
    'a key written twice, and more',
    'http:\n  port: 1\n  port: x\n  host: 5\n',
    [
      '3: http.port: written twice, first in line 2',
      '4: http.host: found 5, expected text that is not empty, put it in quotes',
    ],
  ],
  [
    'an alias of nothing',
    'http:\n  port: *nope',
    ['2: http.port: *nope refers to a value that is not written above it'],
  ],
  ['an alias of itself', 'http: &a\n  port: *a', ['2: http.port: *a refers to a value that is not written above it']],
  ['tabs', 'http:\n\tport: 1', ['2:1: not YAML: indent with spaces, not with tabs']],
  [
    'an open bracket',
    'http: {\n  port: 1\nlog: {}',
    ['3:1: not YAML: the indentation does not fit the lines above, or a [ or { is not closed'],
  ],
  [
    'an open quote',
    'server:\n  name: "x\n',
    ['3:1: not YAML: something is missing: a closing quote, a comma, or the ": " after a key'],
  ],
  [
    'bad indentation',
    'http:\n    port: 1\n  host: x',
    ['3:1: not YAML: the indentation does not fit the lines above, or a [ or { is not closed'],
  ],
  [
    'two colons',
    'server:\n  name: a: b',
    ['2:9: not YAML: a second ": " or a list in the same line; quote the value or start a new line'],
  ],
  [
    'a reserved character',
    'server: { name: @me }',
    ['1:17: not YAML: a value that starts with this character needs quotes'],
  ],
  [
    'a bad escape',
    'server: { name: "\\q" }',
    ['1:18: not YAML: there is no such escape in double quotes; write \\\\ for a backslash, or use single quotes'],
  ],
  [
    'a tag',
    'http: { token: !secret x }',
    ['1:16: not YAML: there is no such ! here; quote the value if the ! belongs to it'],
  ],
  [
    'a binary tag',
    'server: { name: !!binary aGk= }',
    ['1:17: not YAML: there is no such ! here; quote the value if the ! belongs to it'],
  ],
  ['a key that is a list', '? [a]\n: 1', ['1:3: not YAML: a key has to be plain text']],
  [
    'two documents',
    'http: {}\n---\nlog: {}',
    ['2:1: not YAML: a second document begins here; the configuration is one document'],
  ],
  ['an unknown directive', '%FOO bar\n---\nhttp: {}', ['1:1: not YAML: a line that starts with % is not used here']],
  [
    'Windows line ends',
    'http:\r\n  port: 1\r\n  host: 2\r\n',
    ['3: http.host: found 2, expected text that is not empty, put it in quotes'],
  ],
];

describe('a file that is wrong', () => {
  it.each(cases)('%s', async (_, yaml, lines) => {
    expect(await refusal({ yaml })).toEqual(lines.map((line) => `pulsegate.yml:${line}`));
  });

  it('is told everything at once, from the top, after flags and environment', async () => {
    const yaml =
      'log:\n  level: 5\nhttp:\n  port: x\n  hots: y\nplugins:\n  zzz:\n  transport-mqtt: { password: abc }\n';
    expect(await refusal({ yaml, env: { PULSEGATE_SERVER_MAX_PING_TIME: '-1' }, flags: { port: 'y' } })).toEqual([
      'command line: --port: found "y", expected a whole number from 0 to 65535',
      'environment: PULSEGATE_SERVER_MAX_PING_TIME: found -1, expected a whole number from 0 to 3600000',
      'pulsegate.yml:2: log.level: found 5, expected "fatal", "error", "warn", "info", "debug", "trace" or "silent"',
      'pulsegate.yml:4: http.port: found "x", expected a whole number from 0 to 65535',
      'pulsegate.yml:5: http.hots: unknown key, did you mean "host"?',
      'pulsegate.yml:7: plugins.zzz: unknown plugin, a third-party plugin needs "from": the name of its package, or its folder',
      'pulsegate.yml:8: plugins.transport-mqtt.password: found (hidden), expected text of at least 4 characters',
    ]);
  });

  it('is an error with a code, and a list that a program can use', async () => {
    const error = await issues({ yaml: 'http:\n  port: abc\n  hots: 1' });
    expect(error.code).toBe('GW_CONFIG');
    expect(keys(error)).toEqual(['http.port', 'http.hots']);
    expect(error.issues[0]).toEqual({
      source: 'pulsegate.yml',
      line: 2,
      column: 3,
      key: 'http.port',
      found: '"abc"',
      expected: 'a whole number from 0 to 65535',
    });
  });

  it('shows the beginning of a long value, and nothing that a terminal would obey', async () => {
    const [line] = await refusal({ yaml: `http: { port: "${'x'.repeat(100)}" }` });
    expect(line).toContain(`found "${'x'.repeat(60)}…", expected`);
    const [other] = await refusal({ yaml: 'http: { port: "\\e[2J\\u009b\\u202e" }' });
    expect(other).toContain('found "\\u001b[2J\\u009b\\u202e", expected');
  });

  it('never shows a secret, whatever holds it', async () => {
    const secret = 'hunter2hunter2';
    const yaml = [
      `http: { token: ${secret} }`,
      `server: { password: ${secret} }`,
      `plugins: { transport-mqtt: { password: [${secret}], broker: "http://user:${secret}@host" } }`,
    ].join('\n');
    const error = await issues({ yaml, env: { PULSEGATE_HTTP_TOKEN: secret } });
    expect(error.issues).toHaveLength(5);
    expect(JSON.stringify(error.issues) + error.message).not.toContain(secret);
    expect((await issues({ yaml: `http: { token: *${secret} }` })).message).not.toContain(`"${secret}`);
    expect((await issues({ yaml: `http: { token: "${secret}\n` })).message).not.toContain(secret);
  });

  it('keeps its answer short when every line is wrong', async () => {
    const lines = await refusal({ yaml: Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join('\n') });
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('and 4900 more');
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['missing.yml', 'there is no such file'],
    ['missing/x.yml', 'there is no such file'],
    ['binary.yml', 'not a text file in UTF-8'],
    ['utf16.yml', 'not a text file in UTF-8'],
    ['large.yml', 'larger than 1 MiB, which no configuration is'],
    ['folder', 'this is a folder, not a file'],
    ['pulsegate.yml/x', 'there is no such file'],
  ])('%s: %s', async (file, problem) => {
    const cwd = await folder({
      'pulsegate.yml': '',
      'binary.yml': new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe]),
      'utf16.yml': Buffer.from('\ufeffhttp: {}', 'utf16le'),
      'large.yml': `# ${'x'.repeat(1024 * 1024)}\n`,
    });
    await mkdir(join(cwd, 'folder'));
    expect(await refusal({ cwd, file })).toEqual([`${file}: ${problem}`]);
    expect(await refusal({ cwd, env: { PULSEGATE_CONFIG: file } })).toEqual([`${file}: ${problem}`]);
  });

  it('is one of the usual names', async () => {
    const cwd = await folder();
    await mkdir(join(cwd, 'pulsegate.yml'));
    expect(await refusal({ cwd })).toEqual(['pulsegate.yml: this is a folder, not a file']);
  });

  it('is 1 MiB at most, and that much is read', async () => {
    const cwd = await folder();
    await writeFile(join(cwd, 'pulsegate.yml'), `http: { port: 1 }\n#`.padEnd(1024 * 1024, 'x'));
    expect((await load({ cwd })).config.http.port).toBe(1);
  });

  it('has no end', async () => {
    expect(await refusal({ file: '/dev/zero' })).toEqual(['/dev/zero: larger than 1 MiB, which no configuration is']);
  });
});

describe('a file that is meant to do harm', () => {
  const doubling = (levels: number) =>
    ['a0: &a0 [x]', ...Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)].join('\n');

  it('with aliases of aliases is stopped before it fills the memory', async () => {
    expect(await refusal({ yaml: doubling(60) })).toEqual([
      expect.stringMatching(/more than 100000 values, aliases counted$/),
    ]);
  });

  it.each([
    ['lists', '['.repeat(100_000)],
    ['sections', '{a: '.repeat(20_000)],
    ['blocks', '- '.repeat(20_000)],
    ['closed lists', `a: ${'['.repeat(100)}${']'.repeat(100)}`],
  ])('with deeply nested %s is refused', async (_, yaml) => {
    const error = await issues({ yaml });
    expect(error.message).toMatch(/nested/);
  });

  it('with very many keys is refused in a moment', async () => {
    const yaml = Array.from({ length: 40_000 }, (_, index) => `k${index}: 1`).join('\n');
    const started = performance.now();
    expect((await issues({ yaml })).issues).toHaveLength(40_000);
    // Comparing each key with every other takes half a minute.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
