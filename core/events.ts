import { EventEmitter } from 'node:events';
import type { Logger } from './logging/logger.js';

/** The listening side of typed events: event names to argument lists. */
export interface EventSource<M extends { [K in keyof M]: readonly unknown[] }> {
  /** Calls `listener` for every `event` until the returned subscription is disposed. */
  on<K extends keyof M & string>(event: K, listener: (...args: M[K]) => void): Disposable;
}

/**
 * Typed events over Node's emitter. A listener that throws is reported to `onListenerError` and disturbs neither the other
 * listeners nor the one who emits.
 */
export class Events<M extends { [K in keyof M]: readonly unknown[] }> implements EventSource<M> {
  readonly #emitter = new EventEmitter();

  constructor(private readonly onListenerError: (error: unknown, event: string) => void) {}

  /** Events whose listeners' errors go to the log. */
  static logged<M extends { [K in keyof M]: readonly unknown[] }>(log: Logger): Events<M> {
    return new Events((error, event) => log.error({ err: error, event }, 'a listener failed'));
  }

  on<K extends keyof M & string>(event: K, listener: (...args: M[K]) => void): Disposable {
    const guarded = (...args: unknown[]) => {
      try {
        listener(...(args as unknown as M[K]));
      } catch (error) {
        this.onListenerError(error, event);
      }
    };
    this.#emitter.on(event, guarded);
    return { [Symbol.dispose]: () => this.#emitter.off(event, guarded) };
  }

  emit<K extends keyof M & string>(event: K, ...args: M[K]): void {
    this.#emitter.emit(event, ...args);
  }

  listenerCount(event: keyof M & string): number {
    return this.#emitter.listenerCount(event);
  }
}
