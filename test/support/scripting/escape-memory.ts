import { type Attempt, alike } from './escape-attempt.js';

/** Scripts that want all memory there is. They are ended for the memory they take, or the time they take for it. */
const endless: readonly Attempt[] = alike(
  {
    'text without end': 'let text = "x"; for (;;) text += text;',
    'texts without end':
      'const all = []; for (;;) { all.push("x".repeat(1e6) + all.length); JSON.stringify(all.at(-1)); }',
    'text of half a gigabyte': 'const all = []; for (;;) { all.push("ab".repeat(2 ** 27)); all.at(-1).charCodeAt(3); }',
    'text that is replaced': '"x".repeat(1e6).replaceAll("", "y".repeat(1e4));',
    'a list of a thousand million': 'new Array(1e9).fill(0);',
    'lists without end': 'const all = []; for (;;) all.push(new Array(1000).fill(1));',
    'objects without end': 'const all = []; for (;;) all.push({ all });',
    'a map without end': 'const map = new Map(); for (let n = 0; ; n += 1) map.set(n, {});',
    'a weak map without end':
      'const map = new WeakMap(), all = []; for (;;) { const key = {}; all.push(key); map.set(key, all); }',
    'buffers without end': 'const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1));',
    'a buffer of a gigabyte': 'new ArrayBuffer(2 ** 30);',
    'a buffer that grows':
      'const buffer = new ArrayBuffer(1, { maxByteLength: 2 ** 30 }); for (let size = 1; ; size *= 2) buffer.resize(size);',
    'closures without end': 'const all = []; for (;;) { const big = new Array(100).fill(0); all.push(() => big); }',
    'promises without end': 'const all = []; for (;;) all.push(new Promise(() => {}));',
    'symbols without end': 'const all = []; for (;;) all.push(Symbol("x".repeat(100)));',
    'numbers without end': 'let number = 3n; const all = []; for (;;) { number *= 3n ** 1000n; all.push(number); }',
    'formats without end': 'const all = []; for (;;) all.push(new Intl.Collator("de"), new Intl.NumberFormat("hi"));',
    'patterns without end': 'for (let n = 0; ; n += 1) new RegExp("(?:a{1000}){1000}" + n).test("a");',
    'functions without end': 'for (let n = 0; ; n += 1) globalThis["f" + n] = new Function("return " + n);',
    'errors without end':
      'Error.stackTraceLimit = 200; const all = []; const deep = (n) => n > 0 ? deep(n - 1) : new Error("x"); for (;;) all.push(deep(150));',
    'properties without end': 'const object = {}; for (let n = 0; ; n += 1) object["key " + n] = n;',
    'elements of a list without end': 'const list = []; for (let n = 0; ; n += 1) list[n] = n;',
    'memory over many turns':
      'const all = []; setInterval(() => { for (let n = 0; n < 1000; n += 1) all.push(new Array(100).fill(1.5)); }, 1);',
    'memory after an import that waits': 'const all = []; for (;;) all.push(new Array(1000).fill(1));',
    'things that cannot be collected':
      'const registry = new FinalizationRegistry(() => {}); for (;;) { const held = new Array(1000).fill(1); registry.register({}, held, held); }',
  },
  { ends: /^(It took more than 32 MB of memory|One turn took|RangeError: )/ },
).map((attempt) =>
  attempt.name.endsWith('an import that waits')
    ? {
        ...attempt,
        code: { 'index.js': `import './waits.js'; ${String(attempt.code)}`, 'waits.js': 'await sleep(5);' },
      }
    : attempt,
);

/** Much, but not without end: a fast machine is done with it before anybody notices. */
const large = alike(
  {
    'text that is taken apart': '"x".repeat(2 ** 24).split("");',
    'text that is normalised': '"\\u1e9b\\u0323".repeat(5e6).normalize("NFKD");',
    'a list that is joined with itself':
      'const list = new Array(5e6).fill(0); list.concat(list, list, list, list, list, list, list, list);',
    'arguments without end': 'Math.max(...new Array(1e7).fill(0));',
    'arguments of a list that is not': 'Reflect.apply(String.fromCharCode, null, { length: 5e7 });',
    'a pattern of many characters': 'new RegExp("[\\\\p{L}--\\\\p{Lu}]".repeat(20000), "v").test("a");',
  },
  { ends: 'anyhow' },
);

export const bombs: readonly Attempt[] = [...endless, ...large];

/** The engine does not look up from these until they are done. The thread is lost, and nothing else. */
export const lost: readonly Attempt[] = alike(
  {
    'a number as text': '(2n ** 60_000_000n).toString();',
    'a list that is shifted': 'Array.prototype.shift.call({ length: 2 ** 53 - 1 });',
    'an error that nobody can read':
      'Promise.reject({ get message() { for (;;); }, get stack() { for (;;); } }); await sleep(1000);',
  },
  { ends: /^(One turn took|It took more than)/ },
);

/** It may take more than the whole host. */
export const hog: Attempt = {
  name: 'hog',
  code: 'for (;;) "text".repeat(2 ** 24).split("");',
  ends: 'anyhow',
  each: { limits: { memoryMb: 512, cpuMs: 10_000, wallMs: 30_000 } },
};
