import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Booted } from '../../support/boot.js';
import { type Body, bootEverything, catalogue, type Json, type KnownMessage } from './catalogue.js';
import { exchange, failure, ok } from './support.js';

/** Every message of messages §2.1 with one thing wrong at a time (§8): code 3, the message's Id, and the session goes on. */

let gateway: Booted;
beforeAll(async () => {
  gateway = await bootEverything();
});
afterAll(() => gateway[Symbol.asyncDispose]());

interface Broken {
  /** What is wrong: `Speeds.0.Speed = "x"`. */
  readonly what: string;
  readonly value: Json;
}

/** Names that stand for something on every object, if a check forgets to ask whose they are. */
const EXTRA_FIELDS = ['Extra', 'id', '__proto__', 'constructor', 'toString', 'hasOwnProperty', ''];
const OF_EACH_TYPE: readonly Json[] = [null, true, 1, 'x', [], {}];

const isObject = (value: Json): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);
const typeOf = (value: Json) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
/** With an own field, whatever its name; a literal would set the prototype. */
const withField = (object: Body, key: string, value: Json): Body =>
  Object.fromEntries([...Object.entries(object).filter(([name]) => name !== key), [key, value]]);

/** The value with one thing wrong, in every way: other types, missing and extra fields, at every depth. */
function* broken(value: Json, path: string, optional: readonly string[]): Generator<Broken> {
  for (const other of OF_EACH_TYPE) {
    if (typeOf(other) !== typeOf(value)) yield { what: `${path} = ${JSON.stringify(other)}`, value: other };
  }
  if (isObject(value)) yield* brokenFields(value, path, optional);
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) {
      for (const inside of broken(item, `${path}.${at}`, [])) {
        yield { what: inside.what, value: value.with(at, inside.value) };
      }
    }
  }
}

function* brokenFields(object: Body, path: string, optional: readonly string[]): Generator<Broken> {
  for (const extra of EXTRA_FIELDS) {
    yield { what: `${path} with ${JSON.stringify(extra)}`, value: withField(object, extra, 1) };
  }
  for (const [key, field] of Object.entries(object)) {
    const { [key]: _, ...rest } = object;
    if (!optional.includes(key)) yield { what: `${path} without ${key}`, value: rest };
    for (const inside of broken(field, `${path}.${key}`, [])) {
      yield { what: inside.what, value: withField(object, key, inside.value) };
    }
  }
}

/** What §8 does not call malformed: fields beside Value are ignored, and nobody reads these two messages at all. */
const isAllowed = ({ what }: Broken) => what.startsWith('OutputCmd.Command.Vibrate with ');
const UNREAD = ['LovenseCmd', 'RawCmd', 'RequestServerInfo'];

function brokenMessages({ name, body, optional = [] }: KnownMessage): readonly Broken[] {
  const withoutId = [...brokenFields(body, name, optional)];
  return withoutId
    .filter((candidate) => !isAllowed(candidate))
    .map(({ what, value }) => ({ what, value: isObject(value) ? withField(value, 'Id', 7) : value }));
}

const cases = catalogue.filter(({ name }) => !UNREAD.includes(name));

describe.each(cases.flatMap((message) => message.versions.map((version) => [version, message.name, message] as const)))(
  'v%i %s',
  (version, name, message) => {
    it('with one thing wrong is code 3 with its Id, and the session goes on', async () => {
      const client = await gateway.connect(version);
      const all = brokenMessages(message);
      expect(all.length).toBeGreaterThanOrEqual(EXTRA_FIELDS.length);
      for (const { what, value } of all) {
        const text = JSON.stringify([{ [name]: value }, { Ping: { Id: 8 } }]);
        expect([what, await exchange(gateway, client, text)]).toEqual([what, [failure(3, 7), ok(8)]]);
      }
    });

    it.each(['0', '-1', '4294967296', '1.5', '1e999', '-1e999', '"1"', 'null', 'true', '[1]', '{}'])(
      'with the Id %s is code 3 with Id 0',
      async (id) => {
        const client = await gateway.connect(version);
        const body = JSON.stringify({ Id: 'HERE', ...message.body }).replace('"HERE"', id);
        const answers = await exchange(gateway, client, `[{"${name}":${body}},{"Ping":{"Id":8}}]`);
        expect(answers).toEqual([failure(3, 0), ok(8)]);
        const missing = JSON.stringify([{ [name]: message.body }]);
        expect(await exchange(gateway, client, missing)).toEqual([failure(3, 0)]);
      },
    );
  },
);

