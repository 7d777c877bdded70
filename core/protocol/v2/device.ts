import { type Actuator, actuatorLists } from '../actuators.js';
import type { AnnouncedDevice, InputType } from '../model.js';

const RAW_MESSAGES = ['RawReadCmd', 'RawWriteCmd', 'RawSubscribeCmd', 'RawUnsubscribeCmd'];

/** A device as spec version 2 describes it: feature and step counts, battery, and raw access where it is allowed. */
export function describeDevice(device: AnnouncedDevice) {
  const { vibrators, rotators, linears, readable } = actuatorLists(device);
  const reads = (type: InputType) => readable.some((sensor) => sensor.type === type);
  return {
    DeviceIndex: device.index,
    DeviceName: device.name,
    DeviceMessages: {
      ...(vibrators.length && { VibrateCmd: steps(vibrators) }),
      ...(rotators.length && { RotateCmd: steps(rotators) }),
      ...(linears.length && { LinearCmd: steps(linears) }),
      ...(reads('Battery') && { BatteryLevelCmd: {} }),
      ...(reads('RSSI') && { RSSILevelCmd: {} }),
      ...describeRaw(device, RAW_MESSAGES),
      StopDeviceCmd: {},
    },
  };
}

const steps = (actuators: readonly Actuator[]) => ({
  FeatureCount: actuators.length,
  StepCount: actuators.map((actuator) => actuator.steps),
});

/** Raw messages are listed only for a device whose user opened it to them. Versions 2 and 3. */
export function describeRaw({ rawEndpoints }: AnnouncedDevice, messages: readonly string[]) {
  if (rawEndpoints.length === 0) return {};
  return Object.fromEntries(messages.map((message) => [message, { Endpoints: rawEndpoints }]));
}
