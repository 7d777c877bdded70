import type { Socket } from 'node:net';
import { type Clock, describeError, growingPause, type Logger, PluginError } from 'pulsegate/plugin';
import { WebSocket } from 'ws';
import type { Dialled } from './config.js';

/** A line that the gateway has made, and who is at its other end. */
export interface DialledLine extends Dialled {
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  /** Address without what may be secret in it. */
  readonly remote: string;
}

export interface DiallerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxPayload: number;
  /** Opens a session on the line. Resolves with the reason when the line is gone. */
  readonly serve: (line: DialledLine) => Promise<string>;
}

/** How long the other end may take to answer, ms. */
const ANSWER_TIMEOUT_MS = 10_000;
/** First and longest pause between two attempts, ms; doubled after every attempt. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A line that lasted this long was a good one, and the next loss begins with the first pause again, ms. */
const LASTING_MS = 5000;

/** Keeps a line to one address, for as long as the gateway runs. */
export class Dialler {
  readonly #end = new AbortController();
  readonly #remote: string;
  #webSocket: WebSocket | undefined;
  #attempts = 0;
  /** Said once, and not again before it has changed. */
  #isKnownAway = false;

  constructor(
    plugin: string,
    private readonly dialled: Dialled,
    private readonly options: DiallerOptions,
  ) {
    if (!URL.canParse(dialled.url)) {
      throw new PluginError(
        plugin,
        `plugins.${plugin}.dial: ${withoutSecrets(dialled.url)} is not an address, perhaps because of its port; it looks like ws://192.0.2.10:8080/toys`,
      );
    }
    this.#remote = withoutSecrets(dialled.url);
  }

  start(): void {
    void this.#keep();
  }

  /** A line that is up is left to those who serve it. */
  stop(): void {
    this.#end.abort();
    if (this.#webSocket?.readyState === WebSocket.CONNECTING) this.#webSocket.terminate();
  }

  async #keep(): Promise<void> {
    const { clock, log } = this.options;
    const { signal } = this.#end;
    while (!signal.aborted) {
      const reason = await this.#hold().catch(
        (error: unknown) => `cannot call ${this.#remote}: ${describeError(error)}; trying again`,
      );
      if (signal.aborted) return;
      log[this.#isKnownAway ? 'debug' : 'warn'](reason);
      this.#isKnownAway = true;
      const pause = growingPause(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, this.#attempts);
      this.#attempts += 1;
      // Many gateways that lost the same place do not come back in one moment.
      await clock.sleep(pause * (1 - Math.random() / 4), signal).catch(() => {});
    }
  }

  /** Resolves when there is no line, or none any more, with a sentence about why. */
  #hold(): Promise<string> {
    const { clock, log, maxPayload } = this.options;
    const remote = this.#remote;
    log.debug(`calling ${remote}`);
    return new Promise((resolve) => {
      const webSocket = new WebSocket(this.dialled.url, { perMessageDeflate: false, maxPayload });
      this.#webSocket = webSocket;
      const deadline = clock.after(ANSWER_TIMEOUT_MS, () => webSocket.terminate());
      let failure = 'it closed the connection';
      let wasOpen = false;
      webSocket.on('error', (error) => {
        failure = describeError(error);
      });
      webSocket.once('close', () => {
        deadline.cancel();
        if (!wasOpen) resolve(`cannot reach ${remote}: ${failure}; trying again until it answers`);
      });
      webSocket.once('upgrade', ({ socket }) => {
        webSocket.once('open', () => {
          deadline.cancel();
          wasOpen = true;
          // In this turn: the other end may have spoken already, and a frame that nobody listens to is lost.
          resolve(
            this.#serve(webSocket, socket).then((reason) => `lost ${remote}: ${reason}; trying again until it answers`),
          );
        });
      });
    });
  }

  async #serve(webSocket: WebSocket, socket: Socket): Promise<string> {
    const { clock, log, serve } = this.options;
    log.info(`connected to ${this.#remote}`);
    this.#isKnownAway = false;
    const since = clock.now();
    const reason = await serve({ ...this.dialled, webSocket, socket, remote: this.#remote });
    if (clock.now() - since >= LASTING_MS) this.#attempts = 0;
    return reason;
  }
}

/** Names, passwords and queries are for the other end only. */
function withoutSecrets(url: string): string {
  return url.replace(/^(wss?:\/\/)[^/?#]*@/, '$1').replace(/\?.*$/, '');
}
