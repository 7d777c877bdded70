import type { ModelDefinition, ProtocolDefinition, ProtocolHandler } from '../catalogue/definition.js';
import type { Clock } from '../clock.js';
import { DeviceError } from '../errors.js';
import type { HardwareLink } from '../hardware/contract.js';
import type { Logger } from '../logging/logger.js';
import type { RawAction } from '../protocol/messages.js';
import { type AnnouncedDevice, isPositionType, type OutputCommand } from '../protocol/model.js';
import { DeviceOutputs } from './device-outputs.js';
import { type DeviceIdentity, deviceKey } from './identity.js';
import { DeviceInputs, type OnReading } from './inputs.js';
import { repeatsLastPacket, startKeepalive } from './keepalive.js';
import type { Driver, Output, OutputChange } from './output.js';
import { announce, buildProfile } from './profile.js';
import { type OnRawData, RawAccess } from './raw-access.js';
import type { DeviceSettings } from './settings-file.js';
import type { Subscriber } from './subscriptions.js';
import { WriteQueue } from './write-queue.js';

/** Failed writes are warned of this often, ms. */
const FAILURE_LOG_MS = 10_000;
/** A write that takes longer means that the link is broken, ms. */
const WRITE_TIMEOUT_MS = 3000;

export interface DeviceParts {
  readonly index: number;
  /** Connected before: it may still be doing what it was told before the link, or the gateway, broke. */
  readonly wasKnown: boolean;
  readonly identity: DeviceIdentity;
  readonly definition: ProtocolDefinition;
  readonly model: ModelDefinition;
  readonly handler: ProtocolHandler;
  readonly link: HardwareLink;
  readonly settings: DeviceSettings | undefined;
  /** Aborted when the device goes; the protocol's waits and loops end with it. */
  readonly lifetime: AbortController;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onReading: (device: Device, ...reading: Parameters<OnReading>) => void;
  /** An output was told something new. */
  readonly onOutput: (device: Device, output: Output) => void;
}

/** A connected device: takes orders in announced steps, checks and limits them, and has them written. */
export class Device {
  readonly index: number;
  readonly identity: DeviceIdentity;
  readonly key: string;
  readonly announced: AnnouncedDevice;
  readonly inputs: DeviceInputs;
  readonly #outputs: DeviceOutputs;
  readonly #queue: WriteQueue;
  readonly #keepalive: Disposable;
  readonly #parts: DeviceParts;
  readonly #raw: RawAccess;
  #closed = false;
  #refusedItsStop = false;
  #leftOn: boolean | undefined;
  #failureLoggedAt = Number.NEGATIVE_INFINITY;

