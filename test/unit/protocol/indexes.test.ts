import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../../core/errors.js';
import { clientMessages } from '../../../core/protocol/codec.js';
import type { AnnouncedDevice, Range } from '../../../core/protocol/model.js';
import { arbitraryDevice } from '../../support/arbitrary-devices.js';
import { actuatorsInV3, countsIn, directoryOf, featuresInV4, namesInV0, outputsOf, sensorsInV3 } from './support.js';

/** Every index announced in versions 0 to 3 means the feature it was announced for, and there are no others (B23). */

/** How to use the k-th entry of each list to the full. */
const fullPower = {
  VibrateCmd: (Index: number) => ({ Speeds: [{ Index, Speed: 1 }] }),
  RotateCmd: (Index: number) => ({ Rotations: [{ Index, Speed: 1, Clockwise: true }] }),
  LinearCmd: (Index: number) => ({ Vectors: [{ Index, Duration: 1, Position: 1 }] }),
  ScalarCmd: (Index: number, ActuatorType = 'Vibrate') => ({ Scalars: [{ Index, Scalar: 1, ActuatorType }] }),
};
type ListCommand = keyof typeof fullPower;

function expectNoneFrom(index: number, device: AnnouncedDevice, name: ListCommand, type?: string): void {
  for (const beyond of [index, index + 1, 4_294_967_295]) {
    expect(() => outputsOf(device, name, fullPower[name](beyond, type))).toThrow(DeviceError);
  }
}

it.each(['ScalarCmd', 'RotateCmd', 'LinearCmd'] as const)(
  'v3 %s: entry k drives the feature that entry k describes',
  (name) => {
    fc.assert(
      fc.property(arbitraryDevice, (device) => {
        const entries = actuatorsInV3(device)[name] ?? [];
        for (const [index, { FeatureDescriptor, ActuatorType, StepCount }] of entries.entries()) {
          const [command] = outputsOf(device, name, fullPower[name](index, ActuatorType));
          const type = name === 'LinearCmd' ? 'HwPositionWithDuration' : ActuatorType;
          expect(command).toMatchObject({ type, value: StepCount });
          expect(`feature ${command?.featureIndex}`).toBe(FeatureDescriptor);
        }
        expectNoneFrom(entries.length, device, name, entries[0]?.ActuatorType);
      }),
    );
  },
);

it.each(['Read', 'Subscribe'] as const)(
  'v3 Sensor%sCmd: entry k asks the feature that entry k describes',
  (command) => {
    const name = `Sensor${command}Cmd`;
    fc.assert(
      fc.property(arbitraryDevice, (device) => {
        const resolve = (SensorIndex: number, SensorType: string) => {
          const body = { Id: 1, DeviceIndex: device.index, SensorIndex, SensorType };
          return clientMessages.get(name)?.decode(body, directoryOf(device));
        };
        const entries = sensorsInV3(device)[name] ?? [];
        for (const [index, { FeatureDescriptor, SensorType }] of entries.entries()) {
          const message = resolve(index, SensorType);
          if (message?.kind !== 'read' && message?.kind !== 'subscribe') throw new Error(`${name} asks nothing`);
          expect(message.input).toMatchObject({ deviceIndex: device.index, type: SensorType });
          expect(`feature ${message.input.featureIndex}`).toBe(FeatureDescriptor);
        }
        for (const beyond of [entries.length, 4_294_967_295]) {
          expect(() => resolve(beyond, entries[0]?.SensorType ?? 'Battery')).toThrow(DeviceError);
        }
      }),
    );
  },
);

describe.each([1, 2] as const)('v%i', (version) => {
  it.each([
    ['VibrateCmd', 'Vibrate'],
    ['RotateCmd', 'Rotate'],
    ['LinearCmd', 'HwPositionWithDuration'],
  ] as const)('%s: index k is the k-th feature with %s, and there are FeatureCount of them', (name, type) => {
    fc.assert(
      fc.property(arbitraryDevice, (device) => {
        const { FeatureCount, StepCount } = countsIn(version, device)[name] ?? { FeatureCount: 0, StepCount: [] };
        const commands = Array.from({ length: FeatureCount }, (_, index) => {
          const [command] = outputsOf(device, name, fullPower[name](index));
          return command;
        });
        // From the features themselves: those with this output, a step at least, and both directions for RotateCmd.
        const expected = device.features.flatMap(({ index, outputs }) => {
          const [low, high] = outputs[type]?.value ?? [0, 0];
          return high > 0 && (type !== 'Rotate' || low < 0) ? [{ featureIndex: index, type, value: high }] : [];
        });
        expect(commands).toMatchObject(expected);
        expect(commands).toHaveLength(expected.length);
        if (version === 2) expect(StepCount).toEqual(expected.map(({ value }) => value));
        expectNoneFrom(FeatureCount, device, name);
      }),
    );
  });
});

describe.each([0, 1] as const)('v%i', (version) => {
  it('lists a device message exactly where it finds something to drive (B22)', () => {
    const messages = {
      SingleMotorVibrateCmd: { Speed: 1 },
      VorzeA10CycloneCmd: { Speed: 100, Clockwise: true },
      FleshlightLaunchFW12Cmd: { Position: 99, Speed: 99 },
    };
    fc.assert(
      fc.property(arbitraryDevice, (device) => {
        const names = version === 0 ? namesInV0(device) : Object.keys(countsIn(1, device));
        expect(names).toContain('StopDeviceCmd');
        if (version === 0) expect([...names].sort()).toEqual(names);
        for (const [name, fields] of Object.entries(messages)) {
          if (names.includes(name)) expect(outputsOf(device, name, fields).length).toBeGreaterThan(0);
          else expect(() => outputsOf(device, name, fields)).toThrow(DeviceError);
        }
      }),
    );
  });
});

it('v4 announces every feature under its own index, with its own ranges', () => {
  // In JSON there is no -0, which an empty range that turns both ways starts at.
  const plain = ([low, high]: Range) => [low + 0, high];
  fc.assert(
    fc.property(arbitraryDevice, (device) => {
      const expected = device.features.map(({ index, description, outputs, inputs, hasOutputs }) => {
        const Output = Object.entries(outputs).map(([type, { value, duration }]) => [
          type,
          { Value: plain(value), ...(duration && { Duration: duration }) },
        ]);
        const Input = Object.entries(inputs).map(([type, { value, commands }]) => [
          type,
          { Value: value, Command: commands },
        ]);
        return [
          index,
          {
            FeatureIndex: index,
            FeatureDescription: description,
            ...(hasOutputs && { Output: Object.fromEntries(Output) }),
            ...(Input.length > 0 && { Input: Object.fromEntries(Input) }),
          },
        ];
      });
      expect(featuresInV4(device)).toEqual(Object.fromEntries(expected));
    }),
  );
});
