import { DeviceError } from '../errors.js';
import type { Endpoint } from '../hardware/contract.js';
import { isPositionType, OUTPUT_TYPES, type OutputType } from '../protocol/model.js';
import type {
  DeviceLevels,
  DeviceOutput,
  DeviceWrite,
  FeatureDefinition,
  ModelDefinition,
  ProtocolHandler,
} from './definition.js';

/** The packet shapes that many protocols share. A definition composes them; what only one device does stays with it. */

export type Bytes = readonly number[] | Uint8Array;

interface PacketOptions {
  /** Default tx. */
  readonly endpoint?: Endpoint;
  /** Default false. */
  readonly withResponse?: boolean;
  readonly alsoSlots?: DeviceWrite['alsoSlots'];
}

/**
 * A packet in a slot of its own choosing. Throws a DeviceError for a number that is no byte, 0…255: tables from files may have
 * ranges that a protocol has no bytes for, and what is left of a wrapped number is another level.
 */
export function packet(slot: DeviceWrite['slot'], data: Bytes, options: PacketOptions = {}): DeviceWrite {
  return {
    slot,
    endpoint: options.endpoint ?? 'tx',
    data: data instanceof Uint8Array ? data : bytesOf(data),
    withResponse: options.withResponse ?? false,
    ...(options.alsoSlots && { alsoSlots: options.alsoSlots }),
  };
}

function bytesOf(numbers: readonly number[]): Uint8Array {
  for (const number of numbers) {
    if (!(number >= 0 && number <= 0xff)) throw new DeviceError(`This device's protocol has no byte for ${number}`);
  }
  return Uint8Array.from(numbers);
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
 * Where an order's packet waits: packets of one feature take each other's place. Where a feature has several outputs, each of those
 * with levels has a slot of its own, or of two that stop the second would take the first one's place, and a move that of a stop.
 */
function slotOf({ feature: { index, outputs }, type }: DeviceOutput): DeviceWrite['slot'] {
  if (isPositionType(type)) return index;
  let others = 0;
  for (const other of OUTPUT_TYPES) if (outputs[other] && other !== type) others += 1;
  return others > 0 ? `${index} ${type}` : index;
}

/** Every feature has packets of its own: a command for one leaves the others alone. */
export function perFeature(encode: (order: DeviceOutput) => Bytes, options?: PacketOptions): Encoder {
  return (order) => [packet(slotOf(order), encode(order), options)];
}

/** One packet carries all levels, which have no direction; the newest packet stands for the whole device. */
export function wholeDevice(encode: (level: DeviceLevels['at']) => Bytes, options?: PacketOptions): Encoder {
  return (_order, levels) => [packet('device', encode(levels.at), options)];
}

/** More than any device has; a packet has no place for a motor with a higher index. */
const MOST_MOTORS = 64;

/**
 * For packets that have a place for each motor of a model: 0, 1 and so on to the highest index of a feature with a level. Tables
 * may leave features out; the motors of the others stay in their places. Throws a DeviceError for an index above 63.
 */
export function motorPlaces({ name, features }: ModelDefinition): readonly number[] {
  const last = Math.max(-1, ...features.filter(hasLevel).map(({ index }) => index));
  if (last >= MOST_MOTORS) throw new DeviceError(`No packet has a place for feature ${last} of ${name}`);
  return Array.from({ length: last + 1 }, (_nothing, index) => index);
}

const hasLevel = ({ outputs }: FeatureDefinition) =>
  OUTPUT_TYPES.some((type) => outputs[type] && !isPositionType(type));

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
