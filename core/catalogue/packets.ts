import type { Endpoint } from '../devices/hardware.js';
import { DeviceError } from '../errors.js';
import { isPositionType, OUTPUT_TYPES, type OutputType } from '../protocol/model.js';
import type { DeviceOutput, DeviceWrite, ProtocolHandler } from './definition.js';

/** The packet shapes that many protocols share. A definition composes them; what only one device does stays with it. */

export type Bytes = readonly number[] | Uint8Array;

interface PacketOptions {
  /** Default tx. */
  readonly endpoint?: Endpoint;
  /** Default false. */
  readonly withResponse?: boolean;
  readonly alsoSlots?: DeviceWrite['alsoSlots'];
}

/** A packet in a slot of its own choosing. */
export function packet(slot: DeviceWrite['slot'], data: Bytes, options: PacketOptions = {}): DeviceWrite {
  return {
    slot,
    endpoint: options.endpoint ?? 'tx',
    data: data instanceof Uint8Array ? data : Uint8Array.from(data),
    withResponse: options.withResponse ?? false,
    ...(options.alsoSlots && { alsoSlots: options.alsoSlots }),
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export const ascii = (text: string): Uint8Array => encoder.encode(text);

/** The text a device sent, or undefined when it is not UTF-8. */
export function readText(data: Uint8Array): string | undefined {
  try {
    return decoder.decode(data);
  } catch {
    return undefined;
  }
}

type Encoder = ProtocolHandler['output'];

/**
 * Where an order's packet waits: packets of one feature take each other's place. Where a feature has several outputs with levels,
 * each of them has a slot of its own, or of two that stop the second would take the first one's place.
 */
function slotOf({ feature: { index, outputs }, type }: DeviceOutput): DeviceWrite['slot'] {
  let levelled = 0;
  for (const other of OUTPUT_TYPES) if (outputs[other] && !isPositionType(other)) levelled += 1;
  return levelled > 1 ? `${index} ${type}` : index;
}

/** Every feature has packets of its own: a command for one leaves the others alone. */
export function perFeature(encode: (order: DeviceOutput) => Bytes, options?: PacketOptions): Encoder {
  return (order) => [packet(slotOf(order), encode(order), options)];
}

/** One packet carries all levels, in feature order; the newest packet stands for the whole device. */
export function wholeDevice(encode: (levels: readonly number[]) => Bytes, options?: PacketOptions): Encoder {
  return (_order, levels) => [packet('device', encode(levels.all()), options)];
}

/** A different encoder for each output type; types without one are refused. */
export function byType(encoders: { readonly [T in OutputType]?: Encoder }): Encoder {
  return (order, levels) => (encoders[order.type] ?? unsupported)(order, levels);
}

/** Refuses an order this protocol has no packet for. */
export function unsupported(order: DeviceOutput): never {
  throw new DeviceError(`This device's protocol has no ${order.type} on feature ${order.feature.index}`);
}

/** A handler with nothing to prepare and nothing to remember. */
export const stateless = (output: Encoder) => (): ProtocolHandler => ({ output });

/** Appends the low byte of the sum. */
export const withSum8 = (bytes: readonly number[]): number[] => [
  ...bytes,
  bytes.reduce((sum, byte) => sum + byte, 0) & 0xff,
];

/** Appends the exclusive-or of all bytes. */
export const withXor8 = (bytes: readonly number[]): number[] => [...bytes, bytes.reduce((sum, byte) => sum ^ byte, 0)];
