import type { LookupAddress } from 'node:dns';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { ScriptError } from '../../errors.js';
import { isRedirect, type Message } from './http-request.js';
import type { Target } from './http-targets.js';

const MAX_HEADER_BYTES = 16 * 1024;

export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Record<string, string>;
  /** Empty when there is a location. */
  readonly body: string;
  /** Where a redirect leads. */
  readonly location: string | undefined;
}

/**
 * One request and its answer. `addresses` are those of the target's name that it may lead to; no other is connected to,
 * whatever the name resolves to by then.
 */
export async function exchange(
  target: Target,
  addresses: readonly LookupAddress[],
  message: Message,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Answer> {
  const request = start(target, addresses, message, signal);
  try {
    const response = await responseTo(request, message.body);
    const { statusCode: status = 0, statusMessage: statusText = '' } = response;
    const headers = headersOf(response);
    const location = isRedirect(status) ? headers.get('location') : undefined;
    const body = location === undefined ? await read(response, maxBytes) : '';
    return { status, statusText, headers: Object.fromEntries(headers), body, location };
  } finally {
    // There may be more to come, which nobody wants.
    request.destroy();
  }
}

function start(
  { url }: Target,
  addresses: readonly LookupAddress[],
  { method, headers, body }: Message,
  signal: AbortSignal,
): ClientRequest {
  const hasLength = body !== undefined || method === 'POST' || method === 'PUT' || method === 'PATCH';
  const options = {
    method,
    headers: {
      ...Object.fromEntries(headers),
      'accept-encoding': 'identity',
      // Never left to guess: a body of no length would be read as the next request.
      ...(hasLength ? { 'content-length': Buffer.byteLength(body ?? '') } : {}),
    },
    // A connection of its own, which was made to an address that has just been checked.
    agent: false,
    lookup: only(addresses),
    maxHeaderSize: MAX_HEADER_BYTES,
    signal,
  };
  // Not imported, see core/http/http-server.ts.
  return url.protocol === 'https:'
    ? process.getBuiltinModule('node:https').request(url, options)
    : process.getBuiltinModule('node:http').request(url, options);
}

/** Knows no names but the one that has been looked up. */
function only(addresses: readonly LookupAddress[]): LookupFunction {
  return (hostname, { all = false }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else if (first) callback(null, first.address, first.family);
    else callback(new Error(`${hostname} was not looked up`), '');
  };
}

function responseTo(request: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', (response) => {
      // What breaks while it is read is told to the reader; what breaks when nobody reads does not matter.
      response.on('error', () => {});
      resolve(response);
    });
    request.on('error', reject);
    // Last of all, also when the other side just hangs up on a request that it has not answered.
    request.once('close', () => reject(new ScriptError('The connection ended without an answer')));
    request.end(body);
  });
}

/** By names in lower case; several of a name in one line, as the web does. */
function headersOf({ rawHeaders }: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

async function read(response: IncomingMessage, maxBytes: number): Promise<string> {
  const arriving: AsyncIterable<Buffer> = response;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of arriving) {
    size += chunk.length;
    if (size > maxBytes) throw new ScriptError(`The answer is too long: a script may read ${maxBytes} bytes of one`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
