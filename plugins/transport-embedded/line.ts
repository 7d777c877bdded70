import type { CloseReason, Connection, SessionPort } from 'pulsegate/plugin';

/** What the client's end of a line hears. */
export interface LineListener {
  frame(text: string): void;
  ended(reason: string): void;
}

/** The client's end of a line. */
export interface Line {
  /** One frame to the session. */
  receive(text: string): void;
  end(reason: string): void;
}

/**
 * Both ends of one line. What one end says, the other hears after the running code has finished, in order: as on a wire, and
 * nobody is called back from within their own call.
 */
export class EmbeddedLine implements Connection, Line {
  readonly remote = 'this process';
  readonly bufferedBytes = 0;
  session: SessionPort | undefined;
  #ended = false;

  constructor(
    readonly id: string,
    private readonly listener: LineListener,
    private readonly onEnded: () => void,
  ) {}

  send(text: string): void {
    queueMicrotask(() => {
      if (!this.#ended) this.listener.frame(text);
    });
  }

  close({ text }: CloseReason): void {
    queueMicrotask(() => this.end(text));
  }

  end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.onEnded();
    this.session?.closed(reason);
    this.listener.ended(reason);
  }

  /** From the client to its session. */
  receive(text: string): void {
    queueMicrotask(() => {
      if (!this.#ended) this.session?.receive(text);
    });
  }
}
