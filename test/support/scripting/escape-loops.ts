import { type Attempt, alike } from './escape-attempt.js';

/** Code that does not end, wherever the engine runs it. `X` stands for the deed. */
const PLACES: Readonly<Record<string, string>> = {
  'the script itself': 'X',
  'a microtask': 'queueMicrotask(() => { X });',
  'a timer': 'setTimeout(() => { X }, 1); await sleep(500);',
  'an interval': 'every(5, () => { X }); await sleep(500);',
  'an async function': 'await (async () => { await null; X })();',
  'a generator': '[...(function* () { X })()];',
  'an async generator': 'for await (const value of (async function* () { X })());',
  'the end of an async generator':
    'for await (const value of (async function* () { try { yield 1; } finally { X } })()) break;',
  'a thenable': 'await { then() { X } };',
  'a getter called then': 'await { get then() { X } };',
  'a value that is stored': 'await storage.set("a", { get b() { X } });',
  'a value that is written down': 'console.log({ get a() { X } });',
  'a number': 'setTimeout(() => {}, { valueOf() { X } });',
  'a name that is looked for': 'devices.find({ name: { toString() { X } } });',
  'a listener':
    'const abort = new AbortController(); abort.signal.addEventListener("abort", () => { X }); abort.abort();',
  'a comparison': '[3, 1, 2].sort(() => { X });',
  'a replacement': '"aaa".replace(/a/g, () => { X });',
  'a reviver': 'JSON.parse("[1]", () => { X });',
  'a proxy': 'Object.keys(new Proxy({}, { ownKeys() { X } }));',
  'the stack of an error': 'Error.prepareStackTrace = () => { X }; new Error().stack;',
  'the stack of an error that is thrown': 'Error.prepareStackTrace = () => { X }; throw new Error();',
  'the message of an error that is thrown': 'throw Object.defineProperty(new Error(), "message", { get() { X } });',
  'the JSON of the runtime': 'JSON.stringify = () => { X }; console.log(1);',
  'the promises of the runtime': 'Promise.prototype.then = () => { X }; console.log(1);',
  'what every object has': 'Object.defineProperty(Object.prototype, "then", { get() { X } }); await {};',
  'a class': 'new (class { static #a = (() => { X })(); })();',
  'something that is disposed': '{ using held = { [Symbol.dispose]() { X } }; }',
  'options of a format': 'new Intl.NumberFormat("de", { get style() { X } });',
  'evaluated text': 'eval("X");',
  'a module that waits': 'await sleep(5); X',
};

/** The script is a module that waits for nothing, and runs when one that it imports has waited: the engine crashed there. */
const afterImport = ([name, code]: readonly [string, string]): Attempt => ({
  name: `after an import that waits ${name}`,
  code: { 'index.js': `import './waits.js'; ${code.replaceAll('X', 'for (;;);')}`, 'waits.js': 'await sleep(5);' },
  ends: /^One turn took/,
});

const TURN = /^One turn took/;
const ENDED = /^(One turn took|It took more than|RangeError)/;

export const loops: readonly Attempt[] = [
  ...Object.entries(PLACES).map(
    ([name, code]): Attempt => ({ name: `a loop in ${name}`, code: code.replaceAll('X', 'for (;;);'), ends: TURN }),
  ),
  ...Object.entries(PLACES)
    .filter((_, at) => at % 5 === 0)
    .map(afterImport),
  ...alike(
    {
      'a loop of promises': 'for (;;) await null;',
      'a loop of microtasks': 'const next = () => queueMicrotask(next); next();',
      'a recursion that catches itself': 'const deeper = () => { try { deeper(); } finally { deeper(); } }; deeper();',
      'a pattern that backtracks': '/^(a+)+$/.test("a".repeat(40) + "b");',
      'a pattern that backtracks for long': '/(x+x+)+y/.exec("x".repeat(100000));',
      'a sort without an order':
        'const list = Array.from({ length: 1e5 }, (_, at) => -at); for (;;) list.sort(() => -1);',
      'a product without end': 'let product = 3n; for (;;) product *= product;',
      'a set that grows while it is read':
        'const set = new Set([1]); for (const value of set) { set.delete(value); set.add(value + 1); }',
      'a list that is walked': 'const list = []; list.length = 2 ** 32 - 1; list.every(() => true);',
      'a list that is longer than it says':
        'let looks = 0; Array.prototype.indexOf.call({ get length() { looks += 1; return looks > 1 ? 2 ** 53 - 1 : 1; } }, 1);',
      'an iterator without end': 'Array.from({ [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) });',
      'a template without end': 'String.raw({ raw: { length: 2 ** 53 - 1 } });',
      'a format without end': 'for (;;) new Intl.DateTimeFormat("fa", { dateStyle: "full" }).format(new Date());',
      'words of a long text':
        'for (;;) for (const word of new Intl.Segmenter("th", { granularity: "word" }).segment("กขคง".repeat(1e6)));',
      'a comparison of long texts': 'const a = "ä".repeat(3e5), b = a + "b"; for (;;) a.localeCompare(b);',
      'a text that is made of many':
        'let text = ""; for (let n = 0; n < 2e5; n += 1) text = "a" + text + "b"; for (;;) text.includes("zz");',
      'a chain of prototypes':
        'let object = {}; for (let n = 0; n < 1e6; n += 1) object = Object.create(object); for (;;) object.missing;',
      'a chain of proxies':
        'let proxy = {}; for (let n = 0; n < 1e6; n += 1) proxy = new Proxy(proxy, {}); for (;;) try { proxy.missing; } catch {}',
      'JSON of a graph': 'let list = [0]; for (let n = 0; n < 40; n += 1) list = [list, list]; JSON.stringify(list);',
      'JSON of many brackets': 'for (;;) try { JSON.parse("[".repeat(5e6)); } catch {}',
      'generators in generators': 'const deeper = function* () { yield* deeper(); }; [...deeper()];',
      'a list of everything': 'const list = [1]; list.push(list); list.flat(Infinity);',
      'text that is code': 'eval("(".repeat(1e6));',
      'functions in functions': 'eval("(a => ".repeat(5000) + "1" + ")".repeat(5000)); for (;;);',
    },
    { ends: ENDED },
  ),
  {
    name: 'a clock that is waited for',
    code: 'const end = Date.now() + 10; while (Date.now() < end);',
    ends: TURN,
  },
];

/** Ends right when a module that waited goes on, or while it does: a moment in which the engine crashed, four times out of ten. */
export const exits: readonly Attempt[] = Array.from({ length: 12 }, (_, at) => ({
  name: `exit ${at}`,
  code:
    at % 2 === 0
      ? 'await sleep(20); script.exit();'
      : { 'index.js': `import './waits.js'; script.exit();`, 'waits.js': 'await sleep(20);' },
  ends: 'finished',
}));
