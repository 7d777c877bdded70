type Listener = (...values: unknown[]) => void;
type EventName = string | symbol;

interface Entry {
  readonly listener: Listener;
  readonly isOnce: boolean;
}

/**
 * Events of the shape that npm's `buttplug` wants (that of `eventemitter3`), written here because browsers have none, and the
 * connector is to run there too. A listener that throws disturbs neither the others nor the session: its error goes where those of timers go.
 */
export class Emitter {
  readonly #entries = new Map<EventName, readonly Entry[]>();

  emit(event: EventName, ...values: readonly unknown[]): boolean {
    const entries = this.#of(event);
    for (const entry of entries) {
      if (entry.isOnce)
        this.#put(
          event,
          this.#of(event).filter((other) => other !== entry),
        );
      try {
        entry.listener(...values);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    return entries.length > 0;
  }

  on(event: EventName, listener: Listener): this {
    return this.#put(event, [...this.#of(event), { listener, isOnce: false }]);
  }

  once(event: EventName, listener: Listener): this {
    return this.#put(event, [...this.#of(event), { listener, isOnce: true }]);
  }

  off(event: EventName, listener: Listener): this {
    const entries = this.#of(event);
    const last = entries.findLastIndex((entry) => entry.listener === listener);
    return last < 0 ? this : this.#put(event, entries.toSpliced(last, 1));
  }

  addListener(event: EventName, listener: Listener): this {
    return this.on(event, listener);
  }

  removeListener(event: EventName, listener: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: EventName): this {
    if (event === undefined) this.#entries.clear();
    else this.#entries.delete(event);
    return this;
  }

  listeners(event: EventName): Listener[] {
    return this.#of(event).map(({ listener }) => listener);
  }

  listenerCount(event: EventName): number {
    return this.#of(event).length;
  }

  eventNames(): EventName[] {
    return [...this.#entries.keys()];
  }

  #of(event: EventName): readonly Entry[] {
    return this.#entries.get(event) ?? [];
  }

  #put(event: EventName, entries: readonly Entry[]): this {
    if (entries.length > 0) this.#entries.set(event, entries);
    else this.#entries.delete(event);
    return this;
  }
}
