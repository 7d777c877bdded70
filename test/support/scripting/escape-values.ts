import { type Attempt, alike } from './escape-attempt.js';

/** Values that nobody expects: handed to the API, and thrown. */

const ODD = `
const odd = [undefined, null, NaN, Infinity, -Infinity, -0, 2 ** 53, 1n, 10n ** 400n, Symbol('s'), Symbol.iterator, '', '__proto__', 'x'.repeat(100000), '\\0', '\\ud800',
  () => {}, class {}, async () => {}, [], [[]], [1, , 3], new Array(1e6), {}, Object.create(null), new Date(NaN), new Map([[{}, {}]]), new Set([1]), new WeakMap(), new Uint8Array(8), new ArrayBuffer(8),
  new Error('x'), /x/g, Promise.resolve(1), globalThis, Function.prototype, Object.prototype, devices, storage, JSON, Intl,
  { then(tell) { tell(1); } }, { then() { throw 1; } }, { get then() { throw 1; } },
  { get a() { throw new Error('own'); } }, { toString() { throw 1; } }, { toString: 1, valueOf: 1 }, { toString: () => ({}), valueOf: () => ({}) },
  { [Symbol.toPrimitive]: () => 0.5 }, { [Symbol.toPrimitive]() { throw 1; } }, { valueOf: () => 1e9 }, { toJSON() { throw 1; } }, { toJSON: () => undefined }, { toJSON: () => () => {} },
  { length: 2 ** 53 - 1 }, { name: { toString() { throw 1; } }, index: {} }, { timeout: -1, signal: {} }, { signal: { get aborted() { throw 1; } } },
  new Proxy({}, {}), new Proxy(() => {}, {}), new Proxy([], { get() { throw 1; } }), new Proxy({}, { ownKeys() { throw 1; } }), new Proxy({}, { get: (_, key) => key }), new Proxy({}, { getPrototypeOf() { throw 1; } })];
const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); odd.push(proxy);
const cycle = { list: [] }; cycle.list.push(cycle); odd.push(cycle);
let deep = {}; for (let depth = 0; depth < 5000; depth += 1) deep = { deep }; odd.push(deep);
`;

/** Every odd value goes in; errors may come out, and promises that are rejected, and nothing worse. */
const taking = (call: string) => `${ODD}
  const device = devices.find(), [feature] = device.features, pending = [];
  for (const value of odd) {
    try {
      const result = ${call};
      if (result instanceof Promise) pending.push(result);
      result?.cancel?.();
    } catch {}
    if (pending.length >= 20) { await Promise.allSettled(pending.splice(0)); await sleep(100); }
  }
  await Promise.race([Promise.allSettled(pending), sleep(300)]);
  console.log('done');
  script.exit();`;

const odd = alike(
  Object.fromEntries(
    Object.entries({
      'device.vibrate': 'device.vibrate(value)',
      'feature.vibrate': 'feature.vibrate(value)',
      'a timed move': 'device.positionWithDuration(0.5, value)',
      'device.feature': 'device.feature(value)',
      'device.read': 'device.read(value)',
      'device.on': 'device.on(value, () => {})',
      'device.has': 'device.has(value)',
      'a method without its device': 'Reflect.apply(device.vibrate, value, [1])',
      'devices.find': 'devices.find(value)',
      'devices.filter by name': 'devices.filter({ name: value, output: value })',
      'devices.first': 'devices.first(value, { timeout: 1 })',
      'options of devices.first': 'devices.first("nothing", { timeout: 1, signal: value })',
      'devices.on': 'devices.on("added", value)',
      'storage.get': 'storage.get(value)',
      'a storage value': 'storage.set("key", value)',
      'a storage key': 'storage.set(value, 1)',
      'http.fetch': 'http.fetch(value)',
      'options of http.fetch': 'http.fetch("http://127.0.0.1/", value)',
      'headers of http.fetch':
        'http.fetch("http://127.0.0.1/", { headers: value, body: value, method: value, timeout: value })',
      'mqtt.publish': 'mqtt.publish(value, value, value)',
      'mqtt.subscribe': 'mqtt.subscribe(value, value)',
      sleep: 'Promise.race([sleep(value), sleep(1)])',
      'a signal of sleep': 'sleep(1, { signal: value })',
      every: 'every(value, () => {})',
      'a time zone': 'every("* * * * *", () => {}, { timezone: value })',
      setTimeout: 'clearTimeout(setTimeout(() => {}, value))',
      'a task of setTimeout': 'setTimeout(value, 1, value)',
      'console.debug': 'console.debug(value, [value], { value }, new Map([[value, value]]))',
      'script.on': 'script.on(value, value)',
      'an abort': 'new AbortController().abort(value)',
      scan: 'scan(1, value)',
    }).map(([name, call]) => [`odd values for ${name}`, taking(call)]),
  ),
  { ends: 'anyhow' },
);

