import type { NobleCharacteristic, NoblePeripheral } from '@abandonware/noble';
import { type Clock, type Endpoint, type HardwareLink, LinkError, LinkState, type Logger } from 'pulsegate/plugin';
import type { Backlog } from './backlog.js';
import { Turns } from './turns.js';
import { LateError, within } from './within.js';

export interface BluetoothLinkParts {
  readonly name: string;
  readonly address: string;
  readonly peripheral: NoblePeripheral;
  readonly characteristics: ReadonlyMap<Endpoint, NobleCharacteristic>;
  readonly backlog: Backlog;
  /** Longest packet that was agreed upon, bytes, header included; undefined: nobody tells. */
  readonly mtu: () => number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long the device may take to answer, ms. */
  readonly answerLimitMs: number;
  /** Longest that ending the connection is waited for, ms; it is over all the same then, as far as we are concerned. */
  readonly disconnectLimitMs: number;
  /** In words. */
  readonly explain: (reason: number | string) => string;
}

/** Facts: device-hardware §0, "Message gap". */
const MESSAGE_GAP_MS = 75;
/** Longest that packets on their way are waited for before the connection is ended, ms. */
const FLUSH_LIMIT_MS = 500;
/** Of an agreed size of packets so many bytes are for the header. */
const HEADER_BYTES = 3;

/** One device connected over Bluetooth Low Energy. */
export class BluetoothLink implements HardwareLink {
  readonly kind = 'bluetooth';
  readonly name: string;
  readonly address: string;
  readonly endpoints: ReadonlySet<Endpoint>;
  readonly messageGapMs = MESSAGE_GAP_MS;
  readonly needsKeepalive = false;
  readonly on: HardwareLink['on'];
  readonly #state: LinkState;
  /**
   * One of a kind at a time with each characteristic: noble answers only the last of those who ask, and BlueZ refuses the second. A
   * packet waits for packets alone, for it may be a stop.
   */
  readonly #writing = new Turns();
  readonly #reading = new Turns();
  readonly #subscribing = new Turns();
  readonly #listening = new Map<Endpoint, (data: Buffer, isNotification: boolean) => void>();

  constructor(private readonly parts: BluetoothLinkParts) {
    this.name = parts.name;
    this.address = parts.address;
    this.endpoints = new Set(parts.characteristics.keys());
    this.#state = new LinkState(this.name, parts.log);
    this.on = this.#state.on;
    parts.peripheral.on('disconnect', this.#onDisconnect);
  }

  async write(
    endpoint: Endpoint,
    data: Uint8Array,
    { withResponse }: { readonly withResponse: boolean },
  ): Promise<void> {
    const characteristic = this.#characteristic(endpoint);
    const { backlog, answerLimitMs } = this.parts;
    await this.#writing.take(characteristic, async () => {
      this.#state.assertThere();
      const isAnswered = this.#isAnswered(characteristic, data.length, withResponse);
      try {
        await backlog.room(answerLimitMs, this.name, this.#state.gone);
        await this.#ask(`writing to ${this.name}`, () => characteristic.writeAsync(Buffer.from(data), !isAnswered));
      } catch (error) {
        // Nothing that comes behind it would be taken either.
        if (error instanceof LinkError) await this.#end(error.message);
        throw error;
      }
    });
  }

