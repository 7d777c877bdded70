import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * What the gateway and its script host say to each other, besides the frames of the scripts' sessions (plugins/transport-ipc).
 * Both ways in batches, as JSON. What the host says is checked: code that nobody knows runs in that process.
 */

/** A module's text, and its path inside the script's own folder, for messages. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Bounds the host keeps; the others are kept by the gateway. */
export interface HostLimits {
  readonly memoryMb: number;
  /** CPU time of one turn, ms. */
  readonly cpuMs: number;
  /** Wall-clock time of one turn, ms. */
  readonly wallMs: number;
  readonly messagesPerSecond: number;
  readonly logLinesPerSecond: number;
}

/** `id` is one run of a script, and the id of its session. */
export type ToHost =
  | {
      readonly op: 'start';
      readonly id: string;
      readonly name: string;
      readonly clientName: string;
      readonly entry: Source;
      readonly limits: HostLimits;
    }
  | { readonly op: 'module'; readonly id: string; readonly request: number; readonly source: Source }
  | { readonly op: 'no-module'; readonly id: string; readonly request: number; readonly reason: string }
  /** The reply to a call, or a part of it when there is more to come. */
  | { readonly op: 'reply'; readonly id: string; readonly text: string; readonly more: boolean }
  /** A message of the broker. */
  | { readonly op: 'mqtt'; readonly id: string; readonly text: string }
  /** Ends the run; the script hears of it first. */
  | { readonly op: 'stop'; readonly id: string; readonly reason: string }
  | { readonly op: 'beat' };

const Id = Type.String({ minLength: 1, maxLength: 200 });
const op = <T extends string>(name: T) => Type.Literal(name);
const Sentence = Type.String({ maxLength: 4096 });

export const ScriptLogLevel = Type.Enum(['debug', 'info', 'warn', 'error']);
export type ScriptLogLevel = Static<typeof ScriptLogLevel>;

/**
 * How a run ended. `finished`: by itself. `stopped`: on request. `failed`: its own error. `limit`: it broke a limit. `invalid`: it
 * never began, because its modules are no JavaScript, or not to be had.
 */
const Ending = Type.Enum(['finished', 'stopped', 'failed', 'limit', 'invalid']);

const Exactly = <P extends Type.TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false });

const FromHost = Type.Union([
  Exactly({ op: op('ready'), isolatedVm: Type.String({ maxLength: 100 }) }),
  Exactly({ op: op('unavailable'), reason: Sentence }),
  Exactly({
    op: op('load'),
    id: Id,
    request: Type.Integer({ minimum: 0 }),
    specifier: Type.String({ maxLength: 2048 }),
    referrer: Type.String({ maxLength: 2048 }),
  }),
  Exactly({ op: op('running'), id: Id }),
  /** `data`: a long text that goes with the call. */
  Exactly({ op: op('call'), id: Id, text: Type.String(), data: Type.Optional(Type.String()) }),
  Exactly({ op: op('log'), id: Id, level: ScriptLogLevel, text: Sentence }),
  Exactly({
    op: op('ended'),
    id: Id,
    how: Ending,
    message: Type.Optional(Sentence),
    /** Place in the script's own files, `edge-timer.js:12:5`, innermost first. */
    stack: Type.Optional(Type.Array(Sentence, { maxItems: 20 })),
  }),
  /** A run could not be ended: its thread is lost, and this host takes no more. */
  Exactly({ op: op('tainted'), reason: Sentence }),
  Exactly({
    op: op('beat'),
    residentMb: Type.Number({ minimum: 0 }),
    runs: Type.Integer({ minimum: 0 }),
    ended: Type.Integer({ minimum: 0 }),
  }),
]);
export type FromHost = Static<typeof FromHost>;

/** The message, when it is one. */
export const fromHost = Compile(FromHost);
