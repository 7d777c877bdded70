import Type from 'typebox';
import { actuatorLists, byFeature, outputFor, pick, toSteps } from '../actuators.js';
import { Exactly, Fraction, Id, Milliseconds, message, requireDevice, U32 } from '../definition.js';

/** Commands for several motors at once, by their place in the device's lists. New in spec version 1. */

const DeviceIndex = U32;

/** Version 3 no longer lists it, yet its clients are known to send it (facts: messages, §2.1). */
const vibrateCmd = message(
  'VibrateCmd',
  [1, 2, 3],
  Exactly({ Id, DeviceIndex, Speeds: Type.Array(Exactly({ Index: U32, Speed: Fraction }), { minItems: 1 }) }),
  ({ DeviceIndex, Speeds }, devices) => {
    const device = requireDevice(devices, DeviceIndex);
    const { vibrators } = actuatorLists(device);
    const commands = Speeds.map(({ Index, Speed }) => {
      const actuator = pick(vibrators, Index, 'vibrating', device);
      return outputFor(device, actuator, toSteps(Speed, actuator.steps));
    });
    return { kind: 'outputs', commands: byFeature(commands) };
  },
);

const rotateCmd = message(
  'RotateCmd',
  [1, 2, 3],
  Exactly({
    Id,
    DeviceIndex,
    Rotations: Type.Array(Exactly({ Index: U32, Speed: Fraction, Clockwise: Type.Boolean() }), { minItems: 1 }),
  }),
  ({ DeviceIndex, Rotations }, devices) => {
    const device = requireDevice(devices, DeviceIndex);
    const { rotators } = actuatorLists(device);
    const commands = Rotations.map(({ Index, Speed, Clockwise }) => {
      const actuator = pick(rotators, Index, 'rotating', device);
      return outputFor(device, actuator, (Clockwise ? 1 : -1) * toSteps(Speed, actuator.steps));
    });
    return { kind: 'outputs', commands: byFeature(commands) };
  },
);

const linearCmd = message(
  'LinearCmd',
  [1, 2, 3],
  Exactly({
    Id,
    DeviceIndex,
    Vectors: Type.Array(Exactly({ Index: U32, Duration: Milliseconds, Position: Fraction })),
  }),
  ({ DeviceIndex, Vectors }, devices) => {
    const device = requireDevice(devices, DeviceIndex);
    const { linears } = actuatorLists(device);
    const commands = Vectors.map(({ Index, Duration, Position }) => {
      const actuator = pick(linears, Index, 'linear', device);
      return outputFor(device, actuator, Math.trunc(Position * actuator.steps), Math.round(Duration));
    });
    return { kind: 'outputs', commands: byFeature(commands) };
  },
);

export const v1Messages = [vibrateCmd, rotateCmd, linearCmd];
