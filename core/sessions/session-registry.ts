import type { Clock } from '../clock.js';
import type { Device } from '../devices/device.js';
import type { DeviceManager } from '../devices/manager.js';
import type { ErrorCode } from '../errors.js';
import type { LogFeed } from '../logging/log-feed.js';
import type { Logger } from '../logging/logger.js';
import { codecs, type DeviceChange, type ServerIdentity } from '../protocol/codec.js';
import { SPEC_VERSIONS } from '../protocol/model.js';
import type { CloseReason, Connection, SessionHost, SessionOptions, SessionPort } from './connection.js';
import type { ReachableDevice } from './device-access.js';
import { GrantedDevices } from './granted-devices.js';
import { Session, type SessionEnvironment, type SessionLimits } from './session.js';

export interface SessionRegistryOptions {
  readonly limits: SessionLimits;
  /** Connections that have not done their handshake. */
  readonly maxPending: number;
  readonly maxSessions: number;
  /** Ping time for transports that name none, ms. */
  readonly maxPingTimeMs: number;
  readonly onPingTimeout: 'all' | 'driven';
  readonly identity: ServerIdentity;
  /** Id of this gateway among all. */
  readonly gatewayId: string;
}

/** Running totals, for metrics. */
export interface SessionTotals {
  opened: number;
  messages: number;
  pingsMissed: number;
  readonly refused: Map<ErrorCode, number>;
}

/** Every session there is, whatever transport it came by; tells them of devices and readings. */
export class SessionRegistry {
  readonly totals: SessionTotals = { opened: 0, messages: 0, pingsMissed: 0, refused: new Map() };
  /** In the order they connected. */
  readonly #pending = new Set<Session>();
  readonly #ready = new Map<string, Session>();
  readonly #subscriptions: readonly Disposable[];
  readonly #used = Promise.withResolvers<void>();
  #closing = false;

  constructor(
    private readonly devices: DeviceManager,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly logFeed: LogFeed,
    private readonly options: SessionRegistryOptions,
  ) {
    const { events } = devices;
    this.#subscriptions = [
      events.on('added', (device) => this.#devicesChanged(device, added)),
      events.on('removed', (device) => this.#devicesChanged(device, removed)),
      events.on('scanFinished', (owners) => {
        for (const owner of owners) this.#ready.get(owner)?.push(SCANNING_FINISHED);
      }),
      events.on('reading', (reading, listeners) => {
        for (const listener of listeners) this.#ready.get(listener)?.pushReading(reading);
      }),
    ];
  }

  get ready(): readonly Session[] {
    return [...this.#ready.values()];
  }

  /** Resolves when there is somebody who may drive devices, for the first time. */
  get used(): Promise<void> {
    return this.#used.promise;
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  /** The door for one transport. */
  hostFor(transport: string): SessionHost {
    return { open: (connection, options) => this.#open(connection, options, transport) };
  }

  /** Ends the sessions of a transport that is no longer there. */
  closeTransport(transport: string): void {
    for (const session of [...this.#pending, ...this.#ready.values()]) {
      if (session.transport === transport) session.close({ kind: 'going-away', text: `${transport} has stopped` });
    }
  }

  #open(connection: Connection, options: SessionOptions, transport: string): SessionPort {
    this.totals.opened += 1;
    const maxPingTimeMs = options.maxPingTimeMs ?? this.options.maxPingTimeMs;
    const granted = options.devices && new GrantedDevices(this.devices, options.devices);
    const session = new Session(connection, transport, maxPingTimeMs, this.#environment(), granted);
    this.#pending.add(session);
    if (this.#closing) session.close(GOING_AWAY);
    else if (this.#ready.size + this.#pending.size > this.options.maxSessions) {
      session.close({ kind: 'policy', text: `more than ${this.options.maxSessions} connections` });
    } else this.#dropOldestSilent();
    return session;
  }

  /** Ends every session, and refuses new ones. */
  close(): void {
    this.#closing = true;
    for (const session of [...this.#pending, ...this.#ready.values()]) session.close(GOING_AWAY);
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }

  #environment(): SessionEnvironment {
    const { devices, clock, log, logFeed, totals } = this;
    return {
      devices,
      clock,
      log,
      logFeed,
      identity: this.options.identity,
      gatewayId: this.options.gatewayId,
      limits: this.options.limits,
      onReady: (session) => {
        this.#pending.delete(session);
        this.#ready.set(session.id, session);
        this.#used.resolve();
      },
      onMessages: (count) => {
        totals.messages += count;
      },
      onRefused: (code) => totals.refused.set(code, (totals.refused.get(code) ?? 0) + 1),
      onPingMissed: () => {
        totals.pingsMissed += 1;
        if (this.options.onPingTimeout === 'all') devices.stopActive();
      },
      onEnded: (session) => {
        this.#pending.delete(session);
        if (this.#ready.get(session.id) === session) this.#ready.delete(session.id);
      },
    };
  }

  /** Whoever connects and stays silent makes room for whoever comes next. */
  #dropOldestSilent(): void {
    if (this.#pending.size <= this.options.maxPending) return;
    const [oldest] = this.#pending;
    oldest?.close({ kind: 'policy', text: 'too many connections without a handshake' });
  }

  /** Each version's frames are written once, however many clients speak it, but for clients that do not see every device. */
  #devicesChanged(device: Device, change: (device: ReachableDevice) => DeviceChange): void {
    for (const version of SPEC_VERSIONS) {
      const sessions = this.ready.filter((session) => session.codec?.version === version && !session.granted);
      if (sessions.length === 0) continue;
      const frames = codecs[version].devicesChanged(change(device), this.devices.announced);
      for (const session of sessions) for (const text of frames) session.push(text);
    }
    for (const session of this.ready) {
      const { codec, granted } = session;
      if (!codec || !granted) continue;
      const own = granted.of(device);
      if (!own) continue;
      for (const text of codec.devicesChanged(change(own), granted.announced)) session.push(text);
    }
  }
}

const added = ({ announced }: ReachableDevice): DeviceChange => ({ added: [announced], removed: [] });
const removed = ({ announced }: ReachableDevice): DeviceChange => ({ added: [], removed: [announced.index] });

const GOING_AWAY: CloseReason = { kind: 'going-away', text: 'the gateway is shutting down' };
const SCANNING_FINISHED = '[{"ScanningFinished":{"Id":0}}]';
