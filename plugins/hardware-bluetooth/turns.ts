/** Lets work on the same thing be done one after the other; work on different things does not wait for each other. */
export class Turns {
  /** Settle when the last work on each is done; never reject. */
  readonly #last = new Map<object, Promise<void>>();

  take<T>(on: object, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(on) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = () => {};
    this.#last.set(on, mine.then(settled, settled));
    return mine;
  }

  /** Resolves when all work that was taken until now is done. */
  async done(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
