import { type Attempt, alike, WALKER } from './escape-attempt.js';

/** Ways from what a script has to what it should not have. */

/** Everything that a global scope of the language has, but `WebAssembly`, `SharedArrayBuffer` and `Atomics`. */
const LANGUAGE =
  'AggregateError Array ArrayBuffer AsyncDisposableStack BigInt BigInt64Array BigUint64Array Boolean DataView Date DisposableStack Error ' +
  'EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterator ' +
  'JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String SuppressedError Symbol SyntaxError ' +
  'TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI ' +
  'encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape';
/** What pulsegate-script.d.ts describes. */
const API =
  'AbortController AbortError AbortSignal GatewayRefusal clearInterval clearTimeout console devices every http mqtt performance queueMicrotask scan ' +
  'script setInterval setTimeout sleep stopAll storage';

const HOST_NAMES = `['process', 'require', 'module', 'global', 'Buffer', 'ivm', '_ivm', 'Deno', 'self', 'window', 'importScripts', 'fetch', 'gc', 'd8', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'structuredClone', 'setImmediate', 'WebSocket', 'Worker', 'navigator', 'ShadowRealm']`;

/** Code of all kinds that only sees its own global scope, whatever it was made from. */
const madeFrom = (value: string) => `
  const value = ${value};
  const makers = new Set([value?.constructor?.constructor, value?.constructor, Object.getPrototypeOf(value ?? {})?.constructor?.constructor]);
  const found = [];
  for (const make of makers) {
    if (typeof make !== 'function') continue;
    try {
      const made = make('return [this === globalThis, typeof process, typeof require, typeof module]');
      if (typeof made === 'function') found.push(String(await (made.constructor.name.includes('Generator') ? made().next().value ?? (await made().next()).value : made())));
    } catch (error) { found.push(error.name); }
  }
  console.log([...new Set(found)].filter((text) => text !== 'TypeError').join(' '));`;

const constructors = alike(
  {
    'constructor of this': `globalThis`,
    'constructor of the devices': 'devices',
    'constructor of a device': 'devices.find()',
    'constructor of a feature': 'devices.find().features[0]',
    'constructor of a method': 'devices.find().vibrate',
    'constructor of sleep': 'sleep',
    'constructor of what sleep returns': 'sleep(1)',
    'constructor of console.log': 'console.log',
    'constructor of storage.get': 'storage.get',
    'constructor of what storage.get returns': `storage.get('a')`,
    'constructor of what storage gave': `await storage.set('a', { b: [1] }).then(() => storage.get('a'))`,
    'constructor of script.on': 'script.on',
    'constructor of a subscription': `script.on('disconnecting', () => {})`,
    'constructor of the date': 'Date',
    'constructor of a timer': 'setTimeout',
    'constructor of http.fetch': 'http.fetch',
    'constructor of an error of the API': `await devices.find().vibrate(2).catch((error) => error)`,
    'constructor of an error of the gateway': `await storage.get('').then(() => storage.set('', 1)).catch((error) => error)`,
    'constructor of a refusal': 'GatewayRefusal',
    'constructor of an abort': 'new AbortController().signal',
    'constructor of an async function': 'async () => {}',
    'constructor of an engine error': '(() => { try { null.x; } catch (error) { return error; } })()',
  },
  { says: ['true,undefined,undefined,undefined'], ends: 'finished' },
  (value) => `${madeFrom(value)}\nscript.exit();`,
);

