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
 * The elements of a frame. A frame that is not a JSON array, or holds more than `maxMessages`, throws a MessageError and none
 * of it counts; a bad element leaves its neighbours alone (facts: B1).
 */
export function readFrame(text: string, maxMessages: number): readonly (Envelope | BadEnvelope)[] {
  const elements = parseArray(text);
  if (elements.length > maxMessages) {
    throw new MessageError(
      `A frame holds at most ${maxMessages} messages, this one ${elements.length}; none was carried out`,
    );
  }
  return elements.map(readElement);
}

function parseArray(text: string): unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new MessageError('This frame is not JSON; a frame is an array of messages, such as [{"Ping":{"Id":1}}]');
  }
  if (!Array.isArray(parsed)) {
    throw new MessageError('A frame is an array of messages, such as [{"Ping":{"Id":1}}]');
  }
  if (parsed.length === 0) throw new MessageError('This frame holds no message');
  return parsed;
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
