/** What went wrong in a script, in its own terms. */
export interface Failure {
  readonly message: string;
  /** Places in the script's own files, innermost first. */
  readonly stack: readonly string[];
}

const MAX_MESSAGE = 2000;
const MAX_PLACES = 10;
/** The part of a stack that is searched for places, characters from its end: all of it, unless the script has written it itself. */
const MAX_STACK = 8000;

/** Scripts' modules are compiled under this name, so that their places are told from everybody else's. */
export const SCRIPT_SCHEME = 'script:///';

// Bounded: a script may write what takes longest to search, and a place too long for the gateway to take the message for one.
const PLACE = /script:\/\/\/([^:\n]{1,500}:\d{1,9}:\d{1,9})/g;

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'something that has no text';
  }
}

/** An error as the author of the script needs it: nothing of the runtime's own insides. */
export function describeFailure(error: unknown): Failure {
  const isError = typeof error === 'object' && error !== null && 'message' in error;
  const name = isError && 'name' in error && error.name !== 'Error' ? `${textOf(error.name)}: ` : '';
  const text = (isError ? `${name}${textOf(error.message)}` : textOf(error)).slice(0, MAX_MESSAGE);
  const stack = isError && 'stack' in error ? textOf(error.stack).slice(-MAX_STACK) : '';
  const places = [...`${text}\n${stack}`.matchAll(PLACE)].map(([, place = '']) => place);
  // A syntax error names its place in its message only.
  const message = text.replace(/ \[script:\/\/\/[^\]\n]+\]$/, '').replaceAll(SCRIPT_SCHEME, '');
  return { message, stack: [...new Set(places)].slice(0, MAX_PLACES) };
}
