import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Secret } from '../config/secret.js';
import { isLoopback } from './loopback.js';

export interface AccessOptions {
  /** The address the gateway binds to. */
  readonly host: string;
  readonly token?: Secret | undefined;
  /** Further Host names requests may carry. */
  readonly allowedHosts: readonly string[];
  /** Origins of web pages that may connect; `*` for every one. */
  readonly allowedOrigins: readonly string[];
}

/** Why a request was turned away, with the HTTP status that says so. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly text: string;
}

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Who may talk to the gateway, the same for every route and upgrade:
 *
 * - The Host header must name this machine as the user knows it. A page that rebinds its own name to 127.0.0.1 carries that
 *   name, and is refused.
 * - A web page's Origin must be on the list. Programs send none.
 * - With a token configured, every request must bring it: as `Authorization: Bearer …`, or as `?token=…` where a browser's
 *   WebSocket is not able to send headers.
 */
export class AccessPolicy {
  constructor(private readonly options: AccessOptions) {}

  /** Undefined when the request may pass. `withToken` false: the route is open to anyone on the right host (health). */
  refusal(request: IncomingMessage, withToken = true): Refusal | undefined {
    const { host, origin } = request.headers;
    if (!this.#hostAllowed(host)) {
      return {
        status: 421,
        text: `Host ${printable(host)} is not served here; add it to http.allowedHosts if it should be`,
      };
    }
    if (origin !== undefined && !this.#originAllowed(origin)) {
      return {
        status: 403,
        text: `Origin ${printable(origin)} is not allowed; add it to http.allowedOrigins if it should be`,
      };
    }
    const { token } = this.options;
    if (withToken && token !== undefined && !isToken(shown(request), token)) {
      return {
        status: 401,
        text: 'An access token is needed: "Authorization: Bearer <http.token>", or ?token= in the address',
      };
    }
    return undefined;
  }

  #hostAllowed(header: string | undefined): boolean {
    if (header === undefined) return false;
    const name = header.replace(/:\d+$/, '').toLowerCase();
    if (LOOPBACK_NAMES.has(name) || name === this.options.host.toLowerCase()) return true;
    if (this.options.allowedHosts.some((allowed) => allowed.toLowerCase() === name)) return true;
    // Away from loopback people reach the gateway by addresses nobody can list beforehand; names still have to be.
    return !isLoopback(this.options.host) && isAddress(name);
  }

  #originAllowed(origin: string): boolean {
    const { allowedOrigins } = this.options;
    return allowedOrigins.includes('*') || allowedOrigins.includes(origin);
  }
}

/** The token a request brings; empty without one. */
function shown({ url = '/', headers }: IncomingMessage): string {
  return bearerOf(headers.authorization) ?? new URL(url, 'http://localhost').searchParams.get('token') ?? '';
}

/** The token in an Authorization header. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  authorization?.startsWith('Bearer ') ? authorization.slice(7) : undefined;

/** Compares in a time that tells nothing about where the two differ. */
export function isToken(given: string, expected: Secret): boolean {
  const [actual, wanted] = [Buffer.from(given), Buffer.from(expected.reveal())];
  return wanted.length === actual.length && timingSafeEqual(wanted, actual);
}

const isAddress = (name: string) => /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.startsWith('[');

const printable = (text: string | undefined) => (text === undefined ? '(none)' : JSON.stringify(text.slice(0, 100)));
