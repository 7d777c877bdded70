import { type Attempt, alike, WALKER } from './escape-attempt.js';

/** The runtime shares its objects with the script: whatever it uses of the language may have been replaced by the script. */

/** Uses everything that the API has, and does not mind if it is broken. */
const USE = `
const quietly = async (work) => { try { await work(); } catch {} };
async function useAll() {
  const controller = quietly(() => new AbortController());
  await quietly(() => devices.find().vibrate(0.1));
  await quietly(() => devices.find('Pulsegate*').features[0].vibrate(0.2));
  await quietly(() => devices.first({ output: 'Vibrate' }, { timeout: 10 }));
  await quietly(() => devices.find().read('Battery'));
  await quietly(() => devices.find().stop());
  await quietly(() => storage.set('a', { b: [1, 'two'] }));
  await quietly(() => storage.get('a'));
  await quietly(() => storage.keys());
  await quietly(() => http.fetch('http://127.0.0.1/', { headers: { a: 'b' } }));
  await quietly(() => mqtt.publish('a', { b: 1 }));
  await quietly(() => mqtt.subscribe('a', () => {}));
  await quietly(() => sleep(2));
  setTimeout(() => {}, 1);
  await quietly(() => sleep(5));
  await quietly(() => every(5, () => {}).cancel());
  await quietly(() => every('* * * * *', () => {}).cancel());
  await quietly(() => console.debug({ a: [1, new Map([[1, 2]]), new Date()] }));
  await quietly(() => devices.on('added', () => {}).cancel());
}
`;

/** Replaces a method by one that keeps all it gets, lets the API work, and looks for what it should not have got. */
const spying = (target: string) => `${WALKER}${USE}
  const [owner, key] = ${target};
  const { construct } = Reflect;
  const original = owner[key];
  const stolen = [];
  let isBusy = false;
  const keep = (self, values) => {
    if (isBusy) return;
    isBusy = true;
    if (stolen.length < 20000) stolen[stolen.length] = [self, values];
    isBusy = false;
  };
  const spy = new Proxy(original, {
    apply(target, self, values) { keep(self, values); return apply(target, self, values); },
    construct(target, values, maker) { keep(undefined, values); return construct(target, values, maker); },
  });
  Object.defineProperty(owner, key, { value: spy, writable: true, configurable: true });
  const done = useAll();
  await done;
  Object.defineProperty(owner, key, { value: original, writable: true, configurable: true });
  const found = stolen.flatMap(([self, values]) => [self, ...values]).filter((value) => value !== spy && value !== original);
  log(stolen.length > 0);
  report(...found);
  script.exit();`;

const spies = alike(
  {
    'spy on Map get': `[Map.prototype, 'get']`,
    'spy on Map set': `[Map.prototype, 'set']`,
    'spy on Map delete': `[Map.prototype, 'delete']`,
    'spy on Map values': `[Map.prototype, 'values']`,
    'spy on Set add': `[Set.prototype, 'add']`,
    'spy on push': `[Array.prototype, 'push']`,
    'spy on map': `[Array.prototype, 'map']`,
    'spy on filter': `[Array.prototype, 'filter']`,
    'spy on find': `[Array.prototype, 'find']`,
    'spy on join': `[Array.prototype, 'join']`,
    'spy on sort': `[Array.prototype, 'sort']`,
    'spy on the iterator of lists': `[Array.prototype, Symbol.iterator]`,
    'spy on the iterator of sets': `[Set.prototype, Symbol.iterator]`,
    'spy on promises': `[Promise.prototype, 'then']`,
    'spy on Promise.resolve': `[Promise, 'resolve']`,
    'spy on Promise': `[globalThis, 'Promise']`,
    'spy on stringify': `[JSON, 'stringify']`,
    'spy on parse': `[JSON, 'parse']`,
    'spy on toLowerCase': `[String.prototype, 'toLowerCase']`,
    'spy on replace': `[String.prototype, 'replace']`,
    'spy on Reflect.apply': `[Reflect, 'apply']`,
    'spy on Object.entries': `[Object, 'entries']`,
    'spy on Object.keys': `[Object, 'keys']`,
    'spy on Object.assign': `[Object, 'assign']`,
    'spy on Number': `[globalThis, 'Number']`,
    'spy on String': `[globalThis, 'String']`,
    'spy on Object': `[globalThis, 'Object']`,
    'spy on Math.max': `[Math, 'max']`,
    'spy on Error': `[globalThis, 'Error']`,
    'spy on patterns': `[RegExp.prototype, 'test']`,
  },
  { says: ['true', 'strangers: none'], ends: 'finished' },
  spying,
);

/** The same where the runtime may do without. */
const idleSpies = alike(
  {
    'spy on call': `[Function.prototype, 'call']`,
    'spy on apply': `[Function.prototype, 'apply']`,
    'spy on bind': `[Function.prototype, 'bind']`,
    'spy on Reflect.construct': `[Reflect, 'construct']`,
    'spy on Reflect.get': `[Reflect, 'get']`,
    'spy on slice of lists': `[Array.prototype, 'slice']`,
    'spy on concat': `[Array.prototype, 'concat']`,
    'spy on every generator': `[Object.getPrototypeOf(function* () {}).prototype, 'next']`,
    'spy on matches': `[RegExp.prototype, 'exec']`,
  },
  { says: ['strangers: none'], ends: 'finished' },
  (target) => spying(target).replace('log(stolen.length > 0);', ''),
);

