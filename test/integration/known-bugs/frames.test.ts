import { describe, expect, it } from 'vitest';
import { boot, type TestLine } from '../../support/boot.js';

const TESTBED = { devices: [{ model: 'Pulsegate Testbed', messageGap: 0 }] };

/** Everything that comes back for a text, in order. */
function say(client: TestLine, text: string) {
  client.take();
  client.raw(text);
  return client.take();
}

const refused = (Id: number, ErrorCode = 3) => ({
  Error: { Id, ErrorCode, ErrorMessage: expect.stringMatching(/\w+ \w+/) },
});

describe('B1: every frame is answered, and one bad message does not spoil the others', () => {
  it.each([
    { what: 'no JSON', text: 'hello' },
    { what: 'JSON cut off', text: '[{"Ping":{"Id":1}}' },
    { what: 'trailing garbage', text: '[{"Ping":{"Id":1}}] x' },
    { what: 'an object instead of an array', text: '{"Ping":{"Id":1}}' },
    { what: 'null', text: 'null' },
    { what: 'a number', text: '17' },
    { what: 'an empty array', text: '[]' },
    { what: 'an element without a name', text: '[{}]' },
    { what: 'an element with two names', text: '[{"Ping":{"Id":1},"StopCmd":{"Id":2}}]' },
    { what: 'an element that is no object', text: '["Ping"]' },
    { what: 'an element that is null', text: '[null]' },
  ])('B1: $what gets one Error with Id 0 and code 3', async ({ text }) => {
    await using gateway = await boot();
    const client = await gateway.connect();
    expect(say(client, text)).toEqual([refused(0)]);
    expect(await client.ask({ Ping: {} }), 'the session goes on').toMatchObject({ Ok: {} });
  });

  it.each([
    { what: 'an unknown message', text: '[{"Pang":{"Id":7}}]' },
    { what: 'a message of another version', text: '[{"VibrateCmd":{"Id":7,"DeviceIndex":0,"Speeds":[]}}]' },
    { what: 'a missing field', text: '[{"OutputCmd":{"Id":7,"DeviceIndex":0,"FeatureIndex":0}}]' },
    { what: 'a field too many', text: '[{"Ping":{"Id":7,"Extra":1}}]' },
    {
      what: 'null for a string',
      text: '[{"InputCmd":{"Id":7,"DeviceIndex":0,"FeatureIndex":0,"Type":null,"Command":"Read"}}]',
    },
    { what: 'a negative index', text: '[{"StopCmd":{"Id":7,"DeviceIndex":-1}}]' },
    { what: 'an index beyond u32', text: '[{"StopCmd":{"Id":7,"DeviceIndex":4294967296}}]' },
    {
      what: 'an unknown input type',
      text: '[{"InputCmd":{"Id":7,"DeviceIndex":0,"FeatureIndex":0,"Type":"Smell","Command":"Read"}}]',
    },
    {
      what: 'no command in an OutputCmd',
      text: '[{"OutputCmd":{"Id":7,"DeviceIndex":0,"FeatureIndex":0,"Command":{}}}]',
    },
    {
      what: 'two commands in an OutputCmd',
      text: '[{"OutputCmd":{"Id":7,"DeviceIndex":0,"FeatureIndex":0,"Command":{"Vibrate":{"Value":1},"Rotate":{"Value":1}}}}]',
    },
  ])('B1: $what gets an Error with its own Id and code 3', async ({ text }) => {
    await using gateway = await boot(TESTBED);
    const client = await gateway.connect();
    expect(say(client, text)).toEqual([refused(7)]);
  });

  it.each(['0', '-1', '4294967296', '"7"', '1.5', 'null', '[7]'])(
    'B1: an Id of %s is not usable: Error with Id 0',
    async (id) => {
      await using gateway = await boot();
      const client = await gateway.connect();
      expect(say(client, `[{"Ping":{"Id":${id}}}]`)).toEqual([refused(0)]);
    },
  );

  it('B1: the good messages of a frame are carried out, each reply in a frame of its own', async () => {
    await using gateway = await boot(TESTBED);
    const client = await gateway.connect();
    client.take();
    client.frames.length = 0;
    const order = '{"OutputCmd":{"Id":4,"DeviceIndex":0,"FeatureIndex":0,"Command":{"Vibrate":{"Value":7}}}}';
    client.raw(`[{"Ping":{"Id":1}}, {"Pang":{"Id":2}}, "Ping", {}, {"Ping":{}}, ${order}]`);
    expect(client.take()).toEqual([
      { Ok: { Id: 1 } },
      refused(2),
      refused(0),
      refused(0),
      refused(0),
      { Ok: { Id: 4 } },
    ]);
    expect(client.frames).toHaveLength(6);
    expect((await gateway.toy('pulsegate-testbed-1')).outputs[0]).toMatchObject({ type: 'Vibrate', level: 7 });
  });
});

