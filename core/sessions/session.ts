import type { Clock, Timer } from '../clock.js';
import type { DeviceManager } from '../devices/manager.js';
import { ErrorCode, HandshakeError, InternalError, PingTimeoutError, toGatewayError } from '../errors.js';
import type { LogFeed } from '../logging/log-feed.js';
import type { Logger } from '../logging/logger.js';
import { codecs, type ServerIdentity, type SpecCodec } from '../protocol/codec.js';
import { type BadEnvelope, definitionFor, type Envelope, readFrame } from '../protocol/frames.js';
import { ClientTooNewError, readHandshake } from '../protocol/handshake.js';
import { type ClientMessage, errorFrame } from '../protocol/messages.js';
import type { InputReading } from '../protocol/model.js';
import { Commands } from './commands.js';
import type { CloseReason, Connection, SessionPort } from './connection.js';
import type { DeviceAccess } from './device-access.js';
import { ErrorBudget } from './error-budget.js';
import { GrantedDevices } from './granted-devices.js';
import { PingWatch } from './ping-watch.js';
import { gatewayBehind } from './remote-gateway.js';

export type SessionState = 'awaiting handshake' | 'ready' | 'ping missed' | 'closed';

export interface SessionLimits {
  readonly handshakeTimeoutMs: number;
  readonly maxMessagesPerFrame: number;
  readonly maxErrorsPerSecond: number;
}

/** What the session needs of the gateway around it. */
export interface SessionEnvironment {
  readonly devices: DeviceManager;
  readonly clock: Clock;
  readonly log: Logger;
  readonly logFeed: LogFeed;
  readonly identity: ServerIdentity;
  /** Id of this gateway among all. */
  readonly gatewayId: string;
  readonly limits: SessionLimits;
  readonly onReady: (session: Session) => void;
  readonly onMessages: (count: number) => void;
  readonly onRefused: (code: ErrorCode) => void;
  readonly onPingMissed: (session: Session) => void;
  readonly onEnded: (session: Session) => void;
}

/** Readings are left out for a client that has this much unread, bytes (facts: B33). */
const READINGS_PAUSE_BYTES = 64 * 1024;

/**
 * One client's conversation: handshake, ping time, commands, and what it drives and listens to. However it ends, `#end` runs
 * exactly once and stops what the client drove.
 */
export class Session implements SessionPort {
  #state: SessionState = 'awaiting handshake';
  /** Who it is; known from the handshake on. */
  #client: { readonly name: string; readonly codec: SpecCodec; readonly commands: Commands } | undefined;
  #refusals = 0;
  readonly #handshakeDeadline: Timer;
  readonly #ping: PingWatch;
  readonly #errorBudget: ErrorBudget;
  readonly #log: Logger;
  /** Absent: the client may reach every device. */
  #granted: GrantedDevices | undefined;

