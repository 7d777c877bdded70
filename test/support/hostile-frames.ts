/** What clients should never send. */

/** Code and Id of an Error. */
type Failure = readonly [code: number, id: number];

export interface HostileFrame {
  readonly what: string;
  readonly data: string | Buffer;
  /** The Errors it has to be answered with, in order. */
  readonly answers: readonly Failure[];
}

const MESSAGE = 3;
const DEVICE = 4;

const malformed = (what: string, data: string | Buffer, id = 0): HostileFrame => ({
  what,
  data,
  answers: [[MESSAGE, id]],
});
const list = (length: number, element: (at: number) => string) => Array.from({ length }, (_, at) => element(at)).join();
const output = (id: number | string, fields: string) => `[{"OutputCmd":{"Id":${id},${fields}}}]`;
const vibrate = (value: string) => `"DeviceIndex":0,"FeatureIndex":0,"Command":{"Vibrate":{"Value":${value}}}`;
const nested = (open: string, inside: string, close: string, levels: number) =>
  `${open.repeat(levels)}${inside}${close.repeat(levels)}`;
const everyByte = Buffer.from(Array.from({ length: 4096 }, (_, at) => at & 0xff));

/** For a session of spec version 4 with the testbed as device 0. */
export const hostileFrames: readonly HostileFrame[] = [
  malformed('text that is no JSON', 'hello'),
  malformed('half a frame', '[{"Ping":{"Id":1}'),
  malformed('an empty array', '[]'),
  malformed('a number that is none', output(21, vibrate('NaN'))),
  malformed('binary junk', everyByte),
  malformed('binary zeros', Buffer.alloc(4096)),
  malformed('5000 arrays in each other', nested('[', '', ']', 5000)),
  malformed('100,000 arrays that never close', '['.repeat(100_000)),
  malformed('5000 objects in each other', `[{"Ping":{"Id":22,"Deep":${nested('{"a":', '1', '}', 5000)}}}]`, 22),
  malformed('a message that is a text', '["Ping"]'),
  malformed('two names in one message', '[{"Ping":{"Id":1},"StopScanning":{"Id":2}}]'),
  malformed('an unknown message', '[{"Nonsense":{"Id":23}}]', 23),
  malformed('a name of 100 kB', `[{"${'x'.repeat(100_000)}":{"Id":24}}]`, 24),
  malformed('half a character as a name', '[{"\\ud800":{"Id":25}}]', 25),
  malformed('a message of another version', '[{"VibrateCmd":{"Id":26,"DeviceIndex":0,"Speeds":[]}}]', 26),
  malformed('the prototype as a name', '[{"__proto__":{"Id":27}}]', 27),
  malformed('a property of all objects as a name', '[{"constructor":{"Id":28}}]', 28),
  malformed('the prototype as a field', '[{"Ping":{"Id":29,"__proto__":{"polluted":true}}}]', 29),
  malformed(
    'the prototype as an order',
    output(30, '"DeviceIndex":0,"FeatureIndex":0,"Command":{"__proto__":{"Value":1}}'),
    30,
  ),
  malformed(
    'an inherited function as an order',
    output(31, '"DeviceIndex":0,"FeatureIndex":0,"Command":{"toString":{"Value":1}}'),
    31,
  ),
  malformed('an Id of 0', output(0, vibrate('1'))),
  malformed('an Id beyond 32 bits', output(4294967296, vibrate('1'))),
  malformed('an Id beyond all numbers', output('1e999', vibrate('1'))),
  malformed('half an Id', output(0.5, vibrate('1'))),
  malformed('an Id in a text', output('"32"', vibrate('1'))),
  malformed('no Id', '[{"Ping":{}}]'),
  malformed('a body that is an array', '[{"Ping":[]}]'),
  malformed('a value beyond all numbers', output(33, vibrate('1e999')), 33),
  malformed('half a value', output(34, vibrate('0.5')), 34),
  malformed('a value in a text', output(35, vibrate('"1"')), 35),
  malformed('wrong types everywhere', output(36, '"DeviceIndex":null,"FeatureIndex":[],"Command":"Vibrate"'), 36),
  malformed(
    'two orders at once',
    output(37, '"DeviceIndex":0,"FeatureIndex":0,"Command":{"Vibrate":{"Value":1},"Rotate":{"Value":1}}'),
    37,
  ),
  malformed('2000 fields too many', `[{"Ping":{"Id":38,${list(2000, (at) => `"field${at}":0`)}}}]`, 38),
  malformed('5000 messages at once', `[${list(5000, () => '{"Ping":{"Id":39}}')}]`),
  {
    what: '300 unknown messages at once',
    data: `[${list(300, (at) => `{"Nonsense":{"Id":${1000 + at}}}`)}]`,
    answers: Array.from({ length: 300 }, (_, at) => [MESSAGE, 1000 + at] as const),
  },
  {
    what: 'a device that is not there',
    data: output(40, '"DeviceIndex":99,"FeatureIndex":0,"Command":{"Vibrate":{"Value":1}}'),
    answers: [[DEVICE, 40]],
  },
  {
    what: 'a feature that is not there',
    data: output(41, '"DeviceIndex":0,"FeatureIndex":4294967295,"Command":{"Vibrate":{"Value":1}}'),
    answers: [[DEVICE, 41]],
  },
  { what: 'a value out of range', data: output(42, vibrate('2147483647')), answers: [[DEVICE, 42]] },
];

/** About a megabyte each, just within what a frame may have; for a session of spec version 3. */
export const hugeFrames: readonly HostileFrame[] = [
  malformed(
    '300,000 speeds that are none',
    `[{"VibrateCmd":{"Id":51,"DeviceIndex":0,"Speeds":[${list(300_000, () => '{}')}]}}]`,
    51,
  ),
  malformed(
    '40,000 speeds and then a wrong one',
    `[{"VibrateCmd":{"Id":52,"DeviceIndex":0,"Speeds":[${list(40_000, () => '{"Index":0,"Speed":0}')},{}]}}]`,
    52,
  ),
  malformed(
    '500,000 bytes for a raw endpoint',
    `[{"RawWriteCmd":{"Id":53,"DeviceIndex":0,"Endpoint":"tx","WriteWithResponse":false,"Data":[${list(500_000, () => '1')}]}}]`,
    53,
  ),
  malformed('80,000 fields too many', `[{"Ping":{"Id":54,${list(80_000, (at) => `"f${at}":0`)}}}]`, 54),
  malformed('half a million times nothing', `[${list(500_000, () => '0')}]`),
  malformed('a megabyte of brackets', '['.repeat(1_000_000)),
];
