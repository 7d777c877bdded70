import { type Actuator, actuatorLists } from '../actuators.js';
import type { AnnouncedDevice } from '../model.js';

/** A device as spec version 1 describes it: messages with their feature counts. */
export function describeDevice(device: AnnouncedDevice) {
  const { vibrators, rotators, linears } = actuatorLists(device);
  return {
    DeviceIndex: device.index,
    DeviceName: device.name,
    DeviceMessages: {
      ...(vibrators.length && { VibrateCmd: count(vibrators), SingleMotorVibrateCmd: {} }),
      ...(rotators.length && { RotateCmd: count(rotators), VorzeA10CycloneCmd: {} }),
      ...(linears.length && { LinearCmd: count(linears), FleshlightLaunchFW12Cmd: {} }),
      StopDeviceCmd: {},
    },
  };
}

const count = (actuators: readonly Actuator[]) => ({ FeatureCount: actuators.length });