  /** @param earlier the same device before its link broke, if it did in this run */
  constructor(parts: DeviceParts, earlier?: Device) {
    const { model, settings, link, clock, log, definition } = parts;
    this.#parts = parts;
    this.index = parts.index;
    this.identity = parts.identity;
    this.key = deviceKey(parts.identity);
    const profile = buildProfile(model, settings, clock);
    for (const warning of profile.warnings) log.warn({ device: this.key }, warning);
    const { handler } = parts;
    this.#outputs = new DeviceOutputs(profile.outputs, { key: this.key, handler, isRemote: this.isRemote, log });
    const gapMs = settings?.messageGap ?? model.messageGapMs ?? link.messageGapMs;
    this.announced = announce(parts.index, model, profile, settings, gapMs, link.endpoints);
    this.inputs = new DeviceInputs(model.features, handler, link, clock, (...reading) =>
      parts.onReading(this, ...reading),
    );
    this.#raw = new RawAccess(link, clock);
    this.#queue = new WriteQueue(link, clock, {
      gapMs,
      packetGapsMs: definition.packetGapsMs,
      writeTimeoutMs: WRITE_TIMEOUT_MS,
      onFailed: (error, isEnd) => this.#writeFailed(error, isEnd),
    });
    this.#keepalive = startKeepalive({
      keepalive: definition.keepalive,
      handler,
      link,
      queue: this.#queue,
      clock,
      onDead: (error) => {
        log.warn({ device: this.key, err: error }, 'the device no longer takes its keepalive; disconnecting it');
        void link.disconnect();
      },
    });
    // A device that dropped out while it was driven must not go on with nobody in charge of it. And a protocol that repeats its
    // last packet needs one to repeat, which had better be harmless.
    if (earlier) this.#outputs.resume(earlier.#outputs);
    if (parts.wasKnown || repeatsLastPacket(definition.keepalive, link)) this.stop();
  }

  get brand(): string {
    return this.#parts.model.brand ?? this.#parts.definition.brand;
  }

  /** Others may drive it past this gateway. */
  get isRemote(): boolean {
    return this.#parts.model.isRemote ?? false;
  }

  get name(): string {
    return this.announced.displayName ?? this.announced.name;
  }

  /** Aborted when the device is gone; the reason says why. */
  get gone(): AbortSignal {
    return this.#parts.lifetime.signal;
  }

  get isActive(): boolean {
    return this.#outputs.isActive;
  }

  /** Something is on, or the packet that ends it has not been taken. Once it is closed: was then. */
  get mayBeOn(): boolean {
    return this.#leftOn ?? (this.isActive || this.#queue.isBusy || this.#refusedItsStop);
  }

  /** Packets that wait to be written. */
  get queueDepth(): number {
    return this.#queue.depth;
  }

  /** Checks an order without carrying it out. Throws a DeviceError. */
  check(command: OutputCommand): void {
    this.#findOutput(command).order(command);
  }

  /** Carries out one order: accepted and queued when this returns. Throws a DeviceError, and then nothing has changed. */
  output(command: OutputCommand, driver: Driver): void {
    const output = this.#findOutput(command);
    const order = output.order(command);
    if (!output.isRepeat(order)) {
      const writes = this.#outputs.take(output, order);
      this.#queue.enqueue(writes, order.value === 0 && !isPositionType(order.type), output);
      this.#parts.onOutput(this, output);
    }
    output.drivenBy(driver);
  }

  /** Stops outputs: all, one feature's, or those that `only` picks. Never throws; what has no stop packet is logged. */
  stop(featureIndex?: number, only: (output: Output) => boolean = () => true): void {
    const outputs = this.#outputs.all.filter(
      (output) => (featureIndex === undefined || output.feature.index === featureIndex) && only(output),
    );
    // A move whose packet still waits would begin with nobody in charge.
    this.#queue.withdraw(new Set(outputs));
    for (const output of outputs) {
      // Told 0 already, but a level from before that may set out yet: the stop has to take its place.
      if (!isPositionType(output.type) && this.#queue.holds(output)) output.forget();
    }
    const orders = outputs.flatMap((output) => {
      const order = this.#outputs.stopOrder(output);
      return order ? [{ output, order }] : [];
    });
    // Nearly always, when one of many clients ends.
    if (orders.length === 0) return;
    // All levels first: a packet that carries the whole device must not bring back what the next one would stop.
    for (const { output, order } of orders) {
      this.#outputs.accept(output, order);
      output.drivenBy(undefined);
    }
    this.#queue.stop(orders.map(({ order }) => this.#outputs.encodeStop(order)));
    for (const { output } of orders) this.#parts.onOutput(this, output);
  }

  stopDrivenBy(driver: Driver): void {
    this.stop(undefined, (output) => output.driver === driver && this.#mayBeOn(output));
  }

  /** Stops what somebody drives; outputs never commanded are left alone. */
  stopActive(): void {
    this.stop(undefined, (output) => output.driver !== undefined && this.#mayBeOn(output));
  }

  /** Whether an output is on because of this driver. */
  isDrivenBy(driver: Driver): boolean {
    return this.#outputs.all.some((output) => output.driver === driver);
  }

  /** Throws a DeviceError when there is no such feature. */
  requireFeature(featureIndex: number): void {
    if (this.#parts.model.features.some(({ index }) => index === featureIndex)) return;
    throw new DeviceError(`There is no feature ${featureIndex} on device ${this.index} (${this.name})`);
  }

  /** What every output was told last, as clients count. */
  get outputs(): readonly OutputChange[] {
    return this.#outputs.all.filter(({ range }) => !range.disabled).map((output) => this.changeOf(output));
  }

  changeOf({ feature, type, range, level }: Output): OutputChange {
    return { deviceIndex: this.index, featureIndex: feature.index, type, value: range.fromDevice(level) };
  }

  /** Where a timed move was last sent, 0…1 of the announced range. */
  lastPosition(featureIndex: number): number {
    return this.#outputs.lastPosition(featureIndex);
  }

  /** Raw access, where the user opened it. Rejects with a DeviceError. Past the limits by its nature. */
  async raw(
    endpoint: string,
    action: RawAction,
    subscriber: Subscriber,
    onData: OnRawData,
  ): Promise<Uint8Array | undefined> {
    if (this.announced.rawEndpoints.length === 0) {
      throw new DeviceError(
        `Raw messages are off for device ${this.index} (${this.name}); its owner can allow them with "raw: true" in the device settings`,
      );
    }
    if (action.kind === 'write') {
      // What the bytes will do is unknown, so no level is, and a stop must reach every output.
      this.#outputs.forget();
      for (const output of this.#outputs.all) output.drivenBy(subscriber);
    }
    return this.#raw.run(endpoint, action, subscriber, onData);
  }

  /** Ends everything a session listens to here. */
  async dropSubscriber(subscriber: Subscriber, featureIndex?: number): Promise<void> {
    await this.inputs.dropSubscriber(subscriber, featureIndex);
    if (featureIndex === undefined) await this.#raw.dropSubscriber(subscriber);
  }

  /** Resolves when everything queued has been written. */
  drained(): Promise<void> {
    return this.#queue.idle();
  }

  /** The device is gone or about to be: ends timers and waits, drops what is queued. Harmless when repeated. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#leftOn = this.mayBeOn;
    this.#closed = true;
    this.#keepalive[Symbol.dispose]();
    this.#queue.close();
    this.#parts.lifetime.abort(new DeviceError(`The device is gone: ${reason}`));
    this.#raw.close();
    this.#parts.handler.close?.();
  }

  /** Ends the link as well. */
  async disconnect(reason: string): Promise<void> {
    this.close(reason);
    await this.#parts.link.disconnect();
  }

  #findOutput({ featureIndex, type }: OutputCommand): Output {
    const found = this.#outputs.find(featureIndex, type);
    if (found) return found;
    this.requireFeature(featureIndex);
    throw new DeviceError(`Feature ${featureIndex} of device ${this.index} (${this.name}) has no ${type} output`);
  }

  /** Whether a stop of what is driven from here concerns it: what others have turned on at a remote device is theirs. */
  #mayBeOn(output: Output): boolean {
    return !this.isRemote || output.isActive;
  }

  #writeFailed(error: unknown, isEnd: boolean): void {
    this.#outputs.forget();
    const { clock, link, log } = this.#parts;
    if (isEnd) {
      this.#refusedItsStop = true;
      log.error({ device: this.key, err: error }, 'the device does not take its stop; disconnecting it');
      void link.disconnect();
      return;
    }
    // At 20 packets a second, one line a while is enough.
    const now = clock.now();
    const level = now - this.#failureLoggedAt < FAILURE_LOG_MS ? 'debug' : 'warn';
    if (level === 'warn') this.#failureLoggedAt = now;
    log[level]({ device: this.key, err: error }, 'a packet was not taken by the device');
  }
}
