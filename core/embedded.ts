import type { EventEmitter } from 'node:events';
import type { EventSource } from './events.js';
import type { SessionOptions } from './sessions/connection.js';

/** Fields of one message, without its name. */
export type MessageBody = Readonly<Record<string, unknown>>;
/** One message as it stands in a frame: `{ OutputCmd: { … } }`. */
export type WireMessage = Readonly<Record<string, MessageBody>>;

/** What the reference JavaScript client (`buttplug` on npm, 5.x) wants of a connector, in its types too. */
export interface ButtplugConnector extends EventEmitter<ButtplugConnectorEvents> {
  readonly Connected: boolean;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  initialize(): Promise<void>;
  send(message: object): void;
}

export interface ButtplugConnectorEvents {
  /** An array of messages. */
  message: [messages: unknown];
  disconnect: [];
}

export interface EmbeddedClientEvents {
  /** The devices there are now, by index, as spec version 4 describes them. */
  deviceList: [devices: ReadonlyMap<number, MessageBody>];
  inputReading: [reading: MessageBody];
  scanningFinished: [];
  /** The session is over; every later call rejects. */
  closed: [reason: string];
}

/** A client inside the process: the same session, the same rules, no library needed. Every call rejects with the gateway's error. */
export interface EmbeddedClient extends EventSource<EmbeddedClientEvents>, AsyncDisposable {
  readonly devices: ReadonlyMap<number, MessageBody>;
  /** Sends one message of spec version 4; its Id is filled in. Resolves with the reply, rejects when that is an Error. */
  send(name: string, fields?: MessageBody): Promise<WireMessage>;
  /** Sets one output, in the steps the device announced. */
  output(deviceIndex: number, featureIndex: number, command: MessageBody): Promise<void>;
  /** Reads an input: battery in percent, signal strength in dBm. */
  read(deviceIndex: number, featureIndex: number, type: string): Promise<number>;
  subscribe(deviceIndex: number, featureIndex: number, type: string): Promise<void>;
  unsubscribe(deviceIndex: number, featureIndex: number, type: string): Promise<void>;
  /** Stops one feature, one device, or everything. */
  stop(deviceIndex?: number, featureIndex?: number): Promise<void>;
  startScanning(): Promise<void>;
  stopScanning(): Promise<void>;
  close(): Promise<void>;
}

/** In-process access, as the embedded transport plugin provides it. */
export interface EmbeddedTransport {
  connector(): ButtplugConnector;
  /** @param options what the session is held to; absent: as for every embedded client */
  client(name: string, options?: SessionOptions): Promise<EmbeddedClient>;
}

/** Where the embedded transport plugin hands itself to the gateway. */
export class EmbeddedDoor {
  #transport: EmbeddedTransport | undefined;

  get transport(): EmbeddedTransport | undefined {
    return this.#transport;
  }

  provide(transport: EmbeddedTransport): Disposable {
    this.#transport = transport;
    return {
      [Symbol.dispose]: () => {
        if (this.#transport === transport) this.#transport = undefined;
      },
    };
  }
}
