import { idOf } from './messages.js';

/** Of the protocol: nothing more is known. */
const UNKNOWN_ERROR = 0;

/**
 * What the app has asked and not heard about. npm's `buttplug` waits for an answer for ever, whatever becomes of its connection; so
 * the connector answers when nobody else will.
 */
export class Unanswered {
  readonly #ids = new Set<number>();

  asked(message: unknown): void {
    const id = idOf(message);
    if (id !== undefined) this.#ids.add(id);
  }

  answered(messages: readonly unknown[]): void {
    if (this.#ids.size === 0) return;
    for (const message of messages) {
      const id = idOf(message);
      if (id !== undefined) this.#ids.delete(id);
    }
  }

  /** An Error for each, after which nothing is left. */
  takeErrors(reason: string): readonly object[] {
    const ErrorMessage = `No answer, and none will come: ${reason}`;
    const errors = Array.from(this.#ids, (Id) => ({ Error: { Id, ErrorMessage, ErrorCode: UNKNOWN_ERROR } }));
    this.#ids.clear();
    return errors;
  }
}
