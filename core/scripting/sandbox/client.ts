import { spend } from './allowance.js';
import type { DeviceInfo } from './announced.js';
import { emit, onSending, schedule } from './port.js';
import { repeat } from './time.js';

/** A Buttplug client of spec version 4, as any app on the network is one: handshake, pings, messages and their answers. */

export type Body = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly resolve: (body: Body) => void;
  readonly reject: (error: Error) => void;
  /** Made where the message is sent, so that it tells the place if it is needed. */
  readonly refusal: GatewayRefusal;
}

export interface ClientEvents {
  deviceList(devices: Readonly<Record<string, DeviceInfo>>): void;
  inputReading(reading: Body): void;
  scanningFinished(): void;
}

/** The gateway answered with an Error; `code` is the protocol's. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
  code = 0;

  because(message: string, code: number): this {
    this.message = message;
    this.code = code;
    return this;
  }
}

/** Pings per ping time: a turn may take half of it and the next ping is still in time. */
const PINGS_PER_PERIOD = 2.5;

/** The gateway may refuse larger frames as a whole (`sessions.maxMessagesPerFrame`). */
const MAX_PER_FRAME = 100;

export class Client {
  readonly #waiting = new Map<number, Waiting>();
  readonly #events: ClientEvents;
  #queue: string[] = [];
  #nextId = 1;

  constructor(events: ClientEvents) {
    this.#events = events;
    // What is said in one turn leaves together.
    onSending(() => {
      for (let at = 0; at < this.#queue.length; at += MAX_PER_FRAME) {
        emit(['f', `[${this.#queue.slice(at, at + MAX_PER_FRAME).join(',')}]`]);
      }
      this.#queue = [];
    });
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Resolves when the gateway has answered and the devices are known. */
  async connect(name: string): Promise<void> {
    const info = await this.#ask('RequestServerInfo', {
      ClientName: name,
      ProtocolVersionMajor: 4,
      ProtocolVersionMinor: 0,
    });
    const { MaxPingTime } = info;
    if (typeof MaxPingTime === 'number' && MaxPingTime > 0) {
      repeat(MaxPingTime / PINGS_PER_PERIOD, () => void this.#ask('Ping', {}), false);
    }
    await this.#ask('RequestDeviceList', {});
  }

  /** Sends one message; resolves with the body of the answer, rejects with a GatewayRefusal when that is an Error. */
  async send(name: string, fields: Body): Promise<Body> {
    spend();
    return this.#ask(name, fields);
  }

  receive(frame: string): void {
    for (const message of JSON.parse(frame)) {
      for (const [name, body] of Object.entries<Body>(message)) this.#take(name, body);
    }
  }

  #ask(name: string, fields: Body): Promise<Body> {
    const Id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#queue.push(JSON.stringify({ [name]: { ...fields, Id } }));
      this.#waiting.set(Id, { resolve, reject, refusal: new GatewayRefusal() });
      schedule();
    });
  }

  #take(name: string, body: Body): void {
    if (name === 'DeviceList') this.#events.deviceList(Object(body.Devices));
    const id = Number(body.Id);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (name === 'Error') {
      // One that answers nothing ends the session; the gateway says so itself.
      waiting?.reject(waiting.refusal.because(String(body.ErrorMessage), Number(body.ErrorCode)));
    } else if (waiting) waiting.resolve(body);
    else if (name === 'InputReading') this.#events.inputReading(body);
    else if (name === 'ScanningFinished') this.#events.scanningFinished();
  }
}