describe('B43: messages of different versions in one frame', () => {
  it('B43: a v3 client may send VibrateCmd and ScalarCmd together', async () => {
    await using gateway = await boot(TESTBED);
    const client = await gateway.connect(3);
    client.take();
    client.tell(
      { VibrateCmd: { Id: 1, DeviceIndex: 0, Speeds: [{ Index: 0, Speed: 0.5 }] } },
      { ScalarCmd: { Id: 2, DeviceIndex: 0, Scalars: [{ Index: 2, Scalar: 0.5, ActuatorType: 'Oscillate' }] } },
    );
    expect(client.take()).toEqual([{ Ok: { Id: 1 } }, { Ok: { Id: 2 } }]);
    const { outputs } = await gateway.toy('pulsegate-testbed-1');
    expect(outputs[0]).toMatchObject({ type: 'Vibrate', level: 10 });
    expect(outputs[2]).toMatchObject({ type: 'Oscillate', level: 10 });
  });

  it('B43: a v1 client may send VibrateCmd and SingleMotorVibrateCmd together', async () => {
    await using gateway = await boot(TESTBED);
    const client = await gateway.connect(1);
    client.take();
    client.tell(
      { SingleMotorVibrateCmd: { Id: 1, DeviceIndex: 0, Speed: 0.1 } },
      { VibrateCmd: { Id: 2, DeviceIndex: 0, Speeds: [{ Index: 0, Speed: 1 }] } },
    );
    expect(client.take()).toEqual([{ Ok: { Id: 1 } }, { Ok: { Id: 2 } }]);
    expect((await gateway.toy('pulsegate-testbed-1')).outputs[0]).toMatchObject({ level: 20 });
  });

  it('B43: a message that does not belong to the version is refused alone', async () => {
    await using gateway = await boot(TESTBED);
    const client = await gateway.connect(2);
    client.take();
    client.tell({ SingleMotorVibrateCmd: { Id: 1, DeviceIndex: 0, Speed: 1 } }, { Ping: { Id: 2 } });
    expect(client.take()).toEqual([refused(1), { Ok: { Id: 2 } }]);
  });
});

describe('B44: whole numbers written with a point, and fractions of a millisecond', () => {
  it('B44: an Id of 5.0 is 5, and a Value of 7.0 is 7', async () => {
    await using gateway = await boot(TESTBED);
    const client = await gateway.connect();
    const text = '[{"OutputCmd":{"Id":5.0,"DeviceIndex":0.0,"FeatureIndex":0.0,"Command":{"Vibrate":{"Value":7.0}}}}]';
    expect(say(client, text)).toEqual([{ Ok: { Id: 5 } }]);
    expect((await gateway.toy('pulsegate-testbed-1')).outputs[0]).toMatchObject({ level: 7 });
  });

  it.each([
    { written: '500.0', meant: 500 },
    { written: '500.5', meant: 501 },
    { written: '500.4', meant: 500 },
  ])('B44: a Duration of $written is $meant ms, for v4 and for LinearCmd', async ({ written, meant }) => {
    await using gateway = await boot(TESTBED);
    const move = `02080032${meant.toString(16).padStart(4, '0')}`;
    const newest = await gateway.connect(4);
    const inV4 = `[{"OutputCmd":{"Id":5,"DeviceIndex":0,"FeatureIndex":8,"Command":{"HwPositionWithDuration":{"Value":50,"Duration":${written}}}}}]`;
    expect(say(newest, inV4)).toEqual([{ Ok: { Id: 5 } }]);
    const older = await gateway.connect(3);
    const inV3 = `[{"LinearCmd":{"Id":6,"DeviceIndex":0,"Vectors":[{"Index":0,"Duration":${written},"Position":0.5}]}}]`;
    await gateway.clock.advance(1000);
    expect(say(older, inV3)).toEqual([{ Ok: { Id: 6 } }]);
    const { packets } = await gateway.toy('pulsegate-testbed-1');
    expect(packets.map(({ hex }) => hex)).toEqual([move, move]);
  });

  it('B44: a fraction of a step is refused with the Id, not dropped', async () => {
    await using gateway = await boot(TESTBED);
    const client = await gateway.connect();
    const text = '[{"OutputCmd":{"Id":5,"DeviceIndex":0,"FeatureIndex":0,"Command":{"Vibrate":{"Value":7.5}}}}]';
    expect(say(client, text)).toEqual([refused(5)]);
  });
});
