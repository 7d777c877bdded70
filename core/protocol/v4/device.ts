import type { AnnouncedDevice, AnnouncedFeature, Inputs, Outputs } from '../model.js';

/** A device as spec version 4 describes it: features by index, each with what it can do and report. */
export function describeDevice(device: AnnouncedDevice) {
  return {
    DeviceIndex: device.index,
    DeviceName: device.name,
    ...(device.displayName !== undefined && { DeviceDisplayName: device.displayName }),
    DeviceMessageTimingGap: Math.ceil(device.messageGapMs),
    DeviceFeatures: Object.fromEntries(device.features.map((feature) => [feature.index, describeFeature(feature)])),
  };
}

function describeFeature({ index, description, outputs, inputs, hasOutputs }: AnnouncedFeature) {
  return {
    FeatureIndex: index,
    FeatureDescription: description,
    // A feature whose outputs the user disabled shows that it has some (facts: messages, §3).
    ...(hasOutputs && { Output: describeOutputs(outputs) }),
    ...(Object.keys(inputs).length > 0 && { Input: describeInputs(inputs) }),
  };
}

const describeOutputs = (outputs: Outputs) =>
  Object.fromEntries(
    Object.entries(outputs).map(([type, { value, duration }]) => [
      type,
      duration ? { Value: value, Duration: duration } : { Value: value },
    ]),
  );

const describeInputs = (inputs: Inputs) =>
  Object.fromEntries(
    Object.entries(inputs).map(([type, { value, commands }]) => [type, { Value: value, Command: commands }]),
  );
