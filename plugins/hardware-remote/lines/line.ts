/** What this end of a line hears. Nothing comes after `closed`. */
export interface LineListener {
  frame(text: string): void;
  /** The answer to a `beat`. */
  alive(): void;
  closed(reason: string): void;
}

/** A line to a Buttplug server. */
export interface RemoteLine {
  /** Hands one frame over. Never throws; a line that is gone swallows it. */
  send(text: string): void;
  /** Asks for a sign of life without a word of the protocol, where the line can; `alive` is the answer. */
  beat?(): void;
  /** Ends it after what was sent has gone out; `closed` is called before this returns. Harmless when repeated. */
  close(reason: string): void;
}

/** How to reach one server. */
export interface Way {
  /** For people; without secrets. */
  readonly address: string;
  /** Versions of the protocol that the server may speak, best first. */
  readonly specs: readonly (3 | 4)[];
  /** Rejects with a LinkError when there is no way now, or when aborted. */
  open(listener: LineListener, signal: AbortSignal): Promise<RemoteLine>;
}
