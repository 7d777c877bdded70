/** The latest of many names, each with a note; the oldest makes room. */
export class Remembered<T> {
  readonly #notes = new Map<string, T>();

  constructor(private readonly most: number) {}

  get(name: string): T | undefined {
    return this.#notes.get(name);
  }

  set(name: string, note: T): void {
    this.#notes.delete(name);
    this.#notes.set(name, note);
    if (this.#notes.size <= this.most) return;
    const [oldest] = this.#notes.keys();
    if (oldest !== undefined) this.#notes.delete(oldest);
  }
}
