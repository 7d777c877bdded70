import {
  type Clock,
  describeError,
  ErrorCode,
  Events,
  LinkError,
  type Logger,
  type RefusedError,
  withDeadline,
} from 'pulsegate/plugin';
import type { LineListener, RemoteLine } from '../lines/line.js';
import type { RemoteOrder } from '../order.js';
import type { Dialect, Greeting, RemoteDevice, RemoteInput, RemoteReading, Request } from '../speech/dialect.js';
import { type Incoming, readFailure, readFrame } from '../speech/frames.js';
import { Heartbeat } from './heartbeat.js';
import { Outbox, type Outcome } from './outbox.js';

export interface SessionOptions {
  readonly clientName: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly heartbeatMs: number;
  readonly answerTimeoutMs: number;
  readonly maxUnanswered: number;
  readonly maxDevices: number;
  readonly count: (outcome: Outcome, howMany?: number) => void;
  readonly onLatency: (latencyMs: number) => void;
}

export interface SessionEvents {
  /** What the remote has now. */
  devices: [devices: ReadonlyMap<number, RemoteDevice>];
  reading: [device: RemoteDevice, reading: RemoteReading];
  scanFinished: [];
  /** It is over; once. */
  ended: [reason: string];
}

interface Asked {
  readonly settle: (reply: Incoming, error?: RefusedError) => void;
  readonly fail: (error: Error) => void;
}

const MAX_ID = 4_294_967_295;
/** A remote that leaves more than this unanswered does not keep up, messages. */
const MAX_ASKED = 4096;

/** One session as a client of a remote server, in whatever version of the protocol it speaks. */
export class RemoteSession implements LineListener {
  readonly #events: Events<SessionEvents>;
  readonly #asked = new Map<number, Asked>();
  readonly #outbox: Outbox;
  /** Runs from the handshake on. */
  readonly #heartbeat: Heartbeat;
  readonly #over = new AbortController();
  #line: RemoteLine | undefined;
  #devices: ReadonlyMap<number, RemoteDevice> = new Map();
  #greeting: Greeting = { server: '', maxPingTimeMs: 0 };
  #lastId = 0;
  /** Devices whose first refusal was logged. */
  readonly #complained = new WeakSet<RemoteDevice>();

