import { actuatorLists } from '../actuators.js';
import type { AnnouncedDevice } from '../model.js';

/** A device as spec version 0 describes it: the names of the messages it takes, sorted. */
export function describeDevice(device: AnnouncedDevice) {
  const { vibrators, rotators, linears } = actuatorLists(device);
  return {
    DeviceIndex: device.index,
    DeviceName: device.name,
    DeviceMessages: [
      ...(linears.length ? ['FleshlightLaunchFW12Cmd'] : []),
      ...(vibrators.length ? ['SingleMotorVibrateCmd'] : []),
      'StopDeviceCmd',
      ...(rotators.length ? ['VorzeA10CycloneCmd'] : []),
    ],
  };
}
