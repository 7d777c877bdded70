import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Booted, Message, TestLine } from '../../support/boot.js';
import { bootEverything } from './catalogue.js';
import { exchange, failure, ok, VERSIONS } from './support.js';

/** Framing (messages §1, §8; B1): what is no message, and what stands beside one. */

let gateway: Booted;
beforeAll(async () => {
  gateway = await bootEverything();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const nested = (levels: number, inside = '') => `${'['.repeat(levels)}${inside}${']'.repeat(levels)}`;
const nestedObject = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/** One Error with code 3 and Id 0 each. */
const noFrame: Readonly<Record<string, string>> = {
  'white space': ' \n',
  'plain text': 'hello',
  'a cut-off frame': '[{"Ping":{"Id":1}}',
  'trailing garbage': '[{"Ping":{"Id":1}}]x',
  'a leading byte order mark': '\ufeff[{"Ping":{"Id":1}}]',
  'single quotes': "[{'Ping':{'Id':1}}]",
  'NaN for a number': '[{"Ping":{"Id":NaN}}]',
  'a trailing comma': '[{"Ping":{"Id":1}},]',
  'a comment': '[{"Ping":{"Id":1}}] // hello',
  'a control character in a string': '[{"Ping":{"Id":1,"\u0001":1}}]',
  'a zero byte': '\u0000',
  'an object instead of an array': '{"Ping":{"Id":1}}',
  'a text': '"Ping"',
  'a number': '1',
  true: 'true',
  null: 'null',
  'an empty array': '[]',
  'an array that opens 100,000 times': '['.repeat(100_000),
  'an object that opens 100,000 times': '{"a":'.repeat(100_000),
  'an object 100,000 levels deep': nestedObject(100_000),
};

const noMessage: Readonly<Record<string, string>> = {
  null: 'null',
  true: 'true',
  'a number': '1',
  'a huge number': '1e999',
  'a text': '"Ping"',
  'an array': '[{"Ping":{"Id":1}}]',
  'an array 100,000 levels deep': nested(100_000),
  'an object without a key': '{}',
  'an object with two keys': '{"Ping":{"Id":1},"StartScanning":{"Id":2}}',
  'two keys, one of them __proto__': '{"Ping":{"Id":1},"__proto__":{"Id":2}}',
};

describe.each(VERSIONS)('v%i', (version) => {
  let client: TestLine;
  beforeEach(async () => {
    client = await gateway.connect(version);
  });

  it.each(Object.entries(noFrame))('no frame: %s', async (_what, text) => {
    expect(await exchange(gateway, client, text)).toEqual([failure(3, 0)]);
    expect(await exchange(gateway, client, '[{"Ping":{"Id":2}}]')).toEqual([ok(2)]);
  });

  it.each(Object.entries(noMessage))('no message, its neighbours count (B1): %s', async (_what, element) => {
    const text = `[{"Ping":{"Id":1}},${element},{"Ping":{"Id":2}}]`;
    expect(await exchange(gateway, client, text)).toEqual([ok(1), failure(3, 0), ok(2)]);
    expect(await exchange(gateway, client, `[${element}]`)).toEqual([failure(3, 0)]);
    expect(await exchange(gateway, client, '[{"Ping":{"Id":3}}]')).toEqual([ok(3)]);
  });

  it('an empty text frame is ignored', async () => {
    expect(await exchange(gateway, client, '')).toEqual([]);
    expect(await exchange(gateway, client, '[{"Ping":{"Id":1}}]')).toEqual([ok(1)]);
  });

  it.each(['Nonsense', 'ping', '', 'constructor', 'toString', 'hasOwnProperty', '__proto__', 'Ok', 'ServerInfo'])(
    'the unknown message %j is code 3 with its Id (messages §8)',
    async (name) => {
      expect(await exchange(gateway, client, `[{"${name}":{"Id":9}},{"Ping":{"Id":1}}]`)).toEqual([
        failure(3, 9),
        ok(1),
      ]);
    },
  );

  it('an unknown message with a very long name does not come back whole', async () => {
    const [answer] = await exchange(gateway, client, `[{"${'x'.repeat(100_000)}":{"Id":9}}]`);
    expect(answer).toEqual(failure(3, 9, /^.{10,200}$/));
  });

  it.each(['null', '1', 'true', '"Id"', '[]', '[{"Id":9}]', '[[[{}]]]'])(
    'a body that is %s is code 3 with Id 0',
    async (body) => {
      expect(await exchange(gateway, client, `[{"Ping":${body}}]`)).toEqual([failure(3, 0)]);
      expect(await exchange(gateway, client, '[{"Ping":{"Id":1}}]')).toEqual([ok(1)]);
    },
  );

  it('whatever is good in a frame is carried out, each message on its own merit (B1, B43)', async () => {
    const names = ['SingleMotorVibrateCmd', 'VibrateCmd', 'ScalarCmd', 'OutputCmd'];
    const bodies: Readonly<Record<string, object>> = {
      SingleMotorVibrateCmd: { Id: 11, DeviceIndex: 0, Speed: 0.5 },
      VibrateCmd: { Id: 12, DeviceIndex: 0, Speeds: [{ Index: 0, Speed: 1 }] },
      ScalarCmd: { Id: 13, DeviceIndex: 0, Scalars: [{ Index: 0, Scalar: 0.2, ActuatorType: 'Vibrate' }] },
      OutputCmd: { Id: 14, DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: 1 } } },
    };
    const known: Readonly<Record<number, readonly string[]>> = {
      0: ['SingleMotorVibrateCmd'],
      1: ['SingleMotorVibrateCmd', 'VibrateCmd'],
      2: ['VibrateCmd'],
      3: ['VibrateCmd', 'ScalarCmd'],
      4: ['OutputCmd'],
    };
    const expected = names.map((name, place): Message => {
      return known[version]?.includes(name) ? ok(11 + place) : failure(3, 11 + place);
    });
    const text = JSON.stringify(names.map((name) => ({ [name]: bodies[name] })));
    expect(await exchange(gateway, client, text)).toEqual(expected);
  });

  it('a frame of a thousand messages gets a thousand answers, in order', async () => {
    const ids = Array.from({ length: 1000 }, (_, place) => place + 1);
    const pings = JSON.stringify(ids.map((Id) => (Id % 2 === 0 ? { Ping: { Id } } : { Pong: { Id } })));
    expect(await exchange(gateway, client, pings)).toEqual(ids.map((id) => (id % 2 === 0 ? ok(id) : failure(3, id))));
  });

  it.each([1001, 50_000])('a frame of %i messages is refused as a whole', async (count) => {
    const pings = JSON.stringify(Array.from({ length: count }, (_, place) => ({ Ping: { Id: place + 1 } })));
    expect(await exchange(gateway, client, pings)).toEqual([failure(3, 0, /1000/)]);
    expect(await exchange(gateway, client, '[{"Ping":{"Id":1}}]')).toEqual([ok(1)]);
  });
});

