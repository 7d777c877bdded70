import fc from 'fast-check';
import { type DeviceCard, DeviceError, OUTPUT_TYPES } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { readOrder } from '../../../plugins/mqtt-topics/order.js';
import { settingsFor, shareOf } from '../../../plugins/mqtt-topics/setting.js';

type Feature = DeviceCard['features'][number];

const read = (text: string) => readOrder(Buffer.from(text));

const feature = (outputs: Feature['outputs']): Feature => ({
  index: 3,
  description: 'Motor',
  hasOutputs: true,
  outputs,
  inputs: {},
});
const motor = feature({ Vibrate: { value: [0, 20] } });
const wheel = feature({ Rotate: { value: [-20, 20] } });
const stroker = feature({
  Position: { value: [0, 100] },
  HwPositionWithDuration: { value: [0, 100], duration: [100, 2000] },
});

const both = feature({ Vibrate: { value: [0, 20] }, Rotate: { value: [-20, 20] } });
const timedOnly = feature({ HwPositionWithDuration: { value: [0, 100], duration: [100, 2000] } });

function settings(of: Feature, text: string) {
  const order = read(text);
  if (order.kind === 'stop') throw new Error('a stop has no setting');
  return settingsFor(of, order);
}
const setting = (of: Feature, text: string) => settings(of, text)[0];

describe('an order', () => {
  it.each([
    ['0.5', { share: 0.5 }],
    [' 1 ', { share: 1 }],
    ['-.25', { share: -0.25 }],
    ['5e-1', { share: 0.5 }],
    ['{"value":0.5}', { share: 0.5 }],
    ['{"percent":50}', { share: 0.5 }],
    ['{"steps":7}', { steps: 7 }],
  ])('%s is read as %o', (text, level) => {
    expect(read(text)).toMatchObject({ kind: 'set', wishes: [{ type: undefined, level }] });
  });

  it.each(['stop', 'STOP', ' off\n', '"stop"', '"OFF"'])('%j stops', (text) => {
    expect(read(text)).toEqual({ kind: 'stop' });
  });

  it('may be for several outputs', () => {
    expect(read('{"Rotate":-0.2,"Vibrate":0.5,"hold":500}')).toMatchObject({
      wishes: [
        { type: 'Vibrate', level: { share: 0.5 } },
        { type: 'Rotate', level: { share: -0.2 } },
      ],
      hold: 500,
    });
  });

  it.each([
    '{}',
    '{"hold":500}',
    '{"Vibrate":2}',
    '{"Vibrate":0.5,"value":0.5}',
    '{"value":0.5,"percent":50}',
    '{"value":"0.5"}',
    '{"value":0.5,"hold":99}',
    '{"__proto__":{"value":1}}',
    '[0.5]',
    'null',
    'Infinity',
    '0x1',
    '',
    'stop"',
  ])('%s is none', (text) => {
    expect(() => read(text)).toThrow('That is no order; expected a number');
  });

  it('is read, or refused with a sentence: nothing else comes of any bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 2000 }), fc.json().map(Buffer.from)), (bytes) => {
        try {
          const order = readOrder(Buffer.from(bytes));
          if (order.kind === 'stop') return;
          expect(order.wishes.length).toBeGreaterThan(0);
          for (const { level } of order.wishes) {
            const amount = 'share' in level ? level.share : level.steps / 100_000;
            expect(Math.abs(amount)).toBeLessThanOrEqual(1);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(DeviceError);
        }
      }),
    );
  });

  it('never tells an output more than it takes, and never nothing where something was asked for', () => {
    const output = fc.constantFrom(...OUTPUT_TYPES);
    fc.assert(
      fc.property(
        output,
        fc.integer({ min: 1, max: 1000 }),
        fc.boolean(),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (type, most, isSigned, share) => {
          const least = isSigned ? -most : 0;
          const text = JSON.stringify({ value: share, type });
          const isPosition = type === 'Position' || type === 'HwPositionWithDuration';
          try {
            const value = setting(feature({ [type]: { value: [least, most] } }), text)?.value ?? Number.NaN;
            expect(value).toBeGreaterThanOrEqual(least);
            expect(value).toBeLessThanOrEqual(most);
            if (!isPosition) expect(Math.sign(value) === Math.sign(share)).toBe(true);
            expect(Math.abs(shareOf(value, most) - share)).toBeLessThanOrEqual(1 / most + 1e-4);
          } catch (error) {
            expect(error).toBeInstanceOf(DeviceError);
            expect(share).toBeLessThan(0);
            expect(isSigned).toBe(false);
          }
        },
      ),
    );
  });
});

describe('what is told of a feature', () => {
  it('is its only output, or the plain one of several', () => {
    expect(setting(motor, '0.5')).toEqual({ type: 'Vibrate', value: 10, duration: undefined });
    expect(setting(wheel, '-1')).toEqual({ type: 'Rotate', value: -20, duration: undefined });
    expect(setting(stroker, '0.5')).toEqual({ type: 'Position', value: 50, duration: undefined });
  });

  it('is a timed move where a time is said, within what the device takes', () => {
    const move = (duration: number) => setting(stroker, JSON.stringify({ value: 1, duration }));
    expect(move(500)).toEqual({ type: 'HwPositionWithDuration', value: 100, duration: 500 });
    expect(move(1)).toMatchObject({ duration: 100 });
    expect(move(60_000)).toMatchObject({ duration: 2000 });
  });

  it('is a timed move of half a second where it has nothing else and no time is said', () => {
    expect(setting(timedOnly, '1')).toEqual({ type: 'HwPositionWithDuration', value: 100, duration: 500 });
  });

  it('is several things at once, all of them or none', () => {
    expect(settings(both, '{"Rotate":-1,"Vibrate":0.5}')).toEqual([
      { type: 'Vibrate', value: 10, duration: undefined },
      { type: 'Rotate', value: -20, duration: undefined },
    ]);
    expect(() => settings(both, '{"Vibrate":0.5,"Led":1}')).toThrow(
      'Feature 3 has no Led output; it has Vibrate, Rotate',
    );
  });

  it('takes no time where there is no move', () => {
    expect(() => setting(motor, '{"value":0.5,"duration":500}')).toThrow('Vibrate of feature 3 takes no "duration"');
    expect(() => setting(stroker, '{"value":0.5,"type":"Position","duration":500}')).toThrow('takes no "duration"');
  });

  it('has to be something it has', () => {
    expect(() => setting(motor, '{"value":0.5,"type":"Rotate"}')).toThrow(
      'Feature 3 has no Rotate output; it has Vibrate',
    );
    expect(() => setting(motor, '-0.5')).toThrow('Vibrate of feature 3 takes 0 to 1');
    expect(() => setting(motor, '{"steps":21}')).toThrow('Vibrate of feature 3 takes 0 to 20 steps');
    expect(() => setting(feature({}), '0.5')).toThrow('Feature 3 has no');
  });
});
