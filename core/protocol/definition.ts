import type { Static, TSchema } from 'typebox';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { MessageError } from '../errors.js';
import type { ClientMessage } from './messages.js';
import { explainMismatch } from './mismatch.js';
import type { AnnouncedDevice, SpecVersion } from './model.js';

/** What decoding may know about devices: old messages name motors by their place in lists that depend on the device. */
export interface DeviceDirectory {
  /** Throws a GatewayError when there is none that the client may use. */
  require(deviceIndex: number): { readonly announced: AnnouncedDevice };
  /** Where a position output was last sent, 0…1; 0 if never. */
  lastPosition(deviceIndex: number, featureIndex: number): number;
}

export const requireDevice = (devices: DeviceDirectory, index: number): AnnouncedDevice =>
  devices.require(index).announced;

/** A client message as one or more spec versions know it. */
export interface MessageDefinition {
  readonly name: string;
  readonly versions: readonly SpecVersion[];
  /** Throws a MessageError naming the field that does not fit, or a DeviceError for what the device does not have. */
  decode(body: unknown, devices: DeviceDirectory): ClientMessage;
}

export const MAX_U32 = 4294967295;

/** Field types of the protocol. JSON has one kind of number, so 500.0 is a whole number here (facts: B44). */
export const Id = Type.Integer({ minimum: 1, maximum: MAX_U32 });
export const U32 = Type.Integer({ minimum: 0, maximum: MAX_U32 });
export const I32 = Type.Integer({ minimum: -2147483648, maximum: 2147483647 });
export const Fraction = Type.Number({ minimum: 0, maximum: 1 });
/** Milliseconds; a fraction is rounded. */
export const Milliseconds = Type.Number({ minimum: 0, maximum: MAX_U32 });

/** An object with exactly these fields. */
export const Exactly = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/**
 * Defines a message. The schema is compiled once, here; `decode` only ever sees a body that fits it.
 */
export function message<S extends TSchema>(
  name: string,
  versions: readonly SpecVersion[],
  schema: S,
  decode: (body: Static<S>, devices: DeviceDirectory) => ClientMessage,
): MessageDefinition {
  const validator = Compile(schema);
  return {
    name,
    versions,
    decode(body, devices) {
      if (!validator.Check(body)) throw new MessageError(explainMismatch(name, schema, body));
      return decode(body, devices);
    },
  };
}