describe('arrays one after the other in one frame (messages §1)', () => {
  let client: TestLine;
  beforeEach(async () => {
    client = await gateway.connect(4);
  });

  it.each([
    ['two', '[{"Ping":{"Id":1}}][{"Ping":{"Id":2}}]', [ok(1), ok(2)]],
    ['with white space', ' [{"Ping":{"Id":1}}]\n\t[{"Ping":{"Id":2}},{"Ping":{"Id":3}}] ', [ok(1), ok(2), ok(3)]],
    ['brackets in texts', '[{"][":{"Id":1}}][{"\\"][":{"Id":2}}]', [failure(3, 1), failure(3, 2)]],
    ['a bad message in one', '[{"Ping":{"Id":0}}][{"Ping":{"Id":2}}]', [failure(3, 0), ok(2)]],
    ['one of them empty', '[][{"Ping":{"Id":2}}]', [ok(2)]],
  ])('are read in order: %s', async (_what, text, answers) => {
    expect(await exchange(gateway, client, text)).toEqual(answers);
  });

  it.each([
    '[{"Ping":{"Id":1}}][{"Ping":{"Id":2}}]x',
    '[{"Ping":{"Id":1}}]x[{"Ping":{"Id":2}}]',
    '[{"Ping":{"Id":1}}],[{"Ping":{"Id":2}}]',
    '[{"Ping":{"Id":1}}][{"Ping":{"Id":2}}',
    '[{"Ping":{"Id":1}}]]',
    '[{"Ping":{"Id":1}}]{"Ping":{"Id":2}}',
    '[][]',
    '][',
  ])('garbage between or behind spoils all: %s', async (text) => {
    expect(await exchange(gateway, client, text)).toEqual([failure(3, 0)]);
    expect(await exchange(gateway, client, '[{"Ping":{"Id":3}}]')).toEqual([ok(3)]);
  });

  it('count together against the limit of a frame', async () => {
    const pings = (count: number) => JSON.stringify(Array.from({ length: count }, () => ({ Ping: { Id: 1 } })));
    expect(await exchange(gateway, client, `${pings(999)}${pings(2)}`)).toEqual([failure(3, 0, /1000/)]);
  });

  it('half a million of them end in one answer', async () => {
    expect(await exchange(gateway, client, '[]'.repeat(500_000))).toEqual([failure(3, 0)]);
    expect(await exchange(gateway, client, `${'[1]'.repeat(500_000)}`)).toEqual([failure(3, 0, /1000/)]);
  });
});
