import type { IClientOptions } from 'mqtt';
import { type Clock, type Logger, PluginError, withDeadline } from 'pulsegate/plugin';
import type { BrokerAddress, MqttVersion } from './address.js';
import { away, EndedError, type EndOfLine, PLUGIN } from './end-of-line.js';
import { Incoming } from './incoming.js';
import { Line } from './line.js';
import type { Meters } from './meters.js';
import type { Presence } from './presence.js';
import type { Subscriptions } from './subscriptions.js';

export interface OpeningOptions {
  /** Without what this class sees to itself: version, will, size. */
  readonly connect: IClientOptions;
  readonly maxPayload: number;
  readonly subscriptions: Subscriptions;
  readonly presence: Presence;
  /** Filters without which there is no use in a connection. */
  readonly needed: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly meters: Meters;
  /** Aborted: nothing opens any more. */
  readonly signal: AbortSignal;
}

/** Whose connection it is. */
export interface LineOwner {
  /** Whether what comes now cannot have waited anywhere. */
  isCurrent(): boolean;
  /** The broker has said welcome; nothing is in place yet. */
  began(line: Line): void;
  ended(line: Line, end: EndOfLine): void;
}

/** Longest wait for everything that belongs to a connection, ms. */
const WHOLE_MS = 10_000;
/** Larger packets than this, or than twice the largest payload, never get into memory where the broker knows MQTT 5, bytes. */
const MAX_PACKET = 16_777_216;

/** Makes connections that are whole. */
export class Opening {
  /** Filters that the broker has refused, so that each is told once. */
  readonly #refused = new Set<string>();
  /** That something may not be published has been told: of every topic, it would be too much. */
  #hasToldOfRefusal = false;

  constructor(private readonly options: OpeningOptions) {}

  /** Resolves when everything is in place; rejects with the EndedError of a connection that does not get there. */
  async open(address: BrokerAddress, version: MqttVersion, owner: LineOwner): Promise<Line> {
    const { connect, maxPayload, subscriptions, presence, clock, meters, signal } = this.options;
    const incoming = new Incoming(subscriptions, maxPayload, meters, () => owner.isCurrent());
    let line: Line | undefined;
    let ended: EndOfLine | undefined;
    let isWhole = false;
    const complete: IClientOptions = {
      ...connect,
      protocolVersion: version,
      will: presence.will,
      ...(version === 5 && { properties: { maximumPacketSize: Math.max(MAX_PACKET, 2 * maxPayload) } }),
    };
    const listener = {
      message: incoming.take.bind(incoming),
      ended: (end: EndOfLine) => {
        ended = end;
        if (line) owner.ended(line, end);
      },
      refused: (reason: PluginError) => {
        // Else it is why there is no connection.
        if (isWhole) this.#noteRefusal(reason);
      },
    };
    try {
      line = await Line.open(address, complete, listener, signal);
      owner.began(line);
      await withDeadline(clock, WHOLE_MS, this.#settleIn(line), () => new EndedError(TOO_SLOW));
      if (line.hasEnded || signal.aborted) throw away();
      isWhole = true;
      return line;
    } catch (error) {
      // Before the end that is made here, which explains nothing.
      const end = ended;
      line?.cut('it was not whole');
      throw end && !(error instanceof EndedError) ? new EndedError(end, { cause: error }) : error;
    }
  }

  /** Without its own topics the gateway cannot know whether the broker is there; all else may be refused. */
  noteAnswer(filter: string, isGranted: boolean): void {
    const { needed, log } = this.options;
    if (isGranted) this.#refused.delete(filter);
    else if (needed.includes(filter)) {
      throw new EndedError({ kind: 'refused', text: notAllowed(filter).message });
    } else if (!this.#refused.has(filter)) {
      this.#refused.add(filter);
      log.warn(`mqtt: ${notAllowed(filter).message}`);
    }
  }

  /** Everything is put in place before anybody hears of the connection. */
  async #settleIn(line: Line): Promise<void> {
    const { subscriptions, presence } = this.options;
    const subscribing = [...subscriptions.all].map(async ({ filter, identifier }) =>
      this.noteAnswer(filter, await line.subscribe(filter, identifier)),
    );
    await Promise.all(subscribing);
    try {
      await presence.arrive(line);
    } catch (error) {
      if (line.hasEnded || !(error instanceof PluginError)) throw error;
      throw new EndedError({ kind: 'refused', text: error.message }, { cause: error });
    }
  }

  #noteRefusal({ message }: PluginError): void {
    const { log } = this.options;
    if (this.#hasToldOfRefusal) log.debug(`mqtt: ${message}`);
    else log.warn(`mqtt: ${message}; of others like it the log tells at level debug`);
    this.#hasToldOfRefusal = true;
  }
}

const TOO_SLOW: EndOfLine = { kind: 'other', text: 'it takes too long to answer' };

export const notAllowed = (filter: string) =>
  new PluginError(PLUGIN, `The MQTT broker does not let this gateway subscribe to "${filter}"`);