const NOT_AN_ERROR = /not an instance of `Error`/;

const thrown = (ends: RegExp, codes: Readonly<Record<string, string>>) => alike(codes, { ends });

export const values: readonly Attempt[] = [
  ...odd,
  ...thrown(/^null$/, { 'throws null': 'throw null;', 'rejects with null': 'await Promise.reject(null);' }),
  ...thrown(/^x{2000}$/, {
    'throws ten megabytes': `throw 'x'.repeat(10_000_000);`,
    'throws an error of ten megabytes': `throw new Error('x'.repeat(10_000_000));`,
    'rejects with ten megabytes': `Promise.reject('x'.repeat(10_000_000)); await sleep(500);`,
  }),
  ...thrown(/./, {
    'throws undefined': 'throw undefined;',
    'throws a number without end': 'throw 10n ** 3000n;',
    'throws a symbol': 'throw Symbol("s");',
    'throws a function': 'throw () => {};',
    'throws a promise': 'throw Promise.resolve(1);',
    'throws its global scope': 'throw globalThis;',
    'throws a proxy': 'throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 1; } });',
    'throws a proxy of an error': 'throw new Proxy(new Error("a"), { get() { throw 1; } });',
    'throws a revoked proxy': 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy;',
    'throws getters': 'throw { get message() { throw 1; }, get stack() { throw 1; }, get name() { throw 1; } };',
    'throws an error of lists': 'throw Object.assign(new Error(), { message: [1, [2]], name: new Map(), stack: 5 });',
    'throws a chain of causes':
      'let error = new Error("a"); for (let n = 0; n < 10000; n += 1) error = new Error("b", { cause: error }); throw error;',
    'throws many errors': 'throw new AggregateError(Array.from({ length: 10000 }, () => new Error("a")), "many");',
    'throws an error of another kind':
      'class Odd extends Error { get [Symbol.toStringTag]() { throw 1; } name = "Odd"; } throw new Odd("a");',
    'throws a frozen error': 'throw Object.freeze(new Error("a"));',
    'throws in a timer': 'setTimeout(() => { throw { a: 1 }; }, 1); await sleep(500);',
    'throws in a microtask': 'queueMicrotask(() => { throw new Error("a"); }); await sleep(500);',
    'throws out of a promise': 'new Promise(() => { throw new Error("a"); }); await sleep(500);',
    'throws while its stack is written':
      'Error.prepareStackTrace = () => { throw new Error("b"); }; throw new Error("a");',
    'throws a stack that is no text': 'Error.prepareStackTrace = () => ({ toString: 1 }); throw new Error("a");',
    'throws what every object has':
      'Object.prototype.message = "from the prototype"; Object.prototype.stack = "here"; throw {};',
  }),
  ...thrown(NOT_AN_ERROR, { 'rejects with a symbol': 'Promise.reject(Symbol("s")); await sleep(500);' }),
  // Places are found by a pattern, and it is the script that writes what is searched.
  ...thrown(/^x{1990}$/, {
    'a place that is long': `throw new Error('script:///' + 'x'.repeat(10_000) + ':1:1');`,
  }),
  ...thrown(/^/, {
    'throws an error of getters':
      'throw Object.defineProperties(new Error(), { message: { get() { throw 1; } }, stack: { get() { throw 1; } }, name: { get() { throw 1; } } });',
    'throws an error of objects':
      'throw Object.assign(new Error(), { message: { toString: 1 }, name: Object.create(null), stack: Symbol() });',
    'throws an error that contains itself':
      'const error = new Error("a"); error.cause = error; error.message = error; throw error;',
    'places without end': `throw new Error('script:///'.repeat(100_000));`,
    'places that look like ends': `throw new Error(' [script:///'.repeat(100_000));`,
    'a stack of places without end': `throw Object.assign(new Error('a'), { stack: 'script:///x'.repeat(100_000) });`,
    'a stack of long places': `throw Object.assign(new Error('a'), { stack: ('script:///' + 'x'.repeat(3000) + ':1:1 ').repeat(1000) });`,
    'a stack of numbers': `throw Object.assign(new Error('a'), { stack: 'script:///x:' + '1'.repeat(1_000_000) + ':1' });`,
    'a deep stack':
      'Error.stackTraceLimit = 1e9; const deep = (n) => { if (n > 0) deep(n - 1); else throw new Error("deep"); }; deep(2000);',
  }),
  {
    name: 'text that ends too early',
    code: 'console.log(1); const a = ',
    says: [],
    ends: /^SyntaxError: Unexpected end of input$/,
  },
  {
    name: 'a syntax error with a long line',
    code: `const ${'x'.repeat(100_000)} = ;`,
    ends: /^SyntaxError: Unexpected token/,
  },
];
