import type { LookupAddress } from 'node:dns';
import { lookup as lookUp } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Clock } from '../../clock.js';
import { ScriptError } from '../../errors.js';
import type { Logger } from '../../logging/logger.js';
import { type Answer, exchange } from './http-exchange.js';
import { describeFailure } from './http-failures.js';
import { DEFAULT_TIMEOUT_MS, type Message, parseRequest, redirected, toMessage } from './http-request.js';
import { HttpTargets, type Target } from './http-targets.js';
import { RateLimit } from './rate-limit.js';

const MAX_REDIRECTS = 3;
const MAX_AT_ONCE = 4;

export interface HttpAccessOptions {
  /** What the script was granted, see `HttpTargets`. */
  readonly hosts: readonly string[];
  readonly maxPerMinute: number;
  readonly maxResponseBytes?: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** All addresses of a name. Default: as every program on this machine does. */
  readonly lookup?: (name: string) => Promise<readonly LookupAddress[]>;
}

export interface HttpResponse {
  readonly status: number;
  readonly statusText: string;
  /** Of the page that answered, after redirects. */
  readonly url: string;
  /** By names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * `http.fetch` of one script. The gateway sends the requests, from where it may reach what the author of the script could not:
 * so a script reaches the hosts it was granted, at addresses that are what the grant says, and nothing else.
 */
export class HttpAccess {
  readonly #targets: HttpTargets;
  readonly #rate: RateLimit;
  readonly #maxBytes: number;
  readonly #lookup: (name: string) => Promise<readonly LookupAddress[]>;
  readonly #clock: Clock;
  readonly #log: Logger;
  #underWay = 0;

  /** @throws ScriptError when an entry of `hosts` names no host */
  constructor({ hosts, maxPerMinute, maxResponseBytes = 256 * 1024, clock, log, lookup }: HttpAccessOptions) {
    this.#targets = new HttpTargets(hosts);
    this.#rate = new RateLimit(clock, maxPerMinute);
    this.#maxBytes = maxResponseBytes;
    this.#lookup = lookup ?? ((name) => lookUp(name, { all: true }));
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * @param asked an `HttpRequest`, if the script is to be believed
   * @throws ScriptError and nothing else
   */
  async fetch(asked: unknown, signal?: AbortSignal): Promise<HttpResponse> {
    const request = parseRequest(asked);
    const message = toMessage(request);
    const target = this.#targets.find(request.url);
    if (signal?.aborted) throw cancelled();
    this.#admit();

    const end = new AbortController();
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = request;
    const timer = this.#clock.after(timeoutMs, () =>
      end.abort(new ScriptError(`${target.host} did not answer in full within ${timeoutMs} ms`)),
    );
    const cancel = () => end.abort(cancelled());
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await untilAborted(this.#follow(target, message, end.signal), end.signal);
    } finally {
      timer.cancel();
      signal?.removeEventListener('abort', cancel);
    }
  }

  #admit(): void {
    if (this.#underWay >= MAX_AT_ONCE) {
      throw new ScriptError(`${MAX_AT_ONCE} requests of this script are under way: wait until one of them has ended`);
    }
    const waitMs = this.#rate.take();
    if (waitMs > 0) {
      throw new ScriptError(
        `This script has made all its requests: the next is possible in ${Math.ceil(waitMs / 1000)} s`,
      );
    }
  }

  /** Counts as under way to its real end: a name that is being looked up cannot be given up. */
  async #follow(first: Target, firstMessage: Message, signal: AbortSignal): Promise<HttpResponse> {
    this.#underWay += 1;
    try {
      let target = first;
      let message = firstMessage;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
        const { location, ...answer } = await this.#ask(target, message, signal);
        if (location === undefined) return { ...answer, url: target.url.href };
        const next = this.#targets.find(location, target.url);
        message = redirected(message, answer.status, next.url.origin === target.url.origin);
        target = next;
      }
      throw new ScriptError(`${first.host} redirects more than ${MAX_REDIRECTS} times`);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #ask(target: Target, message: Message, signal: AbortSignal): Promise<Answer> {
    const { host } = target;
    try {
      const addresses = await this.#addressesOf(target);
      signal.throwIfAborted();
      const answer = await exchange(target, addresses, message, this.#maxBytes, signal);
      this.#log.debug({ host, method: message.method, status: answer.status }, 'a script made a request');
      return answer;
    } catch (error) {
      if (error instanceof ScriptError) throw error;
      this.#log.debug({ err: error, host }, 'a request of a script failed');
      throw new ScriptError(`${host} could not be fetched: ${describeFailure(error)}`, { cause: error });
    }
  }

  async #addressesOf(target: Target): Promise<LookupAddress[]> {
    const { host } = target;
    // Whoever granted an address meant it.
    if (isIP(host) !== 0) return [{ address: host, family: isIP(host) }];
    const found = (await this.#lookup(host)).map(({ address }) => ({ address, family: isIP(address) }));
    if (found.length === 0) throw new ScriptError(`${host} has no address`);
    const allowed = found.filter(({ address }) => target.mayLeadTo(address));
    if (allowed.length === 0) throw target.refusal(found.map(({ address }) => address));
    return allowed;
  }
}

const cancelled = () => new ScriptError('The request was cancelled');

/** Settles like `work`, which has this signal too, but may take its time to notice. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
