import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import Value from 'typebox/value';
import { quoted } from '../../config/issues.js';
import { ScriptError } from '../../errors.js';
import { MAX_URL_LENGTH } from './http-targets.js';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_HEADERS = 32;
const MAX_TIMEOUT_MS = 30_000;
export const DEFAULT_TIMEOUT_MS = 10_000;

/** Patterns, and not lengths alone: a line break in a header would begin another one, or another request. */
const HEADER_NAME = "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$";
const HEADER_VALUE = '^[\\t\\x20-\\x7e\\x80-\\xff]{0,4096}$';

/** What a script asks for with `http.fetch`. */
export const HttpRequest = Type.Object(
  {
    url: Type.String({ minLength: 1, maxLength: MAX_URL_LENGTH }),
    method: Type.Optional(Type.Enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: HEADER_NAME }), Type.String({ pattern: HEADER_VALUE }), {
        maxProperties: MAX_HEADERS,
        additionalProperties: false,
      }),
    ),
    body: Type.Optional(Type.Refine(Type.String(), (text) => Buffer.byteLength(text) <= MAX_BODY_BYTES)),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_TIMEOUT_MS, default: DEFAULT_TIMEOUT_MS })),
  },
  { additionalProperties: false },
);
export type HttpRequest = Static<typeof HttpRequest>;

const compiled = Compile(HttpRequest);

/** What the author of a script is told about a field that does not fit. */
const EXPECTED: Readonly<Record<keyof HttpRequest, string>> = {
  url: `text of 1 to ${MAX_URL_LENGTH} characters`,
  method: 'GET, HEAD, POST, PUT, PATCH or DELETE',
  headers:
    `an object of at most ${MAX_HEADERS} headers, with names like Content-Type, ` +
    'and values of one line that have at most 4096 characters of ASCII or Latin-1',
  body: `text of at most ${MAX_BODY_BYTES} bytes`,
  timeoutMs: `a whole number from 1 to ${MAX_TIMEOUT_MS}`,
};

/** @throws ScriptError with the first field that does not fit */
export function parseRequest(request: unknown): HttpRequest {
  if (compiled.Check(request)) return request;
  throw new ScriptError(`http.fetch: ${mistake(request)}`);
}

function mistake(request: unknown): string {
  if (typeof request !== 'object' || request === null) return 'what is asked for must be an object with a url';
  const { properties } = HttpRequest;
  for (const [field, value] of Object.entries({ url: undefined, ...request })) {
    if (!isField(field)) return `there is no field ${quoted(field)}; there are ${Object.keys(properties).join(', ')}`;
    if (!Value.Check(properties[field], value)) return `${field} must be ${EXPECTED[field]}`;
  }
  return 'what is asked for is malformed';
}

const isField = (field: string): field is keyof HttpRequest => Object.hasOwn(EXPECTED, field);

/** What goes over the wire, whatever host it goes to. */
export interface Message {
  readonly method: string;
  /** By names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | undefined;
}

/** Those that decide where a message ends or who gets it. */
const RESERVED_HEADERS = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** @throws ScriptError when it is none that a script may send */
export function toMessage({ method = 'GET', headers = {}, body }: HttpRequest): Message {
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw new ScriptError(`A ${method} request has no body: leave it out, or use POST`);
  }
  const named = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  for (const name of named.keys()) {
    if (RESERVED_HEADERS.has(name) || name.startsWith('proxy-')) {
      throw new ScriptError(`The header ${name} is not for scripts to set: leave it out`);
    }
  }
  return { method, headers: named, body };
}

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const OF_BODY = ['content-encoding', 'content-language', 'content-location', 'content-type'];
const OF_ORIGIN = ['authorization', 'cookie'];

export const isRedirect = (status: number) => REDIRECTS.includes(status);

/** The message after a redirect with this status, as browsers send it. What was for one origin is not shown to another. */
export function redirected({ method, headers, body }: Message, status: number, isSameOrigin: boolean): Message {
  const becomesGet = status === 303 ? method !== 'HEAD' && method !== 'GET' : status <= 302 && method === 'POST';
  const dropped = new Set([...(becomesGet ? OF_BODY : []), ...(isSameOrigin ? [] : OF_ORIGIN)]);
  return {
    method: becomesGet ? 'GET' : method,
    headers: new Map([...headers].filter(([name]) => !dropped.has(name))),
    body: becomesGet ? undefined : body,
  };
}
