import { MessageError } from '../errors.js';
import { clientMessages } from './codec.js';
import { MAX_U32, type MessageDefinition } from './definition.js';
import type { SpecVersion } from './model.js';

/** One element of a frame: a name, an id to answer with, and a body nobody has checked yet. */
export interface Envelope {
  readonly name: string;
  /** The message's own Id where it has a usable one, else 0. */
  readonly id: number;
  readonly body: unknown;
}

/** An element that is no message at all. */
export interface BadEnvelope {
  readonly id: 0;
  readonly error: MessageError;
}

/**
 * The elements of a frame. A frame that is not JSON arrays, or holds more than `maxMessages`, throws a MessageError and none
 * of it counts; a bad element leaves its neighbours alone (facts: B1).
 */
export function readFrame(text: string, maxMessages: number): readonly (Envelope | BadEnvelope)[] {
  const elements = parseElements(text);
  if (elements.length > maxMessages) {
    throw new MessageError(
      `A frame holds at most ${maxMessages} messages, this one ${elements.length}; none was carried out`,
    );
  }
  return elements.map(readElement);
}

function parseElements(text: string): unknown[] {
  const arrays = parseArrays(text);
  if (!arrays.every(isArray)) throw new MessageError('A frame is an array of messages, such as [{"Ping":{"Id":1}}]');
  const elements = arrays.flat();
  if (elements.length === 0) throw new MessageError('This frame holds no message');
  return elements;
}

const isArray = (value: unknown): value is unknown[] => Array.isArray(value);

/** Usually one; the reference also reads arrays that stand one after the other in a frame (facts: messages, §1). */
function parseArrays(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    // Not one array; maybe several.
  }
  try {
    const values = splitValues(text);
    // Reading a megabyte of brackets takes its time; once is enough.
    const arrays: unknown = values.length > 1 ? JSON.parse(`[${values.join()}]`) : undefined;
    if (isArray(arrays)) return arrays;
  } catch {
    // Not that either.
  }
  throw new MessageError('This frame is not JSON; a frame is an array of messages, such as [{"Ping":{"Id":1}}]');
}

/** Cuts behind each array or object that is not inside another. Whatever else there is stays with a neighbour. */
function splitValues(text: string): string[] {
  const values: string[] = [];
  let start = 0;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') {
      depth -= 1;
      if (depth === 0) {
        values.push(text.slice(start, at + 1));
        start = at + 1;
      }
    }
  }
  const rest = text.slice(start);
  return rest.trim() === '' ? values : [...values, rest];
}

function readElement(element: unknown): Envelope | BadEnvelope {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) {
    return { id: 0, error: new MessageError('A message is an object with one key, the name of the message') };
  }
  const entries = Object.entries(element);
  const entry = entries[0];
  if (!entry || entries.length > 1) {
    return {
      id: 0,
      error: new MessageError(
        `A message is an object with one key, the name of the message; this has ${entries.length}`,
      ),
    };
  }
  const [name, body] = entry;
  return { name, id: readId(body), body };
}

function readId(body: unknown): number {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'Id') || !('Id' in body)) return 0;
  const id = body.Id;
  return typeof id === 'number' && Number.isInteger(id) && id >= 1 && id <= MAX_U32 ? id : 0;
}

/** The message's definition. Throws a MessageError when there is none, or none in this version. */
export function definitionFor(name: string, version: SpecVersion): MessageDefinition {
  const definition = clientMessages.get(name);
  if (!definition) throw new MessageError(`There is no message "${name.slice(0, 60)}"`);
  if (!definition.versions.includes(version)) {
    throw new MessageError(
      `${name} is not a message of spec version ${version}, which this session speaks (it belongs to ${versionList(definition)})`,
    );
  }
  return definition;
}

const versionList = ({ versions }: MessageDefinition) =>
  versions.length === 1 ? `version ${versions[0]}` : `versions ${versions[0]} to ${versions.at(-1)}`;
