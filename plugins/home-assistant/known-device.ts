import { type DeviceCard, type InputType, OUTPUT_TYPES, type Static, Type } from 'pulsegate/plugin';
import { INPUT_TYPES } from './discovery/inputs.js';

const Range = Type.Tuple([Type.Integer(), Type.Integer()]);
const place = { feature: Type.Integer({ minimum: 0 }), description: Type.String() };

/** What Home Assistant is told of a device is made of this, and of nothing else: so it can be told while the device sleeps. */
export const KnownDevice = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  name: Type.String(),
  displayName: Type.Optional(Type.String()),
  brand: Type.String(),
  protocol: Type.String(),
  address: Type.String(),
  outputs: Type.Array(
    Type.Object({ ...place, type: Type.Enum(OUTPUT_TYPES), value: Range, duration: Type.Optional(Range) }),
  ),
  inputs: Type.Array(Type.Object({ ...place, type: Type.Enum(INPUT_TYPES) })),
});
export type KnownDevice = Static<typeof KnownDevice>;
export type KnownOutput = KnownDevice['outputs'][number];

export function knownDevice({ id, name, displayName, brand, protocol, address, features }: DeviceCard): KnownDevice {
  return {
    id,
    name,
    ...(displayName !== undefined && { displayName }),
    brand,
    protocol,
    address,
    outputs: features.flatMap(({ index: feature, description, outputs }) =>
      OUTPUT_TYPES.flatMap((type): KnownOutput[] => {
        const found = outputs[type];
        if (!found) return [];
        const { value, duration } = found;
        return [{ feature, description, type, value: [...value], ...(duration && { duration: [...duration] }) }];
      }),
    ),
    inputs: features.flatMap(({ index: feature, description, inputs }) =>
      INPUT_TYPES.filter((type: InputType) => inputs[type]).map((type) => ({ feature, description, type })),
    ),
  };
}

/** What people call it. */
export const shownName = ({ displayName, name }: KnownDevice): string => displayName ?? name;
