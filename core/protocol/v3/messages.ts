import Type from 'typebox';
import { DeviceError, MessageError } from '../../errors.js';
import { actuatorLists, byFeature, ofWhatIsGranted, pick, type Sensor, toSteps } from '../actuators.js';
import { type DeviceDirectory, Exactly, Id, message, requireDevice, U32 } from '../definition.js';
import { frame } from '../messages.js';
import type { InputAddress, OutputCommand } from '../model.js';
import { outputTypeNamed, readInputType } from '../names.js';
import { sensorData } from './sensors.js';

/** Commands by actuator and sensor type, new in spec version 3. */

const DeviceIndex = U32;

const scalarCmd = message(
  'ScalarCmd',
  [3],
  Exactly({
    Id,
    DeviceIndex,
    Scalars: Type.Array(Exactly({ Index: U32, Scalar: Type.Number(), ActuatorType: Type.String() }), { minItems: 1 }),
  }),
  ({ DeviceIndex, Scalars }, devices) => {
    const device = requireDevice(devices, DeviceIndex);
    const { scalars } = actuatorLists(device);
    const commands = Scalars.map(({ Index, Scalar, ActuatorType }): OutputCommand => {
      const type = outputTypeNamed(ActuatorType);
      if (!type && ActuatorType.toLowerCase() !== 'unknown') {
        throw new MessageError(`ScalarCmd.ActuatorType: there is no "${ActuatorType.slice(0, 40)}"`);
      }
      const actuator = pick(scalars, Index, 'scalar', device);
      if (Scalar < 0 || Scalar > 1)
        throw new DeviceError(`ScalarCmd.Scalar is ${Scalar}, which is not between 0 and 1`);
      // The entry names the feature, the type what to do with it.
      const meant = scalars.find((entry) => entry.featureIndex === actuator.featureIndex && entry.type === type);
      if (!meant) {
        throw new DeviceError(
          `Feature ${Index} of device ${device.index} (${device.name}) is ${actuator.type}, not ${ActuatorType}${ofWhatIsGranted(device)}`,
        );
      }
      const value = meant.type === 'Position' ? Math.ceil(Scalar * meant.steps) : toSteps(Scalar, meant.steps);
      return { deviceIndex: device.index, featureIndex: meant.featureIndex, type: meant.type, value };
    });
    return { kind: 'outputs', commands: byFeature(commands) };
  },
);

const SensorFields = Exactly({ Id, DeviceIndex, SensorIndex: U32, SensorType: Type.String() });
interface SensorBody {
  readonly DeviceIndex: number;
  readonly SensorIndex: number;
  readonly SensorType: string;
}

function resolveSensor(
  body: SensorBody,
  devices: DeviceDirectory,
  list: 'readable' | 'subscribable',
): { input: InputAddress; sensor: Sensor } {
  const device = requireDevice(devices, body.DeviceIndex);
  const type = readInputType(body.SensorType, 'SensorType');
  const sensor = pick(actuatorLists(device)[list], body.SensorIndex, list, device);
  if (sensor.type !== type) {
    throw new DeviceError(
      `Sensor ${body.SensorIndex} of device ${device.index} (${device.name}) is ${sensor.type}, not ${body.SensorType}${ofWhatIsGranted(device)}`,
    );
  }
  return { input: { deviceIndex: device.index, featureIndex: sensor.featureIndex, type }, sensor };
}

const sensorReadCmd = message('SensorReadCmd', [3], SensorFields, (body, devices) => {
  const { input, sensor } = resolveSensor(body, devices, 'readable');
  const { DeviceIndex, SensorIndex, SensorType } = body;
  return {
    kind: 'read',
    input,
    reply: (Id, value) =>
      frame('SensorReading', { Id, DeviceIndex, SensorIndex, SensorType, Data: sensorData(sensor, value) }),
  };
});

const sensorSubscribeCmd = message('SensorSubscribeCmd', [3], SensorFields, (body, devices) => ({
  kind: 'subscribe',
  input: resolveSensor(body, devices, 'subscribable').input,
}));

const sensorUnsubscribeCmd = message('SensorUnsubscribeCmd', [3], SensorFields, (body, devices) => ({
  kind: 'unsubscribe',
  input: resolveSensor(body, devices, 'subscribable').input,
}));

export const v3Messages = [scalarCmd, sensorReadCmd, sensorSubscribeCmd, sensorUnsubscribeCmd];