/** A message whose shape is right and whose value is not; `#` stands for the value. */
const outOfRange: readonly (readonly [version: 0 | 1 | 2 | 3 | 4, message: string, values: readonly string[]])[] = [
  [0, '"SingleMotorVibrateCmd":{"Id":7,"DeviceIndex":0,"Speed":#}', ['-0.1', '1.000001', '1e999', '-1e999']],
  [1, '"VibrateCmd":{"Id":7,"DeviceIndex":0,"Speeds":#}', ['[]', '[{"Index":0,"Speed":1},{}]', '[null]', '[[]]']],
  [2, '"VibrateCmd":{"Id":7,"DeviceIndex":0,"Speeds":[{"Index":0,"Speed":#}]}', ['-0.1', '1.000001', '1e999']],
  [2, '"VibrateCmd":{"Id":7,"DeviceIndex":0,"Speeds":[{"Index":#,"Speed":1}]}', ['-1', '0.5', '4294967296', '1e999']],
  [1, '"RotateCmd":{"Id":7,"DeviceIndex":0,"Rotations":#}', ['[]', '[{"Index":0,"Speed":1}]']],
  [
    3,
    '"RotateCmd":{"Id":7,"DeviceIndex":0,"Rotations":[{"Index":0,"Speed":#,"Clockwise":true}]}',
    ['-0.1', '1.000001', '1e999'],
  ],
  [
    1,
    '"LinearCmd":{"Id":7,"DeviceIndex":0,"Vectors":[{"Index":0,"Duration":5,"Position":#}]}',
    ['-0.1', '1.000001', '1e999'],
  ],
  [
    3,
    '"LinearCmd":{"Id":7,"DeviceIndex":0,"Vectors":[{"Index":0,"Duration":#,"Position":1}]}',
    ['-1', '4294967296', '1e999'],
  ],
  [3, '"ScalarCmd":{"Id":7,"DeviceIndex":0,"Scalars":#}', ['[]', '[{"Index":0,"Scalar":1}]']],
  [
    3,
    '"ScalarCmd":{"Id":7,"DeviceIndex":0,"Scalars":[{"Index":0,"Scalar":#,"ActuatorType":"Vibrate"}]}',
    ['1e999', '-1e999'],
  ],
  [0, '"FleshlightLaunchFW12Cmd":{"Id":7,"DeviceIndex":0,"Position":#,"Speed":50}', ['-1', '100', '0.5']],
  [1, '"FleshlightLaunchFW12Cmd":{"Id":7,"DeviceIndex":0,"Position":50,"Speed":#}', ['-1', '100', '0.5']],
  [0, '"VorzeA10CycloneCmd":{"Id":7,"DeviceIndex":0,"Speed":#,"Clockwise":true}', ['-1', '101', '0.5']],
  [1, '"KiirooCmd":{"Id":7,"DeviceIndex":0,"Command":#}', ['"5"', '""', '"-1"', '"00"', '"1\\n"', '"1,2"']],
  [3, '"SensorReadCmd":{"Id":7,"DeviceIndex":0,"SensorIndex":#,"SensorType":"Battery"}', ['0.5', '1e999']],
  [2, '"RawReadCmd":{"Id":7,"DeviceIndex":0,"Endpoint":"rx","Length":#,"WaitForData":true}', ['-1', '0.5', '1e999']],
  [4, '"OutputCmd":{"Id":7,"DeviceIndex":0,"FeatureIndex":#,"Command":{"Vibrate":{"Value":1}}}', ['-1', '4294967296']],
  [4, '"StopCmd":{"Id":7,"DeviceIndex":0,"FeatureIndex":#}', ['-1', '0.5', '4294967296', 'null']],
  ...([0, 1, 2, 3, 4] as const).map(
    (version) =>
      [
        version,
        `"${version === 4 ? 'StopCmd' : 'StopDeviceCmd'}":{"Id":7,"DeviceIndex":#}`,
        ['-1', '0.5', '4294967296', '1e999', '"0"', 'null'],
      ] as const,
  ),
];

it.each(outOfRange.flatMap(([version, message, values]) => values.map((value) => [version, message, value] as const)))(
  'v%i %s with %s is code 3 with its Id',
  async (version, message, value) => {
    const client = await gateway.connect(version);
    const text = `[{${message.replace('#', value)}},{"Ping":{"Id":8}}]`;
    expect(await exchange(gateway, client, text)).toEqual([failure(3, 7), ok(8)]);
  },
);

it.each([
  ['a field 50,000 levels deep', `"Extra":${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ['a field name of 100,000 letters', `"${'x'.repeat(100_000)}":1`],
  ['10,000 extra fields', Array.from({ length: 10_000 }, (_, at) => `"x${at}":1`).join()],
])('v4 Ping with %s is code 3 with its Id, in a sentence of moderate length', async (_what, fields) => {
  const client = await gateway.connect(4);
  const answers = await exchange(gateway, client, `[{"Ping":{"Id":7,${fields}}},{"Ping":{"Id":8}}]`);
  expect(answers).toEqual([failure(3, 7, /^.{10,500}$/s), ok(8)]);
});

it('v1 VibrateCmd with 100,000 entries is carried out or refused as one', async () => {
  const client = await gateway.connect(1);
  const entries = (last: number) => `${'{"Index":0,"Speed":0.5},'.repeat(99_999)}{"Index":${last},"Speed":1}`;
  const vibrateCmd = (last: number) => `[{"VibrateCmd":{"Id":7,"DeviceIndex":0,"Speeds":[${entries(last)}]}}]`;
  expect(await exchange(gateway, client, vibrateCmd(0))).toEqual([ok(7)]);
  expect(await exchange(gateway, client, vibrateCmd(5))).toEqual([failure(4, 7)]);
  expect(await exchange(gateway, client, '[{"Ping":{"Id":8}}]')).toEqual([ok(8)]);
});
