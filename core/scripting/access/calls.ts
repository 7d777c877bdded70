import { setImmediate } from 'node:timers/promises';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../clock.js';
import { describeError, GatewayError, ScriptError } from '../../errors.js';
import type { Logger } from '../../logging/logger.js';
import type { HttpAccess } from './http-access.js';
import type { MqttAccess } from './mqtt-access.js';
import type { ScriptStorage } from './storage.js';

/** What a script may ask of the gateway, as it comes out of the sandbox (core/scripting/sandbox). */

const id = Type.Integer({ minimum: 0 });
const key = Type.String();
const filter = Type.String({ minLength: 1, maxLength: 1000 });

const asks = <T extends string, P extends Type.TProperties>(call: T, properties: P) =>
  Type.Object({ id, call: Type.Literal(call), ...properties }, { additionalProperties: false });

const Call = Type.Union([
  asks('file.read', { path: Type.String({ maxLength: 2048 }) }),
  asks('storage.get', { key }),
  asks('storage.set', { key }),
  asks('storage.delete', { key }),
  asks('storage.keys', {}),
  asks('storage.clear', {}),
  // What it may say is checked where it is carried out, with better sentences.
  asks('http.fetch', { request: Type.Unknown() }),
  asks('mqtt.subscribe', { filter }),
  asks('mqtt.unsubscribe', { filter }),
  asks('mqtt.publish', { topic: filter, retain: Type.Boolean() }),
]);
type Call = Static<typeof Call>;
const call = Compile(Call);
/** Longest payload, characters. */
const MAX_PAYLOAD = 262_144;
const Envelope = Compile(Type.Object({ id, call: Type.Optional(Type.String()) }));

export interface CallTargets {
  readonly storage: ScriptStorage;
  readonly http: HttpAccess;
  readonly mqtt: MqttAccess;
  /** Text of a file in the script's own folder. */
  readonly readText: (path: string) => Promise<string>;
}

/** A longer call is not dealt with in one go with others, characters. */
const LONG = 16 * 1024;
/** Lists and objects in a long call; none that makes sense has as many, and to read them takes time that everybody waits for. */
const MOST_PARTS = 1_000;
const [QUOTE, BACKSLASH, LIST, OBJECT] = [0x22, 0x5c, 0x5b, 0x7b];
/** What of a reply leaves in one go, characters. */
const PART = 64 * 1024;
/** How fast a script is handed what it reads, characters in a ms, and how far ahead of that it may be, ms. */
const READING_SPEED = 4096;
const READING_AHEAD_MS = 100;

/** What a call comes to: JSON, or a text that is not JSON yet because it may be long. */
type Value =
  | { readonly json: string; readonly text?: undefined }
  | { readonly text: string; readonly json?: undefined }
  | undefined;

const isReading = ({ call }: Call) => call === 'storage.get' || call === 'storage.keys' || call === 'file.read';

/**
 * Answers the calls of one run of a script. Long texts take time that everybody in the gateway waits for, so there is a pause after
 * each, however many of them a script asks for.
 */
export class ScriptCalls {
  #longCall: Promise<void> = Promise.resolve();
  #reading: Promise<unknown> = Promise.resolve();
  /** When what was handed over would all have been, at that speed. */
  #readUntil = 0;

  constructor(
    private readonly targets: CallTargets,
    private readonly clock: Clock,
    private readonly log: Logger,
    /** Aborted when the run is over: what is under way for it ends. */
    private readonly lifetime: AbortSignal,
  ) {}

