import { endpointsOf, uuid } from '../catalogue/build.js';
import type { FeatureDefinition, ModelDefinition } from '../catalogue/definition.js';
import type { Endpoint, HardwareLink, LinkSpecifier } from '../hardware/contract.js';

const BATTERY_SERVICE = uuid('180f');
const BATTERY_LEVEL = uuid('2a19');
/** Name of the endpoint where the table has none. */
const UNLISTED = 'rxblebattery';

/**
 * The model with a battery that can be read wherever the device offers the standard Bluetooth service, also where its table has
 * forgotten it.
 */
export function withStandardBattery(
  model: ModelDefinition,
  { endpoints }: HardwareLink,
  specifier: LinkSpecifier,
): ModelDefinition {
  const endpoint = standardBattery(specifier);
  if (endpoint === undefined || !endpoints.has(endpoint)) return model;
  if (model.features.some(({ inputs }) => inputs.Battery)) return model;
  const battery: FeatureDefinition = {
    index: Math.max(-1, ...model.features.map(({ index }) => index)) + 1,
    description: 'Battery Level',
    outputs: {},
    inputs: { Battery: { value: [[0, 100]], commands: ['Read'] } },
    readFrom: endpoint,
  };
  return { ...model, features: [...model.features, battery] };
}

/**
 * Where the link has the standard characteristic: where the table says, else where Bluetooth links offer it by themselves. Some
 * protocols call something else a battery.
 */
function standardBattery(specifier: LinkSpecifier): Endpoint | undefined {
  if (specifier.kind !== 'bluetooth') return undefined;
  const endpoints = Object.entries(specifier.services[BATTERY_SERVICE] ?? {});
  const listed = endpoints.find(([, characteristic]) => characteristic === BATTERY_LEVEL)?.[0];
  return listed ?? (endpointsOf(specifier).has(UNLISTED) ? undefined : UNLISTED);
}
