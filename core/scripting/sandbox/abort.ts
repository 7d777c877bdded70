/** The part of the web's AbortController that scripts need; the bare engine has none. */

export class AbortError extends Error {
  override readonly name = 'AbortError';
}

type Listener = () => void;

export class AbortSignal {
  #aborted = false;
  #reason: unknown;
  readonly #listeners = new Set<Listener>();

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  addEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners.delete(listener);
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  /** For AbortController. */
  static abort(signal: AbortSignal, reason: unknown): void {
    if (signal.#aborted) return;
    signal.#aborted = true;
    signal.#reason = reason;
    for (const listener of [...signal.#listeners]) listener();
    signal.#listeners.clear();
  }
}

export class AbortController {
  readonly signal = new AbortSignal();

  abort(reason: unknown = new AbortError('This was cancelled')): void {
    AbortSignal.abort(this.signal, reason);
  }
}

/** Settles like `work`, or rejects with the signal's reason when that comes first; `cancel` then undoes what can be undone. */
export function abortable<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  cancel: () => void = () => {},
): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    if (signal.aborted) {
      onAbort();
      work.catch(() => {});
      return;
    }
    signal.addEventListener('abort', onAbort);
    work.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}