  constructor(
    readonly connection: Connection,
    readonly transport: string,
    private readonly maxPingTimeMs: number,
    private readonly env: SessionEnvironment,
    granted?: GrantedDevices,
  ) {
    const { clock, limits } = env;
    this.#granted = granted;
    this.#log = env.log.child({ session: connection.id });
    this.#ping = new PingWatch(clock, maxPingTimeMs, () => this.#pingMissed());
    this.#errorBudget = new ErrorBudget(clock, limits.maxErrorsPerSecond);
    this.#handshakeDeadline = clock.after(limits.handshakeTimeoutMs, () => {
      const text = `No handshake within ${limits.handshakeTimeoutMs} ms; the first message must be RequestServerInfo`;
      connection.send(errorFrame(0, ErrorCode.Handshake, text));
      this.close({ kind: 'policy', text: 'no handshake' });
    });
  }

  get id(): string {
    return this.connection.id;
  }

  get state(): SessionState {
    return this.#state;
  }

  get clientName(): string {
    return this.#client?.name ?? '';
  }

  get granted(): GrantedDevices | undefined {
    return this.#granted;
  }

  get #devices(): DeviceAccess {
    return this.#granted ?? this.env.devices;
  }

  /** Present from the handshake on. */
  get codec(): SpecCodec | undefined {
    return this.#client?.codec;
  }

  receive(text: string): void {
    if (this.#state === 'closed' || text === '') return;
    try {
      const elements = readFrame(text, this.env.limits.maxMessagesPerFrame);
      this.env.onMessages(elements.length);
      for (const element of elements) this.#take(element);
    } catch (error) {
      this.#refuse(0, error);
    }
  }

  closed(reason: string): void {
    this.#end(reason);
  }

  /** Ends the session from the gateway's side. */
  close(reason: CloseReason): void {
    if (this.#state === 'closed') return;
    this.#end(reason.text);
    this.connection.close(reason);
  }

  /** Sends a frame to a client that has done its handshake. */
  push(text: string): void {
    if (this.#state === 'ready') this.connection.send(text);
  }

  pushReading(reading: InputReading): void {
    const device = this.#devices.get(reading.deviceIndex);
    if (!device || this.connection.bufferedBytes > READINGS_PAUSE_BYTES) return;
    const text = this.#client?.codec.inputEvent(reading, device.announced);
    if (text !== undefined) this.push(text);
  }

  #take(element: Envelope | BadEnvelope): void {
    if (this.#state === 'closed') return;
    try {
      if ('error' in element) throw element.error;
      if (this.#state === 'ping missed')
        throw new PingTimeoutError('This session ended when the client missed its ping');
      if (!this.#client) this.#handshake(element);
      else {
        const definition = definitionFor(element.name, this.#client.codec.version);
        const message = definition.decode(element.body, this.#devices);
        this.#carryOut(element.id, message, this.#client.commands);
      }
    } catch (error) {
      this.#refuse(element.id, error);
    }
  }

  #handshake({ name, id, body }: Envelope): void {
    if (name !== 'RequestServerInfo') {
      throw new HandshakeError(
        `${name.slice(0, 60)} before the handshake; the first message must be RequestServerInfo`,
      );
    }
    let handshake: ReturnType<typeof readHandshake>;
    try {
      handshake = readHandshake(body);
    } catch (error) {
      if (!(error instanceof ClientTooNewError)) throw error;
      this.#refuse(id, error);
      this.close({ kind: 'policy', text: `client speaks spec version ${error.clientVersion}` });
      return;
    }
    const gateway = gatewayBehind(handshake.clientName);
    if (gateway !== undefined && !this.#admitGateway(id, gateway)) return;
    const codec = codecs[handshake.version];
    const commands = new Commands(this.id, codec, {
      devices: this.#devices,
      manager: this.env.devices,
      logFeed: this.env.logFeed,
      ownOnly: gateway !== undefined,
      push: (text) => this.push(text),
      leave: () => this.close({ kind: 'normal', text: 'the client asked for it' }),
    });
    this.#client = { name: handshake.clientName, codec, commands };
    this.#state = 'ready';
    this.#handshakeDeadline.cancel();
    this.#ping.ping();
    this.connection.send(codec.serverInfo(handshake.id, this.env.identity, this.maxPingTimeMs));
    const connected = this.#devices.announced;
    if (connected.length > 0) {
      for (const text of codec.devicesChanged({ added: connected, removed: [] }, connected)) this.connection.send(text);
    }
    const client = printable(handshake.clientName);
    this.#log.info(
      { remote: this.connection.remote },
      `client connected: ${client} (spec ${handshake.version}, ${this.transport})`,
    );
    this.env.onReady(this);
  }

  /** One gateway shows another only devices of its own, and nothing to itself. */
  #admitGateway(id: number, gateway: string): boolean {
    if (gateway === this.env.gatewayId) {
      this.#refuse(id, new HandshakeError('This is the very gateway that connects; it has its own devices already'));
      this.close({ kind: 'policy', text: 'the gateway connects to itself' });
      return false;
    }
    this.#granted = (this.#granted ?? new GrantedDevices(this.env.devices, [{}])).own;
    return true;
  }

  #carryOut(id: number, message: ClientMessage, commands: Commands): void {
    if (message.kind === 'ping') this.#ping.ping();
    const reply = commands.run(id, message);
    if (typeof reply === 'string') this.connection.send(reply);
    else if (reply instanceof Promise) this.#answerLater(id, reply);
    else {
      this.connection.send(reply.text);
      reply.after();
    }
  }

  /** A client that left meanwhile is not told. */
  #answerLater(id: number, reply: Promise<string>): void {
    reply.then(
      (text) => this.push(text),
      (error: unknown) => this.#refuse(id, error),
    );
  }

  #refuse(id: number, cause: unknown): void {
    if (this.#state === 'closed') return;
    const error = toGatewayError(cause);
    this.#refusals += 1;
    this.env.onRefused(error.errorCode);
    if (error instanceof InternalError) this.#log.error({ err: error.cause }, 'a message could not be handled');
    // One line for the first, so that a flood of bad messages is not a flood of log lines.
    else if (this.#refusals === 1) this.#log.warn(`refused: ${error.message}`);
    else this.#log.debug(`refused: ${error.message}`);
    this.connection.send(errorFrame(id, error.errorCode, error.message));
    if (!this.#errorBudget.spend()) {
      this.#log.warn(`closed after ${this.#refusals} bad messages in too short a time`);
      this.close({ kind: 'policy', text: 'too many bad messages' });
    }
  }

  /** Safety first: outputs stop before anybody is told, those of other sessions that are overdue in the same moment as well. */
  #pingMissed(): void {
    if (this.#state !== 'ready') return;
    this.#state = 'ping missed';
    this.env.onPingMissed(this);
    this.#release();
    this.env.clock.afterPendingInput(() => this.#reportMissedPing());
  }

  #reportMissedPing(): void {
    if (this.#state !== 'ping missed') return;
    const { limitMs } = this.#ping;
    this.#log.warn(`missed its ping (${limitMs} ms): ${printable(this.clientName)}`);
    this.connection.send(errorFrame(0, ErrorCode.Ping, `No Ping within ${limitMs} ms; devices were stopped`));
    this.connection.close({ kind: 'policy', text: 'ping missed' });
  }

  #end(reason: string): void {
    if (this.#state === 'closed') return;
    const wasReady = this.#client !== undefined;
    this.#state = 'closed';
    this.#handshakeDeadline.cancel();
    this.#release();
    const refused = this.#refusals > 1 ? `, ${this.#refusals} messages refused` : '';
    if (wasReady) this.#log.info(`client left: ${printable(this.clientName)} (${reason}${refused})`);
    else this.#log.debug(`connection ended before its handshake (${reason}${refused})`);
    this.env.onEnded(this);
  }

  #release(): void {
    this.#ping.end();
    this.#client?.commands.release();
  }
}

/** A client's own words, fit for one line of a log. */
function printable(text: string): string {
  const clean = text.replace(/\p{C}/gu, '?');
  return clean.length > 80 ? `${clean.slice(0, 80)}…` : clean;
}
