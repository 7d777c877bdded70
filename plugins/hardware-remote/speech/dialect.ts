import type { FeatureDefinition, InputType, MessageBody } from 'pulsegate/plugin';
import type { RemoteOrder } from '../order.js';

/** One message to a server, without its Id. */
export interface Request {
  readonly name: string;
  readonly fields: MessageBody;
}

export interface RemoteInput {
  readonly featureIndex: number;
  readonly type: InputType;
}

export interface RemoteReading extends RemoteInput {
  readonly value: number;
}

/** A device as a server has announced it, and how that server is spoken to about it. */
export interface RemoteDevice {
  readonly index: number;
  readonly name: string;
  readonly displayName: string | undefined;
  readonly features: readonly FeatureDefinition[];
  output(order: RemoteOrder): Request;
  input(input: RemoteInput, command: 'Read' | 'Subscribe' | 'Unsubscribe'): Request;
  /** What a message with a reading says of this device; undefined when it fits nothing the device has. */
  reading(body: unknown): RemoteReading | undefined;
}

export interface Greeting {
  readonly server: string;
  /** 0: the server wants no pings. */
  readonly maxPingTimeMs: number;
}

/** How much is believed of what a server says. */
interface Limits {
  readonly maxDevices: number;
}

/** One version of the protocol, from a client's side. Whatever reads throws a LinkError for what is no such message. */
export interface Dialect {
  readonly spec: 3 | 4;
  hello(clientName: string): Request;
  /** Throws a LinkError when the server speaks another version. */
  greeting(body: unknown): Greeting;
  /** The devices there are after this message; undefined when it is not about which devices there are. */
  devices(
    name: string,
    body: unknown,
    known: ReadonlyMap<number, RemoteDevice>,
    limits: Limits,
  ): ReadonlyMap<number, RemoteDevice> | undefined;
  /** Name of the message that carries readings. */
  readonly readingName: string;
}