export const walks: readonly Attempt[] = [
  ...constructors,
  ...alike(
    {
      'constructor of a generator': 'Object.getPrototypeOf(function* () {}).constructor',
      'constructor of an async generator': 'Object.getPrototypeOf(async function* () {}).constructor',
    },
    { says: ['true undefined'], ends: 'finished' },
    (maker) => `
      const { value } = await ${maker}('yield [this === globalThis, typeof process]')().next();
      console.log(value.join(' '));`,
  ),
  ...alike(
    {
      'new Function': `new Function('return [this, typeof process, typeof devices, typeof client]')()`,
      'an indirect eval': `(0, eval)('[this, typeof process, typeof devices, typeof client]')`,
    },
    { says: ['true undefined object undefined'], ends: 'finished' },
    (code) => `const [scope, ...types] = ${code}; console.log([scope === globalThis, ...types].join(' '));`,
  ),
  {
    name: 'names of the global scope',
    code: `console.log(Object.getOwnPropertyNames(globalThis).sort().join(' ')); console.log('symbols: ' + Object.getOwnPropertySymbols(globalThis).map(String).join());`,
    says: [[...LANGUAGE.split(' '), ...API.split(' ')].sort().join(' '), 'symbols: '],
    ends: 'finished',
  },
  {
    name: 'names that hosts use',
    code: `
      const names = ${HOST_NAMES};
      console.log('found: ' + names.filter((name) => name in globalThis || eval('typeof ' + name) !== 'undefined').join());
      console.log(typeof this, Reflect.ownKeys(import.meta).length);`,
    says: ['found: ', 'undefined 0'],
    ends: 'finished',
  },
  {
    name: 'everything that can be reached',
    code: `${WALKER}
      const error = await devices.find().vibrate(2).catch((error) => error);
      const parts = [devices, devices.list(), storage, http, mqtt, script, console, sleep, every, scan, stopAll, setTimeout, queueMicrotask, error,
        AbortController, AbortSignal, AbortError, GatewayRefusal, storage.get('a'), Date, new Date(), import.meta];
      report(...parts);
      report(global);
      log(reachable(...parts).size > 200);`,
    says: ['strangers: none', 'strangers: none', 'true'],
    ends: 'finished',
  },
  {
    name: 'modules with a public name',
    code: `${WALKER}
      import * as patterns from 'pulsegate:patterns'; import * as funscript from 'pulsegate:funscript';
      report(patterns, funscript);
      log(Object.keys(patterns).length > 10, Object.keys(funscript).join(' '));`,
    says: ['strangers: none', 'true load parse play'],
    ends: 'finished',
  },
  {
    name: 'the caller of a function',
    code: `
      const found = [];
      const sloppy = new Function('out', 'try { out.push(arguments.callee.caller, new Function("return arguments.callee.caller")()) } catch (error) { out.push(error.name) }');
      setTimeout(() => sloppy(found));
      queueMicrotask(new Function('found', 'return () => found.push(arguments.callee.caller)')(found));
      JSON.stringify({ toJSON: () => sloppy(found) });
      script.on('disconnecting', sloppy);
      await sleep(20);
      const foreign = found.filter((value) => typeof value === 'function' && !String(value).includes('arguments') && !String(value).includes('sloppy'));
      console.log(foreign.length, found.length > 3);
      for (const key of ['caller', 'arguments']) { try { console.log(String(sleep[key])); } catch (error) { console.log(error.name); } }
      script.exit();`,
    says: ['0 true', 'TypeError', 'TypeError'],
    ends: 'finished',
  },
  {
    name: 'structured stack frames',
    code: `${WALKER}
      const found = new Set(), files = new Set();
      Error.stackTraceLimit = 1000;
      Error.prepareStackTrace = (error, frames) => {
        for (const frame of frames) {
          files.add(String(frame.getFileName()).split(':')[0]);
          for (const get of ['getThis', 'getFunction', 'getEvalOrigin', 'getTypeName', 'getMethodName']) {
            try { const value = frame[get](); if (value && typeof value !== 'string') found.add(value); } catch {}
          }
        }
        return '';
      };
      const look = () => new Error().stack;
      setTimeout(look); queueMicrotask(look);
      devices.find({ get name() { look(); } });
      await storage.set('a', { toJSON: look }).catch(() => {});
      await devices.find().vibrate({ valueOf: look }).catch(look);
      console.log({ get a() { return look(); } });
      const capture = {}; Error.captureStackTrace(capture); capture.stack;
      await sleep(20);
      report(...found);
      log([...files].sort().join(' '));`,
    says: ['{ a: "" }', 'strangers: none', 'null pulsegate script'],
    ends: 'finished',
  },
  {
    name: 'a stack of the host',
    code: `
      Error.stackTraceLimit = Infinity;
      const stacks = [new Error().stack, await storage.set('', 1).catch(({ stack }) => stack), await devices.find().vibrate(2).catch(({ stack }) => stack)];
      setTimeout(() => stacks.push(new Error().stack));
      await sleep(10);
      console.log(stacks.length, stacks.some((stack) => /node:|isolated|dist|home|file:|core\\//.test(stack)));`,
    says: ['4 false'],
    ends: 'finished',
  },
  {
    name: 'things that are collected',
    code: `
      const registry = new FinalizationRegistry((held) => console.log(typeof process, held));
      const weak = new WeakRef({});
      for (let count = 0; count < 1000; count += 1) registry.register({}, 'held');
      console.log(typeof weak.deref());
      script.exit();`,
    says: ['object'],
    ends: 'finished',
  },
  {
    name: 'timers that take text',
    code: `
      for (const timer of [setTimeout, setInterval, queueMicrotask]) {
        try { timer('console.log(typeof process)'); } catch ({ message }) { console.log(message); }
      }
      try { every(10, 'console.log(1)'); } catch ({ message }) { console.log(message); }`,
    says: [
      'setTimeout takes a function, not string',
      'setInterval takes a function, not string',
      'queueMicrotask takes a function, not string',
      'every takes a function as its second argument',
    ],
    ends: 'finished',
  },
  {
    name: 'memory that is shared',
    code: `
      const tries = { shared: () => new SharedArrayBuffer(8), atomics: () => Atomics.wait, wasm: () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
        buffer: () => new ArrayBuffer(8, { maxByteLength: 16 }).resizable };
      for (const [name, run] of Object.entries(tries)) { try { console.log(name, run()); } catch (error) { console.log(name, error.name); } }`,
    says: ['shared ReferenceError', 'atomics ReferenceError', 'wasm ReferenceError', 'buffer true'],
    ends: 'finished',
  },
];
