import type { Endpoint } from '../devices/hardware.js';
import { DeviceError } from '../errors.js';
import type { OutputType } from '../protocol/model.js';
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

/** Every feature has packets of its own: a command for one leaves the others alone. */
export function perFeature(encode: (order: DeviceOutput) => Bytes, options?: PacketOptions): Encoder {
  return (order) => [packet(order.feature.index, encode(order), options)];
}

/** One packet carries all levels, in feature order; the newest packet stands for the whole device. */
export function wholeDevice(encode: (levels: readonly number[]) => Bytes, options?: PacketOptions): Encoder {
  return (_order, levels) => [packet('device', encode(levels.all()), options)];
}

/**
 * A different encoder for each output type; types without one are refused. Where one feature has several of them, the packets of
 * one type do not take the place of another's: of two that stop, both are needed.
 */
export function byType(encoders: { readonly [T in OutputType]?: Encoder }): Encoder {
  return (order, levels) => {
    const writes = (encoders[order.type] ?? unsupported)(order, levels);
    const { index, outputs } = order.feature;
    const levelled = Object.keys(outputs).filter((type) => type !== 'Position' && type !== 'HwPositionWithDuration');
    if (levelled.length < 2) return writes;
    return writes.map((write) => (write.slot === index ? { ...write, slot: `${index} ${order.type}` } : write));
  };
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
