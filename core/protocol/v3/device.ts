import { type Actuator, actuatorLists, type Sensor } from '../actuators.js';
import type { AnnouncedDevice } from '../model.js';
import { describeRaw } from '../v2/device.js';
import { sensorRange } from './sensors.js';

// The schema that strict clients check with has no RawUnsubscribeCmd here; it goes with RawSubscribeCmd.
const RAW_MESSAGES = ['RawReadCmd', 'RawWriteCmd', 'RawSubscribeCmd'];

/** A device as spec version 3 describes it: one attribute object per actuator and sensor. */
export function describeDevice(device: AnnouncedDevice) {
  const { scalars, rotators, linears, readable, subscribable } = actuatorLists(device);
  return {
    DeviceIndex: device.index,
    DeviceName: device.name,
    ...(device.displayName !== undefined && { DeviceDisplayName: device.displayName }),
    DeviceMessageTimingGap: Math.ceil(device.messageGapMs),
    DeviceMessages: {
      ...(scalars.length && { ScalarCmd: scalars.map(describeActuator) }),
      ...(rotators.length && { RotateCmd: rotators.map(describeActuator) }),
      ...(linears.length && { LinearCmd: linears.map(describeActuator) }),
      ...(readable.length && { SensorReadCmd: readable.map(describeSensor) }),
      ...(subscribable.length && { SensorSubscribeCmd: subscribable.map(describeSensor) }),
      ...describeRaw(device, RAW_MESSAGES),
      StopDeviceCmd: {},
    },
  };
}

const describeActuator = ({ description, type, steps }: Actuator) => ({
  FeatureDescriptor: description,
  // Version 3 has no name of its own for a timed move.
  ActuatorType: type === 'HwPositionWithDuration' ? 'Position' : type,
  StepCount: steps,
});

const describeSensor = (sensor: Sensor) => ({
  FeatureDescriptor: sensor.description,
  SensorType: sensor.type,
  SensorRange: [sensorRange(sensor)],
});
