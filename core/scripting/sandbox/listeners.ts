/** How many listeners there are in the whole script: while there is one, the script has something to wait for. */
let listening = 0;

export const isListening = (): boolean => listening > 0;

export interface Subscription {
  /** Ends it; harmless when repeated. */
  cancel(): void;
}

/** A script's own function, which takes whatever its event brings. */
export type Listener = (...values: never[]) => unknown;

/** Listeners of one event. One that throws ends the script after the others were told, as any error that nobody catches. */
export class Listeners<A extends readonly unknown[]> {
  readonly #listeners = new Set<{ readonly call: Listener }>();

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  add(call: Listener, onCancelled: () => void = () => {}): Subscription {
    if (typeof call !== 'function') throw new TypeError('A listener is a function');
    const listener = { call };
    this.#listeners.add(listener);
    listening += 1;
    return {
      cancel: () => {
        if (!this.#listeners.delete(listener)) return;
        listening -= 1;
        onCancelled();
      },
    };
  }

  tell(...args: A): void {
    for (const { call } of [...this.#listeners]) {
      try {
        Reflect.apply(call, undefined, args);
      } catch (error) {
        void Promise.reject(error);
      }
    }
  }

  clear(): void {
    listening -= this.#listeners.size;
    this.#listeners.clear();
  }
}
