import type { IClientOptions } from 'mqtt';
import { bodyStart, closedReason, EMPTY_FRAME, numbered, numberOf, OUTSIDE } from '../sessions/numbered.js';
import { Sequence, type SequenceClock } from '../sessions/sequence.js';
import { BrokerLine } from './broker-line.js';
import { MqttConnectorError } from './connector-error.js';
import { nonce, type Settings } from './options.js';

export interface ClientSessionListener {
  /** One frame of the gateway's. */
  frame(text: string): void;
  /** The session is over. Once; not when it never opened, which `open` says. */
  ended(reason: string): void;
}

/** How often the gateway is asked to open the session: at its own start it does not listen to what may be late, ms. */
const KNOCK_MS = 250;
/** Longest wait for the broker to take the last word, ms. */
const FAREWELL_MS = 500;

/** The client's end of one session. It opens once and ends once; the next one has a name of its own. */
export class ClientSession {
  readonly #topics: ReturnType<typeof topicsOf>;
  readonly #sequence: Sequence;
  readonly #connected = Promise.withResolvers<void>();
  readonly #online = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<never>();
  #broker: BrokerLine | undefined;
  #knocking: { cancel(): void } | undefined;
  /** The gateway may have heard of it. */
  #hasBegun = false;
  #isOpen = false;
  #isOver = false;
  #sent = 0;
  #patience: string;

  constructor(
    private readonly settings: Settings,
    private readonly clock: SequenceClock,
    private readonly listener: ClientSessionListener,
  ) {
    this.#topics = topicsOf(settings.root, settings.client, nonce());
    this.#patience = `The MQTT broker does not answer within ${settings.timeoutMs} ms`;
    // Nobody may be waiting for it.
    this.#over.promise.catch(() => {});
    this.#sequence = new Sequence(clock, {
      next: (payload, number) => this.#read(payload.toString('utf8', bodyStart(number))),
      missing: () => void this.end('Messages of the gateway are missing'),
    });
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#isOver;
  }

  /** Resolves when the gateway has opened the session; rejects with an MqttConnectorError. */
  async open(): Promise<void> {
    const deadline = this.clock.after(this.settings.timeoutMs, () => void this.end(this.#patience));
    try {
      await Promise.race([this.#begin(), this.#over.promise]);
      this.#isOpen = true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void this.end(reason);
      throw error instanceof MqttConnectorError ? error : new MqttConnectorError(reason, { cause: error });
    } finally {
      deadline.cancel();
    }
  }

  send(frame: string): void {
    this.#sent += 1;
    this.#publish(frame);
  }

  /** Resolves when the broker knows, or does not want to. */
  async end(reason: string): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#knocking?.cancel();
    this.#sequence.end();
    this.#over.reject(new MqttConnectorError(reason));
    if (this.#isOpen) this.listener.ended(reason);
    await this.#farewell();
  }

  async #begin(): Promise<void> {
    const { gateway, timeoutMs } = this.settings;
    const { down, status } = this.#topics;
    const broker = await this.#reach();
    await this.#connected.promise;
    // Before anything is said: else the answer may be missed.
    await broker.subscribe([down, status]);
    this.#patience = `There is no gateway "${gateway}" on this broker: ${status} does not say that it is online`;
    await this.#online.promise;
    this.#patience = `The gateway "${gateway}" does not open a session within ${timeoutMs} ms`;
    this.#knock();
    await this.#opened.promise;
    this.#knocking?.cancel();
  }

  async #reach(): Promise<BrokerLine> {
    const { broker, mqtt, timeoutMs } = this.settings;
    const listener = {
      connected: () => this.#connected.resolve(),
      message: (topic: string, payload: Buffer, isRetained: boolean) => this.#take(topic, payload, isRetained),
      failed: (reason?: string) => this.#lose(reason),
    };
    if (typeof broker !== 'string') this.#broker = new BrokerLine(broker, false, listener);
    else {
      const will: IClientOptions['will'] = {
        topic: this.#topics.gone,
        payload: Buffer.alloc(0),
        qos: 1,
        retain: false,
      };
      this.#broker = await BrokerLine.open(broker, { ...mqtt, connectTimeout: timeoutMs, will }, listener);
    }
    if (this.#isOver) await this.#farewell();
    return this.#broker;
  }

  /** Number 1, until there is an answer. The gateway takes it once, however often it comes. */
  #knock(): void {
    this.#hasBegun = true;
    this.#sent = 1;
    this.#publish(EMPTY_FRAME);
    this.#knocking = this.clock.after(KNOCK_MS, () => this.#knock());
  }

  #publish(body: string): void {
    this.#broker?.publish(this.#topics.up, numbered(this.#sent, body), (error) => {
      if (error) void this.end('The MQTT broker did not take a message');
    });
  }

  #take(topic: string, payload: Buffer, isRetained: boolean): void {
    if (this.#isOver) return;
    if (topic === this.#topics.status) this.#heedStatus(payload.toString());
    else if (topic === this.#topics.down && !isRetained) {
      const number = numberOf(payload);
      if (number === OUTSIDE) this.#read(payload.toString('utf8', bodyStart(number)));
      else if (number > OUTSIDE) this.#sequence.take(number, payload);
    }
  }

  #lose(reason?: string): void {
    const what = this.#isOpen ? 'The connection to the MQTT broker is lost' : 'No connection to the MQTT broker';
    void this.end(reason === undefined ? what : `${what}: ${reason}`);
  }

  #heedStatus(status: string): void {
    if (status === 'online') this.#online.resolve();
    else void this.end(`The gateway "${this.settings.gateway}" is offline`);
  }

  #read(body: string): void {
    const closed = closedReason(body);
    if (closed !== undefined) void this.end(`The gateway has closed the session: ${closed}`);
    else if (body === EMPTY_FRAME) this.#opened.resolve();
    else this.listener.frame(body);
  }

  async #farewell(): Promise<void> {
    const broker = this.#broker;
    if (!broker) return;
    const isInOrder = this.#hasBegun && (await this.#sayGone(broker));
    // Whoever left does not care how the broker takes it.
    await broker.end(isInOrder).catch(() => {});
  }

  async #sayGone(broker: BrokerLine): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const deadline = this.clock.after(FAREWELL_MS, () => resolve(false));
    broker.publish(this.#topics.gone, '', (error) => resolve(!error));
    const isTaken = await promise;
    deadline.cancel();
    return isTaken;
  }
}

/** As docs/mqtt.md has them. The gateway has its own, in a file that an app need not load; a test compares them. */
export function topicsOf(root: string, client: string, session: string) {
  const at = `${root}/clients/${client}/${session}`;
  return { status: `${root}/status`, up: `${at}/up`, down: `${at}/down`, gone: `${at}/gone` };
}
