import { LinkError } from '../errors.js';
import { type EventSource, Events } from '../events.js';
import type { Logger } from '../logging/logger.js';
import type { Endpoint, LinkEvents } from './contract.js';

/**
 * What every link keeps, whatever it leads through: who listens, what is subscribed, and whether it is gone and why. A link has one
 * of these, offers its `on`, and asks it before it does anything.
 */
export class LinkState implements EventSource<LinkEvents> {
  readonly #events: Events<LinkEvents>;
  readonly #subscribed = new Set<Endpoint>();
  readonly #gone = new AbortController();

  /** @param name of the device, for the sentences about it */
  constructor(
    private readonly name: string,
    log: Logger,
  ) {
    this.#events = Events.logged(log);
  }

  readonly on: EventSource<LinkEvents>['on'] = (event, listener) => this.#events.on(event, listener);

  /** Aborted when the link is gone; the reason is the LinkError that calls from then on reject with. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** It is over: tells the listeners. False, and nothing happens, when it was over already. */
  end(reason: string): boolean {
    if (this.#gone.signal.aborted) return false;
    this.#gone.abort(new LinkError(`${this.name} is not connected any more: ${reason}`));
    this.#subscribed.clear();
    this.#events.emit('disconnected', reason);
    return true;
  }

  /** Throws a LinkError when the link is gone. */
  assertThere(): void {
    this.#gone.signal.throwIfAborted();
  }

  /** Throws a LinkError when the link is gone, or `endpoint` is not the one for what was asked. */
  assert(endpoint: Endpoint, wanted: Endpoint): void {
    this.assertThere();
    if (endpoint !== wanted) throw new LinkError(`${this.name} has no ${endpoint} for that, only ${wanted}`);
  }

  /** Settles like `work`, or rejects as soon as the link is gone; nobody is left waiting for either. */
  async whileThere<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#gone;
    // Taken care of, whatever it does, before anything is thrown.
    work.catch(() => {});
    signal.throwIfAborted();
    const gone = Promise.withResolvers<never>();
    const onGone = () => gone.reject(signal.reason);
    signal.addEventListener('abort', onGone, { once: true });
    try {
      return await Promise.race([work, gone.promise]);
    } finally {
      signal.removeEventListener('abort', onGone);
    }
  }

  /** What comes in on `endpoint` is wanted from now on. */
  subscribe(endpoint: Endpoint): void {
    this.#subscribed.add(endpoint);
  }

  unsubscribe(endpoint: Endpoint): void {
    this.#subscribed.delete(endpoint);
  }

  /** Passes on what came in, if somebody has subscribed to it. False when nobody has. */
  notify(endpoint: Endpoint, data: Uint8Array): boolean {
    if (!this.#subscribed.has(endpoint)) return false;
    this.#events.emit('notification', endpoint, data);
    return true;
  }
}