  constructor(
    readonly dialect: Dialect,
    private readonly options: SessionOptions,
  ) {
    const { clock, log, maxUnanswered, answerTimeoutMs, count, onLatency } = options;
    this.#events = new Events((error, event) => log.error({ err: error, event }, 'a listener to a remote failed'));
    this.#outbox = new Outbox({
      clock,
      maxUnanswered,
      answerTimeoutMs,
      count,
      send: (request, answered) => this.#ask(request, { settle: (_reply, error) => answered(error), fail: () => {} }),
      isThere: (device) => this.#devices.get(device.index) === device,
      onRefused: (device, error) => this.#complain(device, error),
      onStuck: (reason) => this.end(reason),
    });
    this.#heartbeat = new Heartbeat({
      clock,
      answerTimeoutMs,
      onLatency,
      onSilence: () => this.end(`it gave no sign of life for ${answerTimeoutMs} ms`),
    });
  }

  get devices(): ReadonlyMap<number, RemoteDevice> {
    return this.#devices;
  }

  get server(): string {
    return this.#greeting.server;
  }

  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  on: Events<SessionEvents>['on'] = (event, listener) => this.#events.on(event, listener);

  /** Introduces itself over this line. Rejects with a LinkError or RefusedError; the line is still to be closed then. */
  async greet(line: RemoteLine): Promise<void> {
    const { clock, answerTimeoutMs, clientName } = this.options;
    this.#line = line;
    const late = () => new LinkError(`the server did not answer within ${answerTimeoutMs} ms`);
    const reply = await withDeadline(clock, answerTimeoutMs, this.request(this.dialect.hello(clientName)), late);
    if (reply.name !== 'ServerInfo') throw new LinkError(`the server answered the handshake with ${reply.name}`);
    this.#greeting = this.dialect.greeting(reply.body);
    this.#startHeartbeat(line);
    const list = this.request({ name: 'RequestDeviceList', fields: {} });
    await withDeadline(clock, answerTimeoutMs, list, late);
  }

  /** Sends one message; resolves with the reply, rejects when that is an Error or the session ends first. */
  request(request: Request): Promise<Incoming> {
    if (this.isOver) return Promise.reject(this.#over.signal.reason);
    return new Promise((resolve, reject) => {
      this.#ask(request, { settle: (reply, error) => (error ? reject(error) : resolve(reply)), fail: reject });
    });
  }

  /** Throws a LinkError when the session is over. Otherwise the order is sent, or waits for its turn. */
  output(device: RemoteDevice, order: RemoteOrder): void {
    this.#over.signal.throwIfAborted();
    this.#outbox.put(device, order);
  }

  async read(device: RemoteDevice, input: RemoteInput): Promise<number> {
    const { body } = await this.request(device.input(input, 'Read'));
    const reading = device.reading(body);
    if (!reading) throw new LinkError(`${device.name} answered a read of ${input.type} with something else`);
    return reading.value;
  }

  async listen(device: RemoteDevice, input: RemoteInput, command: 'Subscribe' | 'Unsubscribe'): Promise<void> {
    await this.request(device.input(input, command));
  }

  /** Asks for a scan, or for its end. What comes of it is heard by events. */
  scan(command: 'StartScanning' | 'StopScanning'): void {
    this.request({ name: command, fields: {} }).catch((error: unknown) =>
      this.options.log.debug({ err: error }, `${command} was refused`),
    );
  }

  /** Ends it from this side. */
  end(reason: string): void {
    if (this.isOver) return;
    if (this.#line) this.#line.close(reason);
    this.closed(reason);
  }

  frame(text: string): void {
    if (this.isOver) return;
    try {
      for (const message of readFrame(text)) if (!this.isOver) this.#take(message);
    } catch (error) {
      this.end(describeError(error));
    }
  }

  alive(): void {
    this.#heartbeat.alive();
  }

  closed(reason: string): void {
    if (this.isOver) return;
    const error = new LinkError(`the connection ended: ${reason}`);
    this.#over.abort(error);
    this.#heartbeat.end();
    this.#outbox.close();
    for (const { fail } of this.#asked.values()) fail(error);
    this.#asked.clear();
    this.#devices = new Map();
    this.#events.emit('ended', reason);
  }

  #ask({ name, fields }: Request, { settle, fail }: Asked): void {
    if (this.#asked.size >= MAX_ASKED) {
      this.end(`it left ${MAX_ASKED} messages unanswered`);
      return;
    }
    this.#lastId = (this.#lastId % MAX_ID) + 1;
    this.#asked.set(this.#lastId, { settle, fail });
    this.#line?.send(JSON.stringify([{ [name]: { ...fields, Id: this.#lastId } }]));
  }

  #take(message: Incoming): void {
    const { maxDevices } = this.options;
    const devices = this.dialect.devices(message.name, message.body, this.#devices, { maxDevices });
    if (devices) this.#adopt(devices);
    const failure = readFailure(message);
    const asked = this.#asked.get(message.id);
    if (asked) {
      this.#asked.delete(message.id);
      asked.settle(message, failure);
    } else if (failure) this.#unasked(failure);
    else if (message.name === this.dialect.readingName) this.#report(message.body);
    else if (message.name === 'ScanningFinished') this.#events.emit('scanFinished');
  }

  /** Devices that are described as before stay the same objects. */
  #adopt(devices: ReadonlyMap<number, RemoteDevice>): void {
    this.#devices = new Map(
      [...devices].map(([index, device]) => {
        const before = this.#devices.get(index);
        return [index, before && isSame(before, device) ? before : device];
      }),
    );
    this.#events.emit('devices', this.#devices);
  }

  #report(body: unknown): void {
    const index = indexOf(body);
    const device = index === undefined ? undefined : this.#devices.get(index);
    const reading = device?.reading(body);
    if (device && reading) this.#events.emit('reading', device, reading);
  }

  #unasked(error: RefusedError): void {
    // Older servers cannot read our handshake, and so do not know its Id.
    if (!this.#heartbeat.isRunning) this.end(`the server refuses the handshake: ${error.message}`);
    else if (error.errorCode === ErrorCode.Ping) this.end(`it missed our ping: ${error.message}`);
    else this.options.log.debug(`the remote says: ${error.message}`);
  }

  #complain(device: RemoteDevice, error: RefusedError): void {
    const level = this.#complained.has(device) ? 'debug' : 'warn';
    this.#complained.add(device);
    this.options.log[level](`${device.name} refused an order: ${error.message}`);
  }

  /** A server that wants no pings may call them an error, so the line asks instead where it can. */
  #startHeartbeat(line: RemoteLine): void {
    const { heartbeatMs } = this.options;
    const { maxPingTimeMs } = this.#greeting;
    if (maxPingTimeMs === 0) {
      this.#heartbeat.start(heartbeatMs, () => (line.beat ? line.beat() : this.alive()));
      return;
    }
    const alive = () => this.alive();
    this.#heartbeat.start(Math.min(heartbeatMs, maxPingTimeMs / 2), () =>
      this.#ask({ name: 'Ping', fields: {} }, { settle: alive, fail: () => {} }),
    );
  }
}

function indexOf(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('DeviceIndex' in body)) return undefined;
  return typeof body.DeviceIndex === 'number' ? body.DeviceIndex : undefined;
}

const isSame = (left: RemoteDevice, right: RemoteDevice) => description(left) === description(right);
const description = ({ name, displayName, features }: RemoteDevice) => JSON.stringify([name, displayName, features]);
