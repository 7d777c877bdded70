import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Booted, boot, type TestLine } from '../../support/boot.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';
import { catalogue } from './catalogue.js';
import { exchange, ok, VERSIONS, type Version, workedExample } from './support.js';

/** Whatever a client sends: nothing throws, nothing wedges, nothing leaves its range. */

let recording: RecordingProtocol;
let gateway: Booted;
beforeAll(async () => {
  recording = new RecordingProtocol({ Rabbit: workedExample });
  recording.readings.set('Battery', 50);
  gateway = await boot({
    plugins: [recording.plugin],
    devices: [{ model: 'Rabbit' }],
    config: { sessions: { maxErrorsPerSecond: 1_000_000 } },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** Field names and values that mean something, so that not every message fails at its first field. */
const fieldNames = [...new Set(catalogue.flatMap(({ body }) => ['Id', '__proto__', ...Object.keys(body)]))];
const fieldValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.integer({ min: -2, max: 9 }),
  fc.double({ min: -0.5, max: 1.5, noNaN: true }),
  fc.constantFrom(4_294_967_295, 4_294_967_296, -2_147_483_648, 'Vibrate', 'Battery', 'Read', 'tx', true, null),
);
const body = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...fieldNames), fieldValue), { selector: ([name]) => name, maxLength: 6 })
  .map((entries) => Object.fromEntries(entries));

/** A message of the catalogue, most of it as it should be. */
const nearlyGood = fc
  .record({ message: fc.constantFrom(...catalogue), change: body, id: fc.integer({ min: 1, max: 4_294_967_295 }) })
  .map(({ message, change, id }) => ({ [message.name]: { ...message.body, ...change, Id: id } }));

/** Disconnect ends the session, as it should; everything else must not. */
const isNoGoodbye = (element: object) => !('Disconnect' in element);

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  '0 Vibrate': [0, 20],
  '1 Rotate': [-20, 20],
  '4 Position': [0, 100],
  '4 HwPositionWithDuration': [0, 100],
  '5 Constrict': [0, 3],
};

function expectInRange(order: string): void {
  const [feature, type, value, , duration = '0'] = order.split(' ');
  const [low, high] = ranges[`${feature} ${type}`] ?? [];
  expect([low, high, Number(duration)].every(Number.isFinite), order).toBe(true);
  expect(Number(value), order).toBeGreaterThanOrEqual(low ?? 0);
  expect(Number(value), order).toBeLessThanOrEqual(high ?? 0);
  expect(Number(duration), order).toBeGreaterThanOrEqual(0);
  expect(Number(duration), order).toBeLessThanOrEqual(10_000);
}

/** Sends a frame; every answer must be one message in a frame of its own, and the session must still answer. */
async function survives(client: TestLine, text: string): Promise<readonly number[]> {
  client.frames.length = 0;
  const answers = await exchange(gateway, client, text);
  for (const frame of client.frames) expect(frame).toMatch(/^\[\{"\w+":\{.*\}\}\]$/s);
  expect(answers.map((answer) => Object.keys(answer).length)).toEqual(answers.map(() => 1));
  recording.take().forEach(expectInRange);
  expect(client.closeReason).toBeUndefined();
  expect(await client.ask({ Ping: { Id: 4_000_000_001 } })).toEqual(ok(4_000_000_001));
  return answers.flatMap((answer) => Object.values(answer).map(({ Id }) => Number(Id)));
}

const frames: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'any text': fc.string({ unit: 'binary' }),
  'any JSON value': fc.json(),
  'any JSON values as messages': fc.array(fc.jsonValue()).map((elements) => JSON.stringify(elements)),
  'any body under a known name': fc
    .record({ name: fc.constantFrom(...catalogue.map(({ name }) => name)), value: fc.jsonValue() })
    .filter(({ name }) => name !== 'Disconnect')
    .map(({ name, value }) => JSON.stringify([{ [name]: value }])),
};

describe.each(VERSIONS)('v%i', (version: Version) => {
  it.each(Object.entries(frames))('%s never throws and leaves the session usable', async (_what, frame) => {
    const client = await gateway.connect(version);
    await fc.assert(
      fc.asyncProperty(frame, async (text) => {
        await survives(client, text);
      }),
      { numRuns: 200 },
    );
  });

  it('nearly good messages are all answered, each with its own Id', async () => {
    const client = await gateway.connect(version);
    await fc.assert(
      fc.asyncProperty(fc.array(nearlyGood, { minLength: 1, maxLength: 5 }), async (elements) => {
        const sent = elements.filter(isNoGoodbye);
        const answered = await survives(client, JSON.stringify(sent));
        const wanted = sent.flatMap((element) => Object.values(element).map(({ Id }) => Id));
        expect(answered.filter((id) => id !== 0).sort()).toEqual(wanted.sort());
      }),
      { numRuns: 300 },
    );
  });
});

it.each(Object.entries(frames))(
  'before the handshake, %s never throws and leaves the handshake open',
  async (_, frame) => {
    await fc.assert(
      fc.asyncProperty(frame, async (text) => {
        const client = gateway.open();
        await exchange(gateway, client, text);
        const request = { RequestServerInfo: { Id: 1, ClientName: '', MessageVersion: 3 } };
        const reply = await client.ask(request);
        // What was sent may have been a handshake itself.
        expect(reply.ServerInfo ?? reply.Error).toMatchObject({ Id: 1 });
        client.cut();
      }),
      { numRuns: 200 },
    );
  },
);
