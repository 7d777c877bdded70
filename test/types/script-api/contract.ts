/** What scripts are promised (pulsegate-script.d.ts), held against what the sandbox makes. Only compiled: `npm run check`. */
import type * as promisedFunscript from 'pulsegate:funscript';
import type * as promisedPatterns from 'pulsegate:patterns';
import type * as madeFunscript from '../../../core/scripting/sandbox/funscript.js';
import type { createGlobals } from '../../../core/scripting/sandbox/globals.js';
import type * as madePatterns from '../../../core/scripting/sandbox/patterns.js';

interface Promised {
  readonly devices: typeof devices;
  readonly storage: typeof storage;
  readonly http: typeof http;
  readonly mqtt: typeof mqtt;
  readonly script: typeof script;
  readonly console: typeof console;
  readonly scan: typeof scan;
  readonly stopAll: typeof stopAll;
  readonly sleep: typeof sleep;
  readonly every: typeof every;
  readonly setTimeout: typeof setTimeout;
  readonly setInterval: typeof setInterval;
  readonly clearTimeout: typeof clearTimeout;
  readonly clearInterval: typeof clearInterval;
  readonly performance: typeof performance;
  readonly queueMicrotask: typeof queueMicrotask;
  readonly AbortController: typeof AbortController;
  readonly AbortError: typeof AbortError;
  readonly GatewayRefusal: typeof GatewayRefusal;
}

type Made = ReturnType<typeof createGlobals>;

/** Compiles only if `Part` may stand wherever `Whole` is expected. */
type Fits<Whole, _Part extends Whole> = true;

export type Checks = [
  Fits<Promised, Made>,
  Fits<typeof promisedPatterns, typeof madePatterns>,
  Fits<typeof promisedFunscript, typeof madeFunscript>,
  // Nothing is there that scripts are not told of, but for the class of signals, which they only get from a controller.
  Fits<keyof Promised | 'AbortSignal', keyof Made>,
];
