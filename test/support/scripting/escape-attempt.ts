/** One script that tries to get out, or to harm others. */
export interface Attempt {
  /** What is tried; the name of the script too. */
  readonly name: string;
  /** The script; or its files by path in its own folder, where the script is `index.js`. */
  readonly code: string | Readonly<Record<string, string>>;
  /** What it says, line by line. Absent: that does not matter, as long as no secret is in it. */
  readonly says?: readonly string[];
  /** How it ends: by itself, before it began, with this error; or it does not, and has to be stopped. `anyhow`: one of these. */
  readonly ends: 'finished' | 'invalid' | 'not' | 'anyhow' | RegExp;
  /** What the configuration says about it, besides its device. */
  readonly each?: Readonly<Record<string, unknown>>;
}

/** `tried` things, each with its own code and the same outcome. */
export const alike = (
  codes: Readonly<Record<string, string>>,
  outcome: Omit<Attempt, 'name' | 'code'>,
  around: (code: string) => string = (code) => code,
): readonly Attempt[] => Object.entries(codes).map(([name, code]) => ({ name, code: around(code), ...outcome }));

/**
 * For the beginning of a script: `reachable(start)` is everything that can be got from a value by reading properties, symbols,
 * prototypes and constructors. `strangers(start)` are the functions among them that belong to another global scope, or are neither
 * the language's nor written in JavaScript, as one of the host's would be.
 */
export const WALKER = `
const own = Reflect.ownKeys, parent = Reflect.getPrototypeOf, source = Function.prototype.toString, global = globalThis;
const { apply } = Reflect, { stringify, parse } = JSON, { log } = console;
function reachable(...starts) {
  const seen = new Set(), open = [...starts];
  for (let left = 200000; open.length > 0 && left > 0; left -= 1) {
    const value = open.pop();
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
    seen.add(value);
    open.push(parent(value));
    for (const key of own(value)) {
      try { open.push(value[key]); } catch {}
      const { get, set } = Reflect.getOwnPropertyDescriptor(value, key) ?? {};
      open.push(get, set);
    }
    if (value instanceof Map) open.push(...value.keys(), ...value.values());
    if (value instanceof Set) open.push(...value);
  }
  return seen;
}
const language = reachable(...Object.getOwnPropertyNames(global).filter((name) => /^[A-Z]|^(escape|unescape|eval|is|parse|decode|encode)/.test(name))
  .map((name) => global[name]), async () => {}, function* () {}, async function* () {}, [].values(), new Map().values(), new Set().values(), ''.matchAll(/a/g), [].values().map(() => 1), Iterator.from({ next() {} }), new Error());
function strangers(...starts) {
  return [...reachable(...starts)].filter((value) => {
    if (typeof value !== 'function' || language.has(value)) return false;
    let root = value;
    while (parent(root)) root = parent(root);
    if (root !== Object.prototype) return true;
    // Without a name, and with parameters: the language makes such functions for each promise.
    return apply(source, value, []).includes('[native code]') && (value.name !== '' || value.length === 0);
  }).map((value) => value.name + ' ' + apply(source, value, []).slice(0, 60));
}
const report = (...starts) => log('strangers: ' + (strangers(...starts).join() || 'none'));
`;

/** For the beginning of a script: `forge(text)` has this said to the host in place of the next thing that the runtime would say. */
export const FORGER = `
const { stringify, parse } = JSON, { log } = console;
const heard = [];
JSON.parse = (text, ...rest) => { heard.push(text); return parse(text, ...rest); };
const forge = (...messages) => new Promise((resolve) => {
  JSON.stringify = () => {
    JSON.stringify = stringify;
    resolve();
    return typeof messages[0] === 'string' ? messages[0] : stringify(messages);
  };
  log('');
});
const frame = (...messages) => forge(['f', stringify(messages)]);
/** Resolves with the message that has this Id, as soon as the gateway has said it. */
async function answer(id) {
  for (;;) {
    for (const text of heard.splice(0)) {
      const found = text.startsWith('[{') && parse(text).find((message) => Object.values(message)[0].Id === id);
      if (found) return found;
    }
    await sleep(5);
  }
}
/** What the gateway says to this: \`Ok\`, or the code of its error. */
async function outcome(message) {
  const name = Object.keys(message)[0];
  await frame({ [name]: { Id: 7001, ...message[name] } });
  const [[kind, body]] = Object.entries(await answer(message[name].Id ?? 7001));
  return kind === 'Error' ? 'Error ' + body.ErrorCode : kind;
}
`;