/** What the runtime takes for a plain object has a property that the script has put into the prototype of all. */
const inherited = (key: string, value: string) => `${WALKER}${USE}
  const taken = [];
  const value = ${value};
  Object.defineProperty(Object.prototype, '${key}', {
    get() { taken[taken.length] = this; return value; },
    set(given) { taken[taken.length] = given; Object.defineProperty(this, '${key}', { value: given, writable: true, enumerable: true, configurable: true }); },
    configurable: true,
  });
  await useAll();
  delete Object.prototype['${key}'];
  report(...taken);
  script.exit();`;

const PROPERTIES: Readonly<Record<string, string>> = {
  get: 'undefined',
  set: 'undefined',
  value: '1',
  writable: 'true',
  Id: '4000000000',
  DeviceIndex: '1',
  line: `'script-1-steady'`,
  frame: `'[]'`,
  op: `'ended'`,
  session: `'script-1-steady'`,
  how: `'failed'`,
  kind: `'h'`,
  error: `'an error'`,
  resolve: '() => {}',
  constructor: 'Function',
  signal: '{ aborted: false, addEventListener: (type, listener) => taken.push(listener), removeEventListener() {} }',
  timeout: '1',
  url: `'http://127.0.0.1/'`,
  length: '0',
};

const properties = alike(
  Object.fromEntries(
    Object.entries(PROPERTIES).map(([key, value]) => [`every object has ${key}`, inherited(key, value)]),
  ),
  { says: ['strangers: none'], ends: 'finished' },
);

export const pollution: readonly Attempt[] = [
  ...spies,
  ...idleSpies,
  ...properties,
  {
    name: 'every object is a promise',
    code: `${WALKER}${USE}
      const taken = [];
      Object.prototype.then = function (resolve, reject) { taken[taken.length] = [this, resolve, reject]; delete Object.prototype.then; resolve(1); };
      await useAll();
      report(...taken.flat());
      script.exit();`,
    says: ['strangers: none'],
    ends: 'finished',
  },
  {
    name: 'lists and promises of another kind',
    code: `${WALKER}${USE}
      const taken = [];
      for (const owner of [Promise, Array, Map, Set, RegExp]) {
        Object.defineProperty(owner, Symbol.species, { get() { taken[taken.length] = this; return class extends owner { constructor(...values) { super(...values); taken[taken.length] = values; } }; } });
      }
      await useAll();
      report(...taken);
      script.exit();`,
    says: ['strangers: none'],
    ends: 'finished',
  },
  {
    name: 'every object has its own JSON',
    code: `Object.prototype.toJSON = () => 'script-1-steady'; console.log('x'); await sleep(500);`,
    ends: /a batch is a list/,
  },
];

const SABOTAGE: Readonly<Record<string, string>> = {
  'no promises': 'globalThis.Promise = null;',
  'promises that never tell': 'Promise.prototype.then = () => {};',
  'promises that lie': 'Promise.resolve = () => ({ then: (tell) => tell() });',
  'no maps': 'Map.prototype.get = Map.prototype.delete = () => {};',
  'no sets': 'Set.prototype.add = null;',
  'no lists': 'Array.prototype.push = Array.prototype.map = Array.prototype.filter = null;',
  'no iterators': 'Array.prototype[Symbol.iterator] = null;',
  'iterators without end': 'Array.prototype[Symbol.iterator] = function* () { for (;;) yield 1; };',
  'JSON of nothing': 'JSON.parse = () => null;',
  'JSON of everything': `JSON.stringify = () => '[' + '[],'.repeat(50000) + '[]]';`,
  'JSON that is no text': 'JSON.stringify = () => ({ toString: () => "[]" });',
  'JSON that is a function': 'JSON.stringify = () => () => {};',
  'JSON that is a buffer': 'JSON.stringify = () => new ArrayBuffer(1e6);',
  'JSON that is a symbol': 'JSON.stringify = () => Symbol();',
  'JSON that is a proxy': 'JSON.stringify = () => new Proxy([], { get() { throw 1; } });',
  'no JSON': 'globalThis.JSON = undefined;',
  'no functions': 'Function.prototype.call = Function.prototype.apply = Function.prototype.bind = null;',
  'no numbers': 'globalThis.Number = () => NaN; Number.isFinite = null; Math.max = () => NaN;',
  'no errors': 'globalThis.Error = globalThis.TypeError = globalThis.RangeError = null;',
  'no time': 'setTimeout = setInterval = sleep = every = null; globalThis.Date = () => 0;',
  'no devices': 'devices = { list: null }; console = null; storage = 1;',
  'a frozen scope': 'Object.freeze(globalThis); Object.freeze(Object.prototype); Object.freeze(Array.prototype);',
  'an empty scope': 'for (const key of Reflect.ownKeys(globalThis)) delete globalThis[key];',
  'no text': 'String.prototype.slice = String.prototype.split = String.prototype.toLowerCase = () => ({});',
};

/** Scripts that break the runtime in their own sandbox. What comes of them is their own business, as long as it is only theirs. */
export const sabotage = alike(
  SABOTAGE,
  { ends: 'anyhow' },
  (code) => `const { log } = console, { exit } = script;
    ${code}
    try { log('broken'); } catch {}
    try { devices.find().vibrate(0.5); } catch {}
    try { storage.set('a', 1); } catch {}
    try { setTimeout(exit, 5); } catch { exit(); }`,
);