  /**
   * The reply, as the sandbox reads it, in parts. Never rejects.
   *
   * @param data what is to be stored (JSON) or published
   */
  async answer(text: string, data = ''): Promise<Iterable<string>> {
    let known: number | undefined;
    if (text.length + data.length > LONG) await this.#turnOfLongCall();
    try {
      if (text.length > LONG && hasMoreParts(text, MOST_PARTS)) {
        known = idAtTheBeginning(text);
        throw new ScriptError(`A call has at most ${MOST_PARTS} lists and objects in it`);
      }
      const message = parse(text);
      known = Envelope.Check(message) ? message.id : undefined;
      if (!call.Check(message)) throw new ScriptError(explain(message));
      const carryOut = () => this.#carryOut(message, data);
      const value = await (isReading(message) ? this.#afterPause(carryOut) : carryOut());
      return replyParts(message.id, value);
    } catch (error) {
      return [JSON.stringify({ id: known, error: this.#sentence(error) })];
    }
  }

  #turnOfLongCall(): Promise<void> {
    this.#longCall = this.#longCall.then(() => setImmediate());
    return this.#longCall;
  }

  /** One after the other, so that what was read does not pile up. */
  #afterPause(read: () => Promise<Value>): Promise<Value> {
    const value = this.#reading.then(async () => {
      const pauseMs = this.#readUntil - this.clock.now() - READING_AHEAD_MS;
      if (pauseMs > 0) await this.clock.sleep(pauseMs, this.lifetime);
      const result = await read();
      const length = (result?.text ?? result?.json ?? '').length;
      this.#readUntil = Math.max(this.#readUntil, this.clock.now()) + length / READING_SPEED;
      return result;
    });
    this.#reading = value.catch(() => {});
    return value;
  }

  async #carryOut(message: Call, data: string): Promise<Value> {
    const { storage, http, mqtt, readText } = this.targets;
    switch (message.call) {
      case 'file.read':
        return { text: await readText(message.path) };
      case 'storage.get':
        return storedValue(await storage.get(message.key));
      case 'storage.set':
        await storage.set(message.key, data);
        return undefined;
      case 'storage.delete':
        await storage.delete(message.key);
        return undefined;
      case 'storage.keys':
        return { json: JSON.stringify(await storage.keys()) };
      case 'storage.clear':
        await storage.clear();
        return undefined;
      case 'http.fetch':
        return { json: JSON.stringify(await http.fetch(message.request, this.lifetime)) };
      case 'mqtt.subscribe':
        await mqtt.subscribe(message.filter);
        return undefined;
      case 'mqtt.unsubscribe':
        await mqtt.unsubscribe(message.filter);
        return undefined;
      case 'mqtt.publish':
        if (data.length > MAX_PAYLOAD)
          throw new ScriptError(`mqtt.publish takes at most ${MAX_PAYLOAD} characters at a time`);
        await mqtt.publish(message.topic, data, message.retain);
        return undefined;
    }
  }

  #sentence(error: unknown): string {
    if (error instanceof GatewayError) return error.message;
    this.log.error({ err: error }, 'a call of a script could not be carried out');
    return 'The gateway failed to do this; its log says why';
  }
}

const storedValue = (json: string | undefined): Value => (json === undefined ? undefined : { json });

function* replyParts(id: number, value: Value): Generator<string> {
  if (value === undefined) {
    yield `{"id":${id}}`;
  } else if (value.text !== undefined) {
    yield `{"id":${id},"value":"`;
    // Half a surrogate pair is written as an escape, and is read as half of one: so it does not matter where the text is cut.
    for (const part of inParts(value.text)) yield JSON.stringify(part).slice(1, -1);
    yield '"}';
  } else {
    yield* inParts(`{"id":${id},"value":${value.json}}`);
  }
}

function* inParts(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PART) yield text.slice(at, at + PART);
}

/** Whether this JSON has more than so many lists and objects, told without reading it: brackets within texts do not count. */
function hasMoreParts(json: string, most: number): boolean {
  let parts = 0;
  let isText = false;
  for (let at = 0; at < json.length && parts <= most; at += 1) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) isText = !isText;
    else if (!isText && (character === LIST || character === OBJECT)) parts += 1;
    else if (isText && character === BACKSLASH) at += 1;
  }
  return parts > most;
}

/** Where the runtime of scripts puts it, of a call that is not read. */
function idAtTheBeginning(text: string): number | undefined {
  const [, digits] = /^\{"id":(\d{1,15})[,}]/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScriptError(`A call is JSON: ${describeError(error)}`);
  }
}

function explain(message: unknown): string {
  if (!Envelope.Check(message)) return 'A call has an id and the name of what is asked for';
  const [error] = call.Errors(message);
  const name = message.call ?? 'nothing';
  return Call.anyOf.some(({ properties }) => properties.call.const === name)
    ? `${name}: its arguments have the wrong form${error ? ` (${error.instancePath || 'they'} ${error.message})` : ''}`
    : `There is no call "${name.slice(0, 60)}"`;
}
