import { Socket } from 'node:net';
import type { MqttClient as Client, IClientOptions, IConnackPacket, IPublishPacket } from 'mqtt';
import { describeError, PluginError } from 'pulsegate/plugin';
import type { BrokerAddress } from './address.js';
import { away, EndedError, type EndOfLine, endOfError, endOfMessage, HUNG_UP, PLUGIN } from './end-of-line.js';

export interface LineListener {
  message(topic: string, payload: Buffer, packet: IPublishPacket): void;
  /** Once, however it ends, in the turn in which that is noticed. Not for a line that never opened. */
  ended(end: EndOfLine): void;
  /** The broker has not taken a message; whoever published it is told as well. */
  refused(reason: PluginError): void;
}

/** Codes of a broker that says no to what was asked; those of errors on this side are words. */
const FIRST_REFUSAL = 128;
const NOT_AUTHORIZED = 135;

/** One connection to the broker: it opens once, and ends once. MQTT.js keeps nothing for later and reconnects nothing. */
export class Line {
  /** Whether the broker says with a message which of several subscriptions it is for. */
  #hasIdentifiers = false;
  #isOpen = false;
  #end: EndOfLine | undefined;
  /** What the broker, or the system, has said shortly before the connection closes. */
  #cause: EndOfLine | undefined;
  readonly #gone = Promise.withResolvers<never>();

  private constructor(
    private readonly client: Client,
    private readonly listener: LineListener,
  ) {
    // Whoever waits for an answer hears of it; with nobody waiting it is no unhandled rejection.
    this.#gone.promise.catch(() => {});
    client.on('message', (topic, payload, packet) => listener.message(topic, payload, packet));
    client.on('error', (error) => this.#finish(endOfError(error)));
    client.on('disconnect', ({ reasonCode }) => {
      this.#cause = endOfMessage(reasonCode);
    });
    // MQTT.js keeps those without a code to itself, such as the answer of a web server that is no broker.
    client.stream?.on('error', (error) => {
      this.#cause ??= endOfError(error);
    });
    client.on('close', () => this.#finish(this.#cause ?? HUNG_UP));
  }

  /** Resolves when the broker has answered that it is welcome; rejects with the EndedError of a line that does not come to be. */
  static async open(
    address: BrokerAddress,
    options: IClientOptions,
    listener: LineListener,
    signal: AbortSignal,
  ): Promise<Line> {
    const [stream, mqtt] = await Promise.all([address.stream?.(), import('mqtt')]);
    if (signal.aborted) {
      stream?.destroy();
      throw away();
    }
    const complete: IClientOptions = {
      ...options,
      reconnectPeriod: 0,
      clean: true,
      resubscribe: false,
      queueQoSZero: false,
    };
    const client = stream ? new mqtt.MqttClient(() => stream, complete) : mqtt.connect(address.url, complete);
    const line = new Line(client, listener);
    const abort = () => line.cut('it was ended');
    signal.addEventListener('abort', abort, { once: true });
    const welcome = new Promise<IConnackPacket>((resolve) => client.once('connect', resolve));
    try {
      const { properties } = await Promise.race([welcome, line.#gone.promise]);
      line.#hasIdentifiers = options.protocolVersion === 5 && properties?.subscriptionIdentifiersAvailable !== false;
    } catch (error) {
      throw line.#end ? new EndedError(line.#end) : error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    // Every message is worth a packet of its own: to gather several would cost a round trip's time.
    if (client.stream instanceof Socket) client.stream.setNoDelay(true);
    line.#isOpen = true;
    return line;
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Resolves with whether the broker takes it. */
  async subscribe(filter: string | readonly string[], identifier: number, qos: 0 | 1 = 1): Promise<boolean> {
    const properties = this.#hasIdentifiers ? { properties: { subscriptionIdentifier: identifier } } : {};
    try {
      await this.#ask(() => this.client.subscribeAsync([filter].flat(), { qos, ...properties }));
      return true;
    } catch (error) {
      if (refusal(error) !== undefined) return false;
      throw error;
    }
  }

  async unsubscribe(filter: string): Promise<void> {
    await this.#ask(() => this.client.unsubscribeAsync(filter));
  }

  async publish(topic: string, payload: string | Uint8Array, qos: 0 | 1, retain: boolean): Promise<void> {
    const bytes = typeof payload === 'string' ? payload : Buffer.from(payload);
    try {
      await this.#ask(() => this.client.publishAsync(topic, bytes, { qos, retain }));
    } catch (error) {
      const code = refusal(error);
      if (code === undefined) throw error;
      const why = code === NOT_AUTHORIZED ? 'does not let this gateway publish to' : `answered ${code} to a message on`;
      const refused = new PluginError(PLUGIN, `The MQTT broker ${why} "${topic}"`, { cause: error });
      this.listener.refused(refused);
      throw refused;
    }
  }

  /** At once, without a word to the broker: it publishes our last will. */
  cut(reason: string): void {
    this.client.stream?.destroy();
    this.#finish({ kind: 'cut', text: reason });
  }

  /** In order: the last will is not published. Resolves when the connection is closed. */
  async leave(): Promise<void> {
    this.#cause = { kind: 'cut', text: 'it was ended' };
    const closed = this.#gone.promise.catch(() => {});
    this.client.end();
    await closed;
  }

  async #ask(what: () => Promise<unknown>): Promise<void> {
    if (this.#end) throw away();
    try {
      await Promise.race([what(), this.#gone.promise]);
    } catch (error) {
      if (refusal(error) !== undefined || error instanceof PluginError) throw error;
      throw this.#end ? away() : new PluginError(PLUGIN, `MQTT: ${describeError(error)}`, { cause: error });
    }
  }

  #finish(end: EndOfLine): void {
    if (this.#end) return;
    this.#end = { ...end, wasOpen: this.#isOpen };
    // A client that does not reconnect has no further use.
    this.client.end(true);
    if (this.#isOpen) this.listener.ended(this.#end);
    this.#gone.reject(away());
  }
}

/** The answer to a message is the code of the error; that to a subscription stands in a packet, one for each filter. */
function refusal(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const granted: unknown = 'packet' in error ? Object(error.packet).granted : undefined;
  const codes: readonly unknown[] = Array.isArray(granted) ? granted : ['code' in error && error.code];
  return codes.find((code): code is number => typeof code === 'number' && code >= FIRST_REFUSAL);
}