  async read(endpoint: Endpoint): Promise<Uint8Array> {
    const characteristic = this.#characteristic(endpoint);
    const read = () => this.#ask(`reading from ${this.name}`, () => characteristic.readAsync());
    return Uint8Array.from(await this.#reading.take(characteristic, read));
  }

  async subscribe(endpoint: Endpoint): Promise<void> {
    const characteristic = this.#characteristic(endpoint);
    if (this.#listening.has(endpoint)) return;
    const listener = (data: Buffer, isNotification: boolean) => {
      if (isNotification) this.#state.notify(endpoint, Uint8Array.from(data));
    };
    this.#listening.set(endpoint, listener);
    this.#state.subscribe(endpoint);
    characteristic.on('data', listener);
    const subscribed = () =>
      this.#ask(`subscribing to ${this.name}`, () => characteristic.subscribeAsync().catch(unlessSubscribed));
    try {
      await this.#subscribing.take(characteristic, subscribed);
    } catch (error) {
      this.#forget(endpoint, characteristic);
      throw error;
    }
  }

  async unsubscribe(endpoint: Endpoint): Promise<void> {
    const characteristic = this.#characteristic(endpoint);
    if (!this.#listening.has(endpoint)) return;
    this.#forget(endpoint, characteristic);
    const unsubscribed = () => this.#ask(`unsubscribing from ${this.name}`, () => characteristic.unsubscribeAsync());
    await this.#subscribing.take(characteristic, unsubscribed);
  }

  async rssi(): Promise<number> {
    const { peripheral } = this.parts;
    return this.#reading.take(peripheral, () =>
      this.#ask(`asking for the signal of ${this.name}`, () => peripheral.updateRssiAsync()),
    );
  }

  async disconnect(): Promise<void> {
    // The last of them may be a stop.
    await this.#state.whileThere(this.#flushed()).catch(() => {});
    await this.#end('disconnected on request');
  }

  /** Over, whatever the adapter says. Harmless when repeated. */
  lose(reason: string): void {
    if (!this.#state.end(reason)) return;
    const { peripheral, characteristics } = this.parts;
    peripheral.off('disconnect', this.#onDisconnect);
    for (const [endpoint, characteristic] of characteristics) this.#forget(endpoint, characteristic);
  }

  /** Resolves when everything has left, or after the limit. */
  async #flushed(): Promise<void> {
    const { backlog, clock } = this.parts;
    const until = clock.now() + FLUSH_LIMIT_MS;
    await within(clock, FLUSH_LIMIT_MS, `writing to ${this.name}`, this.#writing.done()).catch(() => {});
    await backlog.empty(Math.max(until - clock.now(), 0));
  }

  readonly #onDisconnect = (reason: number | string) => this.lose(this.parts.explain(reason));

  async #end(reason: string): Promise<void> {
    if (this.#state.gone.aborted) return;
    this.lose(reason);
    const { peripheral, clock, log, disconnectLimitMs } = this.parts;
    await within(clock, disconnectLimitMs, `disconnecting ${this.name}`, peripheral.disconnectAsync()).catch(
      (error: unknown) => log.debug({ err: error }, 'the adapter did not confirm the end of a connection'),
    );
  }

  /** What the characteristic takes decides, where it does not take what is asked for. */
  #isAnswered({ properties }: NobleCharacteristic, length: number, isWanted: boolean): boolean {
    const [canAnswer, canDo] = [properties.includes('write'), properties.includes('writeWithoutResponse')];
    const room = this.#room;
    if (canAnswer && length > room) return true;
    if (length > room) {
      throw new LinkError(`${this.name} takes packets of ${room} bytes, and one of ${length} does not fit`);
    }
    return isWanted ? canAnswer || !canDo : canAnswer && !canDo;
  }

  /** Bytes that fit into a packet nobody answers; longer ones are sent in pieces, which takes answers. */
  get #room(): number {
    return (this.parts.mtu() ?? Number.POSITIVE_INFINITY) - HEADER_BYTES;
  }

  #characteristic(endpoint: Endpoint): NobleCharacteristic {
    this.#state.assertThere();
    const characteristic = this.parts.characteristics.get(endpoint);
    if (!characteristic) throw new LinkError(`${this.name} has no ${endpoint}, only ${[...this.endpoints].join(', ')}`);
    return characteristic;
  }

  /** Rejects when the device is gone, does not answer in time, or refuses. A device that is late with one answer gives no other. */
  async #ask<T>(what: string, asked: () => Promise<T>): Promise<T> {
    this.#state.assertThere();
    const { clock, answerLimitMs } = this.parts;
    try {
      return await within(clock, answerLimitMs, what, this.#state.whileThere(asked()));
    } catch (error) {
      if (error instanceof LateError) await this.#end(error.message);
      throw error;
    }
  }

  #forget(endpoint: Endpoint, characteristic: NobleCharacteristic): void {
    const listener = this.#listening.get(endpoint);
    if (listener) characteristic.off('data', listener);
    this.#listening.delete(endpoint);
    this.#state.unsubscribe(endpoint);
  }
}

/** BlueZ keeps a subscription over the end of a connection, and takes it ill when it is asked for it again. */
function unlessSubscribed(error: unknown): void {
  if (!(error instanceof Error) || error.message !== 'Already notifying') throw error;
}
