import {
  type Clock,
  type EmbeddedClient,
  type EmbeddedClientEvents,
  ErrorCode,
  Events,
  LinkError,
  type Logger,
  type MessageBody,
  RefusedError,
  Type,
  type WireMessage,
} from 'pulsegate/plugin';
import { Compile } from 'typebox/compile';
import type { Line, LineListener } from './line.js';

const Body = Type.Record(Type.String(), Type.Unknown());
const Frame = Compile(Type.Array(Type.Record(Type.String(), Body)));
const Devices = Compile(Type.Object({ Devices: Type.Record(Type.String(), Body) }));
const ServerInfo = Compile(Type.Object({ MaxPingTime: Type.Integer() }));
const Failure = Compile(Type.Object({ ErrorMessage: Type.String(), ErrorCode: Type.Enum(Object.values(ErrorCode)) }));
const Reading = Compile(Type.Object({ Reading: Type.Record(Type.String(), Type.Object({ Value: Type.Number() })) }));

interface Waiting {
  readonly resolve: (reply: WireMessage) => void;
  readonly reject: (error: Error) => void;
}

/** A spec version 4 client with plain promises; pings by itself where the gateway asks for pings. */
export class InProcessClient implements EmbeddedClient {
  readonly #events: Events<EmbeddedClientEvents>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #line: Line;
  readonly #lifetime = new AbortController();
  #devices: ReadonlyMap<number, MessageBody> = new Map();
  #nextId = 1;

  private constructor(open: (listener: LineListener) => Line, log: Logger) {
    this.#events = new Events((error, event) =>
      log.error({ err: error, event }, 'a listener of an embedded client failed'),
    );
    this.#line = open({ frame: (text) => this.#read(text), ended: (reason) => this.#ended(reason) });
  }

  static async connect(
    name: string,
    open: (listener: LineListener) => Line,
    clock: Clock,
    log: Logger,
  ): Promise<InProcessClient> {
    const client = new InProcessClient(open, log);
    const reply = await client.send('RequestServerInfo', {
      ClientName: name,
      ProtocolVersionMajor: 4,
      ProtocolVersionMinor: 0,
    });
    if (ServerInfo.Check(reply.ServerInfo) && reply.ServerInfo.MaxPingTime > 0) {
      client.#pingEvery(clock, reply.ServerInfo.MaxPingTime / 2);
    }
    await client.send('RequestDeviceList');
    return client;
  }

  get devices(): ReadonlyMap<number, MessageBody> {
    return this.#devices;
  }

  on: Events<EmbeddedClientEvents>['on'] = (event, listener) => this.#events.on(event, listener);

  send(name: string, fields: MessageBody = {}): Promise<WireMessage> {
    if (this.#lifetime.signal.aborted) return Promise.reject(this.#lifetime.signal.reason);
    const Id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(Id, { resolve, reject });
      this.#line.receive(JSON.stringify([{ [name]: { ...fields, Id } }]));
    });
  }

  async output(DeviceIndex: number, FeatureIndex: number, Command: MessageBody): Promise<void> {
    await this.send('OutputCmd', { DeviceIndex, FeatureIndex, Command });
  }

  async read(DeviceIndex: number, FeatureIndex: number, type: string): Promise<number> {
    const reply = await this.send('InputCmd', { DeviceIndex, FeatureIndex, Type: type, Command: 'Read' });
    const [reading] = Reading.Check(reply.InputReading) ? Object.values(reply.InputReading.Reading) : [];
    if (!reading) throw new LinkError(`The gateway answered a read of ${type} without a value`);
    return reading.Value;
  }

  async subscribe(DeviceIndex: number, FeatureIndex: number, type: string): Promise<void> {
    await this.send('InputCmd', { DeviceIndex, FeatureIndex, Type: type, Command: 'Subscribe' });
  }

  async unsubscribe(DeviceIndex: number, FeatureIndex: number, type: string): Promise<void> {
    await this.send('InputCmd', { DeviceIndex, FeatureIndex, Type: type, Command: 'Unsubscribe' });
  }

  async stop(DeviceIndex?: number, FeatureIndex?: number): Promise<void> {
    await this.send('StopCmd', { DeviceIndex, FeatureIndex });
  }

  async startScanning(): Promise<void> {
    await this.send('StartScanning');
  }

  async stopScanning(): Promise<void> {
    await this.send('StopScanning');
  }

  async close(): Promise<void> {
    if (!this.#lifetime.signal.aborted) await this.send('Disconnect');
    this.#line.end('the client closed');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #read(text: string): void {
    const frame: unknown = JSON.parse(text);
    if (!Frame.Check(frame)) return;
    for (const message of frame) {
      for (const [name, body] of Object.entries(message)) this.#take(name, body, message);
    }
  }

  #take(name: string, body: MessageBody, message: WireMessage): void {
    if (name === 'DeviceList' && Devices.Check(body)) {
      this.#devices = new Map(Object.entries(body.Devices).map(([index, device]) => [Number(index), device]));
      this.#events.emit('deviceList', this.#devices);
    }
    const waiting = typeof body.Id === 'number' ? this.#waiting.get(body.Id) : undefined;
    if (waiting && typeof body.Id === 'number') {
      this.#waiting.delete(body.Id);
      if (Failure.Check(body)) waiting.reject(new RefusedError(body.ErrorMessage, body.ErrorCode));
      else waiting.resolve(message);
    } else if (name === 'InputReading') this.#events.emit('inputReading', body);
    else if (name === 'ScanningFinished') this.#events.emit('scanningFinished');
  }

  #ended(reason: string): void {
    const error = new LinkError(`The session is over: ${reason}`);
    this.#lifetime.abort(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#events.emit('closed', reason);
  }

  #pingEvery(clock: Clock, periodMs: number): void {
    const timer = clock.every(periodMs, () => void this.send('Ping').catch(() => {}));
    this.#lifetime.signal.addEventListener('abort', () => timer.cancel(), { once: true });
  }
}
