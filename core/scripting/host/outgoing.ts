import type { ScriptLogLevel } from '../wire.js';

/** What one sandbox has to say; see core/scripting/sandbox/port.ts. Whatever does not have this form was not said by the runtime. */
export type Outgoing =
  | { readonly kind: 'handshake' | 'idle' }
  | { readonly kind: 'frame'; readonly text: string }
  | { readonly kind: 'call'; readonly text: string; readonly data: string | undefined }
  | { readonly kind: 'log'; readonly level: ScriptLogLevel; readonly text: string }
  | { readonly kind: 'wake'; readonly delayMs: number }
  | { readonly kind: 'exit'; readonly problem: string };

/** Longest call, and text that goes with it, characters; the runtime makes none that is longer. */
const MAX_CALL = 192 * 1024;
const MAX_DATA = 320 * 1024;
const MAX_PROBLEM = 2000;
/** What counts as a message, whatever is in it, characters: those of the runtime are all shorter. */
const MESSAGE_SIZE = 512;

const LEVELS: readonly ScriptLogLevel[] = ['debug', 'info', 'warn', 'error'];

/** How many messages a frame counts for. Throws when it is no list of them. */
export function messagesIn(frame: string): number {
  const messages: unknown = JSON.parse(frame);
  if (!Array.isArray(messages)) throw new TypeError('a frame is a list');
  return Math.max(messages.length, Math.ceil(frame.length / MESSAGE_SIZE));
}

/** Throws when the batch is not what the runtime writes: the script has got at the runtime's way out, or broken the runtime. */
export function readBatch(batch: string): Outgoing[] {
  const parsed: unknown = JSON.parse(batch);
  if (!Array.isArray(parsed)) throw new TypeError('a batch is a list');
  return parsed.map(readMessage);
}

function readMessage(message: unknown): Outgoing {
  const [kind, first, second]: readonly unknown[] = Array.isArray(message) ? message : [];
  switch (kind) {
    case 'h':
      return { kind: 'handshake' };
    case 'i':
      return { kind: 'idle' };
    case 'f':
      if (typeof first === 'string') return { kind: 'frame', text: first };
      break;
    case 'c':
      if (isText(first, MAX_CALL) && (second === undefined || isText(second, MAX_DATA)))
        return { kind: 'call', text: first, data: second };
      break;
    case 'w':
      if (typeof first === 'number' && first >= 0) return { kind: 'wake', delayMs: first };
      break;
    case 'x':
      if (typeof first === 'string') return { kind: 'exit', problem: first.slice(0, MAX_PROBLEM) };
      break;
    case 'l': {
      const level = LEVELS.find((known) => known === first);
      if (level && typeof second === 'string') return { kind: 'log', level, text: second };
      break;
    }
  }
  throw new TypeError('a message has no such form');
}

const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length <= maxLength;
