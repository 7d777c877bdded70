import type { ClientLogLevel } from '../protocol/messages.js';

export interface LogLine {
  readonly level: ClientLogLevel;
  readonly text: string;
}

/** Passes the gateway's log lines, without their fields, to v0 and v1 clients that ask for them (RequestLog). */
export class LogFeed {
  readonly #listeners = new Set<(line: LogLine) => void>();

  subscribe(listener: (line: LogLine) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  publish(line: LogLine): void {
    for (const listener of this.#listeners) listener(line);
  }
}
