/** What went wrong in a script, in its own terms. */
export interface Failure {
  readonly message: string;
  /** Places in the script's own files, innermost first. */
  readonly stack: readonly string[];
}

const MAX_MESSAGE = 2000;
const MAX_PLACES = 10;

/** Scripts' modules are compiled under this name, so that their places are told from everybody else's. */
export const SCRIPT_SCHEME = 'script:///';

const PLACE = /script:\/\/\/(\S+?:\d+:\d+)/g;

/** An error as the author of the script needs it: nothing of the runtime's own insides. */
export function describeFailure(error: unknown): Failure {
  const isError = typeof error === 'object' && error !== null && 'message' in error;
  const name = isError && 'name' in error && error.name !== 'Error' ? `${String(error.name)}: ` : '';
  const text = isError ? `${name}${String(error.message)}` : String(error);
  const stack = isError && 'stack' in error ? String(error.stack) : '';
  const places = [...`${text}\n${stack}`.matchAll(PLACE)].map(([, place = '']) => place);
  // A syntax error names its place in its message only.
  const message = text.replace(/ \[script:\/\/\/\S+\]$/, '').replaceAll(SCRIPT_SCHEME, '');
  return { message: message.slice(0, MAX_MESSAGE), stack: [...new Set(places)].slice(0, MAX_PLACES) };
}
