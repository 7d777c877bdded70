/**
 * Checks of what a script passes. Scripts may be plain JavaScript, so a declared type promises nothing: each check takes
 * `unknown`, returns what it has checked, and throws an error that names the option.
 */

/** A value as it appears in an error message: short, whatever it is. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** Any number but NaN and the infinities. */
export function finite(name: string, value: unknown): number {
  return inRange(name, value, 'a finite number', () => true);
}

/** A number from `least` to `most`, both included. */
export function within(name: string, value: unknown, least: number, most: number): number {
  return inRange(name, value, `a number from ${least} to ${most}`, (number) => number >= least && number <= most);
}

/** A finite number of at least `least`. */
export function atLeast(name: string, value: unknown, least: number): number {
  return inRange(name, value, `a number of at least ${least}`, (number) => number >= least);
}

/** A finite number above 0. */
export function positive(name: string, value: unknown): number {
  return inRange(name, value, 'a number above 0', (number) => number > 0);
}

/** A whole number from `least` to `most`; without them, any that is exact. */
export function whole(
  name: string,
  value: unknown,
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const fits = (number: number) => Number.isSafeInteger(number) && number >= least && number <= most;
  return inRange(name, value, `a whole number from ${least} to ${most}`, fits);
}

/** One of `choices`. */
export function oneOf<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  const expected = choices.map((candidate) => `'${candidate}'`).join(', ');
  const problem = `${name} must be one of ${expected}, not ${shown(value)}`;
  throw typeof value === 'string' ? new RangeError(problem) : new TypeError(problem);
}

export function flag(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false, not ${shown(value)}`);
  return value;
}

/** An object with none but these options. A misspelt one would otherwise leave a device at a default in silence. */
export function onlyOptions<T extends object>(owner: string, options: T, names: readonly (keyof T & string)[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${owner} takes an object of options, not ${shown(options)}`);
  }
  const known: readonly string[] = names;
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`${owner} has no option ${shown(unknown)}; it has ${names.join(', ')}`);
}

function inRange(name: string, value: unknown, expected: string, fits: (number: number) => boolean): number {
  const problem = `${name} must be ${expected}, not ${shown(value)}`;
  if (typeof value !== 'number') throw new TypeError(problem);
  if (!Number.isFinite(value) || !fits(value)) throw new RangeError(problem);
  return value;
}
