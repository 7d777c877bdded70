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
  asks('storage.set', { key, value: Type.Unknown() }),
  asks('storage.delete', { key }),
  asks('storage.keys', {}),
  asks('storage.clear', {}),
  // What it may say is checked where it is carried out, with better sentences.
  asks('http.fetch', { request: Type.Unknown() }),
  asks('mqtt.subscribe', { filter }),
  asks('mqtt.unsubscribe', { filter }),
  asks('mqtt.publish', { topic: filter, payload: Type.String({ maxLength: 262_144 }), retain: Type.Boolean() }),
]);
type Call = Static<typeof Call>;
const call = Compile(Call);
const Envelope = Compile(Type.Object({ id, call: Type.Optional(Type.String()) }));

export interface CallTargets {
  readonly storage: ScriptStorage;
  readonly http: HttpAccess;
  readonly mqtt: MqttAccess;
  /** Text of a file in the script's own folder. */
  readonly readText: (path: string) => Promise<string>;
}

/** A longer call, or reply, is not dealt with in one go with others, characters. */
const LONG = 16 * 1024;
/** How fast a script is handed what it reads, characters in a ms, and how far ahead of that it may be, ms. */
const READING_SPEED = 4096;
const READING_AHEAD_MS = 100;

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

  /** The reply, as the sandbox reads it. Never rejects. */
  async answer(text: string): Promise<string> {
    let known: number | undefined;
    if (text.length > LONG) await this.#turnOfLongCall();
    try {
      const message = parse(text);
      known = Envelope.Check(message) ? message.id : undefined;
      if (!call.Check(message)) throw new ScriptError(explain(message));
      const reply = async () => JSON.stringify({ id: known, value: await this.#carryOut(message) });
      return await (isReading(message) ? this.#afterPause(reply) : reply());
    } catch (error) {
      return JSON.stringify({ id: known, error: this.#sentence(error) });
    }
  }

  #turnOfLongCall(): Promise<void> {
    this.#longCall = this.#longCall.then(() => setImmediate());
    return this.#longCall;
  }

  /** One after the other, so that what was read does not pile up. */
  #afterPause(read: () => Promise<string>): Promise<string> {
    const reply = this.#reading.then(async () => {
      const pauseMs = this.#readUntil - this.clock.now() - READING_AHEAD_MS;
      if (pauseMs > 0) await this.clock.sleep(pauseMs, this.lifetime);
      const text = await read();
      // To send it takes as long again.
      if (text.length > LONG) await setImmediate();
      this.#readUntil = Math.max(this.#readUntil, this.clock.now()) + text.length / READING_SPEED;
      return text;
    });
    this.#reading = reply.catch(() => {});
    return reply;
  }

  #carryOut(message: Call): Promise<unknown> {
    const { storage, http, mqtt, readText } = this.targets;
    switch (message.call) {
      case 'file.read':
        return readText(message.path);
      case 'storage.get':
        return storage.get(message.key);
      case 'storage.set':
        return storage.set(message.key, message.value);
      case 'storage.delete':
        return storage.delete(message.key);
      case 'storage.keys':
        return storage.keys();
      case 'storage.clear':
        return storage.clear();
      case 'http.fetch':
        return http.fetch(message.request, this.lifetime);
      case 'mqtt.subscribe':
        return mqtt.subscribe(message.filter);
      case 'mqtt.unsubscribe':
        return mqtt.unsubscribe(message.filter);
      case 'mqtt.publish':
        return mqtt.publish(message.topic, message.payload, message.retain);
    }
  }

  #sentence(error: unknown): string {
    if (error instanceof GatewayError) return error.message;
    this.log.error({ err: error }, 'a call of a script could not be carried out');
    return 'The gateway failed to do this; its log says why';
  }
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
