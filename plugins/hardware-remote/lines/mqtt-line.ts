import { randomBytes } from 'node:crypto';
import {
  type Clock,
  describeError,
  LinkError,
  type MqttClient,
  type MqttMessage,
  mqttTopics,
  type Timer,
} from 'pulsegate/plugin';
import type { Gateways } from './gateways.js';
import type { LineListener, RemoteLine, Way } from './line.js';
import { OUTSIDE, readNumbered, Sequence } from './numbered.js';

/** A broker that has not taken so many messages does not keep up. */
const MAX_UNTAKEN = 1024;
/** How often a gateway is asked to open a session: at its own start it does not listen to what may be late, ms. */
const KNOCK_MS = 250;
/** A frame without messages. From this end it opens a session, from the other it says that the session is open. */
const EMPTY_FRAME = '[]';
const LAST_WORDS = /^closed (?<reason>.*)$/s;

/** Another Pulsegate on the same broker. */
export class MqttWay implements Way {
  readonly specs = [4] as const;
  readonly address: string;

  constructor(
    private readonly gateway: string,
    private readonly gateways: Gateways,
    private readonly clock: Clock,
  ) {
    this.address = `mqtt:${gateway}`;
  }

  async open(listener: LineListener, signal: AbortSignal): Promise<RemoteLine> {
    const { client } = this.gateways;
    if (!client) throw new LinkError('the broker is away');
    if (this.gateway === client.gateway) throw new LinkError('this is the gateway itself');
    if (!this.gateways.isOnline(this.gateway)) throw new LinkError(`there is no gateway ${this.gateway} on the broker`);
    const line = new MqttLine(this.gateway, this.gateways, client, this.clock, listener);
    const abort = () => line.close('it did not open');
    signal.addEventListener('abort', abort, { once: true });
    try {
      await line.open();
      signal.throwIfAborted();
      return line;
    } catch (error) {
      line.close('it could not be opened');
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}

/**
 * A Buttplug session over MQTT. Messages are numbered in each direction, so that what the broker delivers twice counts once, and what
 * it loses ends the session.
 */
class MqttLine implements RemoteLine {
  readonly #topics: ReturnType<ReturnType<typeof mqttTopics>['session']>;
  readonly #uses = new DisposableStack();
  readonly #sequence: Sequence;
  readonly #opened = Promise.withResolvers<void>();
  #subscription: AsyncDisposable | undefined;
  #knocking: Timer | undefined;
  #sent = 0;
  #untaken = 0;
  #isOpen = false;
  #closed = false;

  constructor(
    gateway: string,
    gateways: Gateways,
    private readonly client: MqttClient,
    private readonly clock: Clock,
    private readonly listener: LineListener,
  ) {
    const root = gateways.rootOf(gateway, client);
    this.#topics = mqttTopics(root).session(clientNameOf(client), randomBytes(8).toString('hex'));
    this.#sequence = new Sequence(clock, {
      next: (body) => this.#read(body),
      missing: () => this.close('messages of the gateway are missing'),
    });
    // Nobody may be waiting for it.
    this.#opened.promise.catch(() => {});
    const offline = (who: string, reason: string) => {
      if (who === gateway) this.#lost(reason);
    };
    this.#uses.use(gateways.on('offline', offline));
    this.#uses.use(client.on('disconnected', (reason) => this.#lost(`the broker is away: ${reason}`)));
  }

  /** Resolves when the gateway has opened the session. */
  async open(): Promise<void> {
    // Before anything is said, or the answer may be missed.
    const subscription = await this.client.subscribe(this.#topics.down, (message) => this.#heard(message));
    if (this.#closed) {
      subscription[Symbol.asyncDispose]().then(undefined, () => {});
      return this.#opened.promise;
    }
    this.#subscription = subscription;
    this.#sent = 1;
    this.#knock();
    return this.#opened.promise;
  }

  send(text: string): void {
    if (this.#closed) return;
    if (this.#untaken >= MAX_UNTAKEN) {
      this.close('the broker does not take what is sent to it');
      return;
    }
    this.#sent += 1;
    this.#publish(text);
  }

  close(reason: string): void {
    if (this.#closed) return;
    if (this.client.isConnected && this.#sent > 0) {
      this.client.publish(this.#topics.gone, reason).catch(() => {});
    }
    this.#lost(reason);
  }

  /** Number 1, until there is an answer: the gateway takes it once, however often it comes. */
  #knock(): void {
    this.#publish(EMPTY_FRAME);
    this.#knocking = this.clock.after(KNOCK_MS, () => this.#knock());
  }

  /** With QoS 0: the numbers tell what is missing, and nothing waits for acknowledgements. */
  #publish(body: string): void {
    this.#untaken += 1;
    this.client.publish(this.#topics.up, `${this.#sent} ${body}`, { qos: 0 }).then(
      () => {
        this.#untaken -= 1;
      },
      (error: unknown) => this.#lost(describeError(error)),
    );
  }

  #heard({ payload, retain }: MqttMessage): void {
    // Nobody retains frames but somebody who wants to play them again.
    if (this.#closed || retain) return;
    const numbered = readNumbered(payload);
    // Anybody may publish here; what is not the gateway's is missed soon enough if it was.
    if (!numbered) return;
    if (numbered.number === OUTSIDE) this.#read(numbered.body);
    else this.#sequence.take(numbered);
  }

  #read(body: string): void {
    const reason = LAST_WORDS.exec(body)?.groups?.reason;
    if (reason !== undefined) this.#lost(reason.slice(0, 200));
    else if (this.#isOpen) this.listener.frame(body);
    else if (body === EMPTY_FRAME) {
      this.#isOpen = true;
      this.#knocking?.cancel();
      this.#opened.resolve();
    } else this.close('it did not open the session');
  }

  #lost(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#knocking?.cancel();
    this.#sequence.end();
    this.#uses.dispose();
    this.#subscription?.[Symbol.asyncDispose]().then(undefined, () => {});
    this.#opened.reject(new LinkError(reason));
    this.listener.closed(reason);
  }
}

/** No gateway and hardly an app has a name like this: one that had it would take the session over. */
const clientNameOf = ({ gateway }: MqttClient) => `gateway_${gateway}`;
