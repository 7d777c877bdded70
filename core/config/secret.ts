import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/** Text that only those see who ask for it: no log, dump or error shows it by accident. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** For the one who has to show it to somebody. The result is not to be kept in anything that may be logged. */
  reveal(): string {
    return this.#text;
  }

  toJSON(): string {
    return HIDDEN;
  }

  toString(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
