import { spend } from './allowance.js';
import { emit } from './port.js';

/** What the gateway does for a script outside the sandbox: asked for by name, with JSON, and answered with JSON. */

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Made where the call is, so that it tells the place if it is needed. */
  readonly error: Error;
}

/** Answers that may be missing at a time. */
const MAX_WAITING = 256;
/** Longest call, and longest text that goes with one, characters: storage has room for no longer value by default. */
const MAX_CALL = 192 * 1024;
const MAX_DATA = 320 * 1024;

const waiting = new Map<number, Waiting>();
let nextId = 1;

export const isCalling = (): boolean => waiting.size > 0;

/**
 * Rejects with the gateway's sentence when it says no.
 *
 * @param data a long text, which nobody on the way has to take apart
 */
export function call(name: string, fields: Readonly<Record<string, unknown>> = {}, data?: string): Promise<unknown> {
  if (waiting.size >= MAX_WAITING) {
    return Promise.reject(new Error(`More than ${MAX_WAITING} calls at a time; await the earlier ones first`));
  }
  const id = nextId;
  nextId += 1;
  return new Promise((resolve, reject) => {
    spend();
    // First the text: what has no JSON must not leave an answer missing for ever.
    const text = JSON.stringify({ id, call: name, ...fields });
    if (text.length > MAX_CALL) throw new RangeError(`${name} takes at most ${MAX_CALL} characters at a time`);
    if (data !== undefined && data.length > MAX_DATA)
      throw new RangeError(`${name} takes at most ${MAX_DATA} characters at a time`);
    emit(data === undefined ? ['c', text] : ['c', text, data]);
    waiting.set(id, { resolve, reject, error: new Error() });
  });
}

/** As the gateway writes it. */
interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export function takeReply(text: string): void {
  const { id, value, error }: Reply = JSON.parse(text);
  const call = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) call?.resolve(value);
  else call?.reject(Object.assign(call.error, { message: error }));
}
