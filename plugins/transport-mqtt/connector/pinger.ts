import type { SequenceClock } from '../sessions/sequence.js';
import { fieldOf } from './messages.js';

/** An Id that no app gets to: they count from 1. */
const PING_ID = 4_294_967_295;
const PING = `[{"Ping":{"Id":${PING_ID}}}]`;
/** Pings in the time in which there has to be one: the network may take its time with them. */
const PINGS = 3;

/**
 * Pings for an app whose library does not. It runs in the app's own event loop: an app that is stuck does not ping, and its devices
 * stop. Silence in the other direction counts as well: by then the gateway has heard nothing for as long.
 */
export class Pinger {
  #timer: { cancel(): void } | undefined;
  #unanswered = 0;
  #isOver = false;

  constructor(
    private readonly clock: SequenceClock,
    private readonly send: (frame: string) => void,
    private readonly onSilent: () => void,
  ) {}

  /** Looks for what the gateway asks for; returns what is for the app. */
  pass(messages: readonly unknown[]): readonly unknown[] {
    if (this.#timer) {
      const others = messages.filter((message) => fieldOf(message, 'Ok', 'Id') !== PING_ID);
      if (others.length < messages.length) this.#unanswered = 0;
      return others;
    }
    for (const message of messages) {
      const maxPingTimeMs = fieldOf(message, 'ServerInfo', 'MaxPingTime');
      if (typeof maxPingTimeMs === 'number' && maxPingTimeMs > 0) this.#pingEvery(maxPingTimeMs / PINGS);
    }
    return messages;
  }

  end(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  #pingEvery(periodMs: number): void {
    this.#timer = this.clock.after(periodMs, () => {
      if (this.#unanswered === PINGS) this.#lookAgain();
      this.#unanswered += 1;
      this.send(PING);
      if (!this.#isOver) this.#pingEvery(periodMs);
    });
  }

  /** An answer may already lie in the socket, unread because this process was busy. */
  #lookAgain(): void {
    this.clock.afterPendingInput(() => {
      if (!this.#isOver && this.#unanswered > PINGS) this.onSilent();
    });
  }
}
