/** Fields of protobuf messages (proto3) as bytes. A zero is a default and stays off the wire; numbers are unsigned. */

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

const WireType = { Varint: 0, Fixed64: 1, Bytes: 2, Fixed32: 5 } as const;
const tag = (field: number, wireType: number) => varint(field * 8 + wireType);

export const uint32 = (field: number, value: number): number[] =>
  value === 0 ? [] : [...tag(field, WireType.Varint), ...varint(value)];

export const bool = (field: number, value: boolean): number[] => uint32(field, value ? 1 : 0);

export function float(field: number, value: number): number[] {
  if (value === 0) return [];
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setFloat32(0, value, true);
  return [...tag(field, WireType.Fixed32), ...new Uint8Array(bytes.buffer)];
}

export function double(field: number, value: number): number[] {
  if (value === 0) return [];
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value, true);
  return [...tag(field, WireType.Fixed64), ...new Uint8Array(bytes.buffer)];
}

/** A message within a message; it is there even when it is empty. */
export const embedded = (field: number, ...fields: readonly (readonly number[])[]): number[] => {
  const content = fields.flat();
  return [...tag(field, WireType.Bytes), ...varint(content.length), ...content];
};
