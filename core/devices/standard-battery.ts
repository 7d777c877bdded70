import type { FeatureDefinition, ModelDefinition } from '../catalogue/definition.js';
import type { Endpoint, HardwareLink } from './hardware.js';

/** The standard Bluetooth service for batteries, as the tables name its one characteristic. */
export const STANDARD_BATTERY: Endpoint = 'rxblebattery';

/** The model with a battery that can be read wherever the device offers one, also where its table has forgotten it. */
export function withStandardBattery(model: ModelDefinition, { kind, endpoints }: HardwareLink): ModelDefinition {
  if (kind !== 'bluetooth' || !endpoints.has(STANDARD_BATTERY) || model.features.some(({ inputs }) => inputs.Battery))
    return model;
  const battery: FeatureDefinition = {
    index: Math.max(-1, ...model.features.map(({ index }) => index)) + 1,
    description: 'Battery Level',
    outputs: {},
    inputs: { Battery: { value: [[0, 100]], commands: ['Read'] } },
    readFrom: STANDARD_BATTERY,
  };
  return { ...model, features: [...model.features, battery] };
}
