import type { EventSource } from '../events.js';

/** A message of the broker, as it came. */
export interface MqttMessage {
  readonly topic: string;
  /** Bytes that anybody may have sent: any length up to the limit of the connection, any content. */
  readonly payload: Buffer;
  /** The broker kept it for those who come later, and nobody says how old it is. */
  readonly retain: boolean;
}

export type MqttListener = (message: MqttMessage) => void;

export interface MqttPublishOptions {
  /** Default false. */
  readonly retain?: boolean;
  /** Default 1. */
  readonly qos?: 0 | 1;
}

export interface MqttListenOptions {
  /**
   * For what is carried out: nothing that was retained, and nothing that may have waited somewhere while the broker was away. What
   * is left out is counted in `pulsegate_mqtt_ignored_total`. Default false.
   */
  readonly onlyFresh?: boolean;
}

export interface MqttClientEvents {
  /** Every subscription is in place again. Also after every reconnect. */
  connected: [];
  /** The connection is lost, or the broker has not answered for too long. Whatever somebody told over it counts no more. */
  disconnected: [reason: string];
}

/**
 * Topics that hold what they are told, whatever the broker forgets meanwhile. On every connection they are compared with what the
 * broker has: what differs or is missing is published, what is the same is not sent again, and what is there without being in here
 * is cleared.
 */
export interface RetainedTopics extends Disposable {
  /** Publishes it, unless the topic already holds the same. */
  set(topic: string, payload: string): void;
  /** Nothing is left of the topic at the broker. */
  delete(topic: string): void;
  readonly topics: ReadonlySet<string>;
  /** Publishes everything once more, also what is the same: for somebody who has missed it. */
  republish(): void;
}

/** Which topics belong together: those that fit `filter` and begin with `prefix`, and nobody else's. */
export interface RetainedScope {
  readonly filter: string;
  readonly prefix: string;
}

/** A connection to a broker, as the plugin that has one shares it with the rest of the gateway. */
export interface MqttClient extends EventSource<MqttClientEvents> {
  readonly isConnected: boolean;
  /** `idle`: the embedded broker sleeps, because nobody has connected to it. `down`: the broker is away. */
  readonly state: 'idle' | 'up' | 'down';
  /** Name of this gateway among all on the broker: `a` to `z`, digits and `-`. */
  readonly gateway: string;
  /** `pulsegate/kitchen`: every topic of this gateway's own is below it. */
  readonly root: string;
  /** Resolves when the broker has taken it; rejects with a GatewayError, also at once while there is no connection. */
  publish(topic: string, payload: string | Uint8Array, options?: MqttPublishOptions): Promise<void>;
  /**
   * Calls `listener` for every message that fits the filter until the subscription is disposed. Resolves when the broker has
   * taken it, rejects when it does not; outlives reconnects.
   */
  subscribe(filter: string, listener: MqttListener): Promise<AsyncDisposable>;
  /** The same for as long as the gateway runs: never rejects, and holds from the next connection on when there is none now. */
  listen(filter: string, listener: MqttListener, options?: MqttListenOptions): Disposable;
  /** Two scopes never overlap. What an earlier run has left in a scope that is not used any more is cleared too. */
  retain(scope: RetainedScope): RetainedTopics;
}
