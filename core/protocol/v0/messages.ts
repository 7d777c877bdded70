import Type from 'typebox';
import { DeviceError, MessageError } from '../../errors.js';
import { actuatorLists, byFeature, ofWhatIsGranted, outputFor, pick, toSteps } from '../actuators.js';
import { Exactly, Fraction, Id, message, requireDevice, U32 } from '../definition.js';
import { CLIENT_LOG_LEVELS } from '../messages.js';
import type { SpecVersion } from '../model.js';

/** Messages of the first spec version. Version 1 still has them; later ones do not. */

const V0_V1: readonly SpecVersion[] = [0, 1];
const DeviceIndex = U32;

/** The same speed on every vibrating feature. */
const singleMotorVibrateCmd = message(
  'SingleMotorVibrateCmd',
  V0_V1,
  Exactly({ Id, DeviceIndex, Speed: Fraction }),
  ({ DeviceIndex, Speed }, devices) => {
    const device = requireDevice(devices, DeviceIndex);
    const { vibrators } = actuatorLists(device);
    pick(vibrators, 0, 'vibrating', device);
    return {
      kind: 'outputs',
      commands: vibrators.map((actuator) => outputFor(device, actuator, toSteps(Speed, actuator.steps))),
    };
  },
);

/** Speed 1…99 to the time a Launch took for 90 % of its stroke, by the formula its community measured (facts: B22). */
const launchDuration = (speed: number, distance: number) => Math.round((speed / 25000) ** -0.95 * (distance / 90));

/** A Fleshlight Launch speaks of speed where a timed move speaks of duration; any device with timed moves plays along. */
const fleshlightLaunchCmd = message(
  'FleshlightLaunchFW12Cmd',
  V0_V1,
  Exactly({
    Id,
    DeviceIndex,
    Position: Type.Integer({ minimum: 0, maximum: 99 }),
    Speed: Type.Integer({ minimum: 0, maximum: 99 }),
  }),
  ({ DeviceIndex, Position, Speed }, devices) => {
    const device = requireDevice(devices, DeviceIndex);
    const actuator = pick(actuatorLists(device).linears, 0, 'linear', device);
    if (Speed === 0) return { kind: 'outputs', commands: [] };
    const target = Position / 99;
    const distance = Math.abs(target - devices.lastPosition(DeviceIndex, actuator.featureIndex)) * 100;
    const value = Math.trunc(target * actuator.steps);
    return { kind: 'outputs', commands: [outputFor(device, actuator, value, launchDuration(Speed, distance))] };
  },
);

/** One speed for everything that turns both ways. */
const vorzeA10CycloneCmd = message(
  'VorzeA10CycloneCmd',
  V0_V1,
  Exactly({ Id, DeviceIndex, Speed: Type.Integer({ minimum: 0, maximum: 100 }), Clockwise: Type.Boolean() }),
  ({ DeviceIndex, Speed, Clockwise }, devices) => {
    const device = requireDevice(devices, DeviceIndex);
    const { rotators } = actuatorLists(device);
    pick(rotators, 0, 'rotating', device);
    const sign = Clockwise ? 1 : -1;
    return {
      kind: 'outputs',
      commands: rotators.map((actuator) => outputFor(device, actuator, sign * toSteps(Speed / 100, actuator.steps))),
    };
  },
);

/** How long a Kiiroo position step takes; the message itself has no time in it. */
const KIIROO_STEP_MS = 200;

/** Level 0…4 as text: vibration where there is any, else a position. */
const kiirooCmd = message(
  'KiirooCmd',
  V0_V1,
  Exactly({ Id, DeviceIndex, Command: Type.String({ pattern: '^[0-4]$' }) }),
  ({ DeviceIndex, Command }, devices) => {
    const device = requireDevice(devices, DeviceIndex);
    const { vibrators, linears } = actuatorLists(device);
    const level = Number(Command) / 4;
    const commands = vibrators.length
      ? vibrators.map((actuator) => outputFor(device, actuator, toSteps(level, actuator.steps)))
      : linears.map((actuator) => outputFor(device, actuator, Math.trunc(level * actuator.steps), KIIROO_STEP_MS));
    if (commands.length === 0) {
      const why = `has nothing a KiirooCmd could drive${ofWhatIsGranted(device)}`;
      throw new DeviceError(`Device ${device.index} (${device.name}) ${why}`);
    }
    return { kind: 'outputs', commands: byFeature(commands) };
  },
);

const lovenseCmd = message('LovenseCmd', V0_V1, Type.Object({ Id }), () => {
  throw new MessageError('LovenseCmd is not supported; use VibrateCmd (spec 1) or SingleMotorVibrateCmd');
});
const rawCmd = message('RawCmd', [0], Type.Object({ Id }), () => {
  throw new MessageError('RawCmd is not supported; RawWriteCmd exists from spec version 2 on');
});

const test = message('Test', V0_V1, Exactly({ Id, TestString: Type.String() }), ({ TestString }) => {
  if (TestString === 'Error') throw new MessageError('The test asked for an error');
  return { kind: 'test', text: TestString };
});

const requestLog = message(
  'RequestLog',
  V0_V1,
  Exactly({ Id, LogLevel: Type.Enum([...CLIENT_LOG_LEVELS]) }),
  ({ LogLevel }) => ({
    kind: 'request-log',
    level: LogLevel,
  }),
);

export const v0Messages = [
  singleMotorVibrateCmd,
  fleshlightLaunchCmd,
  vorzeA10CycloneCmd,
  kiirooCmd,
  lovenseCmd,
  rawCmd,
  test,
  requestLog,
];
