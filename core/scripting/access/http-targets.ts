import { isIP } from 'node:net';
import { quoted } from '../../config/issues.js';
import { ScriptError } from '../../errors.js';
import { reachOf } from './http-addresses.js';

/** Longest address of a page, also of one that a redirect leads to. */
export const MAX_URL_LENGTH = 2048;

const DEFAULT_PORTS: readonly number[] = [80, 443];

/** One entry of what a script was granted. */
interface Grant {
  /** As the URL parser writes it. */
  readonly host: string;
  /** The names below `host`, and not itself. */
  readonly isWildcard: boolean;
  /** Undefined: the usual two. */
  readonly port: number | undefined;
  /** A name may lead into this network or to this machine. */
  readonly isPrivate: boolean;
}

/** Where a request goes; the host and the port have been granted. */
export interface Target {
  readonly url: URL;
  /** A name, or an address without brackets: one of those that were granted. */
  readonly host: string;
  /** Whether the name may lead to this address. */
  mayLeadTo(address: string): boolean;
  /** Why it may not, and what could be done. */
  refusal(addresses: readonly string[]): ScriptError;
}

const ENTRY =
  /^(?<marked>private:)?(?<wildcard>\*\.)?(?<host>\[[^\]\s]+\]|[^\s:/?#@\\[\]%*]+?)\.?(?::(?<port>\d{1,5}))?$/i;

/** @throws ScriptError when the entry names no host */
function parseGrant(entry: string): Grant {
  const { marked, wildcard, host: written = '', port: digits } = ENTRY.exec(entry)?.groups ?? {};
  const host = written && URL.canParse(`http://${written}`) ? new URL(`http://${written}`).hostname : '';
  const isAddress = isIP(bare(host)) !== 0;
  const port = digits === undefined ? undefined : Number(digits);
  if (hasGap(host) || (wildcard && isAddress) || port === 0 || (port ?? 0) > 65_535) {
    throw new ScriptError(
      `${quoted(entry)} names no host for http: write api.example.org, *.example.org, 192.168.1.20:8123 or [::1]:8080, ` +
        'with private: in front of a name that leads into your own network',
    );
  }
  // 0177.0.0.1 and the like are written by people who mean another address than the one that would be used.
  if (isIP(host) === 4 && host !== written) {
    throw new ScriptError(
      `${quoted(entry)} is an odd way to write an address for http: write ${host} if that is meant`,
    );
  }
  return { host, isWildcard: wildcard !== undefined, port, isPrivate: marked !== undefined };
}

/** What a script may reach, and where a request goes that it asks for. */
export class HttpTargets {
  readonly #grants: readonly Grant[];

  constructor(hosts: readonly string[]) {
    this.#grants = hosts.map(parseGrant);
  }

  /**
   * @param from the page that redirects there
   * @throws ScriptError when the script may not go there
   */
  find(text: string, from?: URL): Target {
    const url = parse(text, from);
    const port = portOf(url);
    const grants = this.#grants.filter((grant) => isGranted(grant, url.hostname, port));
    if (grants.length === 0) {
      throw new ScriptError(
        `${shown(url)} is not granted to this script${from ? `, but ${shown(from)} redirects there` : ''}: ` +
          `the line "http: [${entryFor(url)}]" in its header would grant it`,
      );
    }
    const host = bare(url.hostname);
    return {
      url,
      host,
      mayLeadTo: (address) => mayLeadTo(address, host, grants),
      refusal: (addresses) => refusal(url, addresses),
    };
  }
}

function parse(text: string, from: URL | undefined): URL {
  const url = text.length <= MAX_URL_LENGTH ? URL.parse(text, from?.href) : null;
  // The name of the root at its end makes it no other host. Written back, so that what is judged is what is asked for.
  if (url?.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  if (!url || (isWeb(url) && hasGap(url.hostname))) {
    throw new ScriptError(
      from
        ? `${shown(from)} redirects to ${quoted(text)}, which is no address`
        : `${quoted(text)} is no address to fetch: write one like https://api.example.org/path`,
    );
  }
  if (!isWeb(url)) {
    throw new ScriptError(`Only http: and https: can be fetched, not ${quoted(url.protocol)}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ScriptError('A user and a password do not belong into an address: send them in the header Authorization');
  }
  return url;
}

function isGranted({ host, isWildcard, port: granted }: Grant, asked: string, port: number): boolean {
  if (granted === undefined ? !DEFAULT_PORTS.includes(port) : granted !== port) return false;
  // Never an address: to the URL parser whatever ends in a number is one, and no wildcard stands in front of those.
  return isWildcard ? asked.endsWith(`.${host}`) : asked === host;
}

function mayLeadTo(address: string, host: string, grants: readonly Grant[]): boolean {
  switch (reachOf(address)) {
    case 'public':
      return true;
    case 'loopback':
      return host === 'localhost' || grants.some(({ isPrivate }) => isPrivate);
    case 'private':
      return grants.some(({ isPrivate }) => isPrivate);
    case 'special':
      return false;
  }
}

function refusal(url: URL, addresses: readonly string[]): ScriptError {
  const isUsual = addresses.some((address) => reachOf(address) !== 'special');
  return new ScriptError(
    `${shown(url)} leads to ${addresses.slice(0, 3).join(', ')}, which is not on the internet: ` +
      (isUsual
        ? `the line "http: [private:${entryFor(url)}]" in the header of the script would grant it`
        : 'only the address itself, in place of the name, can be granted'),
  );
}

const isWeb = ({ protocol }: URL) => protocol === 'http:' || protocol === 'https:';

/** Names have no empty parts, though the URL parser takes them. */
const hasGap = (hostname: string) => hostname.split('.').includes('');

const bare = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1');

const portOf = ({ port, protocol }: URL) => (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port));

/** What a person would write to grant it. */
const entryFor = (url: URL) => (DEFAULT_PORTS.includes(portOf(url)) ? shorten(url.hostname) : shown(url));

const shown = (url: URL) => `${shorten(url.hostname)}${url.port === '' ? '' : `:${url.port}`}`;

const shorten = (text: string) => (text.length <= 100 ? text : `${text.slice(0, 100)}…`);
