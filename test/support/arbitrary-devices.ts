import fc from 'fast-check';
import { type AnnouncedDevice, type AnnouncedFeature, INPUT_TYPES, OUTPUT_TYPES } from '../../core/protocol/model.js';

/** Devices such as no catalogue has: any mix of outputs and inputs, indexes with gaps, ranges without a single step. */

const ordered = (low: number, high: number) =>
  fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high })).map(([one, other]) => {
    return [Math.min(one, other), Math.max(one, other)] as const;
  });

const single = fc.integer({ min: -300, max: 300 }).map((value) => [value, value] as const);

const steps = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 1000 }) },
);

const output = fc
  .record({ type: fc.constantFrom(...OUTPUT_TYPES), steps, bothWays: fc.boolean(), duration: ordered(0, 20_000) })
  .map(({ type, steps, bothWays, duration }) => {
    const signed = bothWays && (type === 'Rotate' || type === 'Temperature');
    const value = [signed ? -steps : 0, steps] as const;
    return [type, type === 'HwPositionWithDuration' ? { value, duration } : { value }] as const;
  });

const input = fc
  .record({
    type: fc.constantFrom(...INPUT_TYPES),
    range: fc.oneof(ordered(0, 255), ordered(-200, 70_000), single),
    commands: fc.subarray(['Read', 'Subscribe'] as const, { minLength: 1 }),
  })
  .map(({ type, range, commands }) => [type, { value: [range], commands }] as const);

/** Described by its own index, so that an announcement tells which feature it speaks of. */
const feature = fc
  .record({
    index: fc.integer({ min: 0, max: 40 }),
    outputs: fc.uniqueArray(output, { selector: ([type]) => type, maxLength: 4 }),
    inputs: fc.uniqueArray(input, { selector: ([type]) => type, maxLength: 2 }),
    disabled: fc.boolean(),
  })
  .map(
    ({ index, outputs, inputs, disabled }): AnnouncedFeature => ({
      index,
      description: `feature ${index}`,
      hasOutputs: disabled || outputs.length > 0,
      outputs: Object.fromEntries(outputs),
      inputs: Object.fromEntries(inputs),
    }),
  );

const fields = {
  index: fc.integer({ min: 0, max: 4_294_967_295 }),
  name: fc.string({ unit: 'binary' }),
  displayName: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  messageGapMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
  features: fc
    .uniqueArray(feature, { selector: ({ index }) => index, maxLength: 8 })
    .map((features) => features.sort((left, right) => left.index - right.index)),
  rawEndpoints: fc.subarray(['command', 'rx', 'tx']),
};

export const arbitraryDevice: fc.Arbitrary<AnnouncedDevice> = fc.record(fields);
