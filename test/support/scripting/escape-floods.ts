import { type Attempt, alike, FORGER } from './escape-attempt.js';

/** More of everything than anybody can take. */

/** Goes on for a second, and then ends by itself, if nobody has ended it before. */
const FOR_A_SECOND = 'const end = performance.now() + 1000; const goesOn = () => performance.now() < end;';

const LIMIT =
  /^(It (sent|said) more than|It said something more than|It did not take what|One turn took|It took more than|The gateway ended its session: (ping missed|too many))/;
const limited = (codes: Readonly<Record<string, string>>) => alike(codes, { ends: LIMIT });
const survived = (codes: Readonly<Record<string, string>>) =>
  alike(codes, { says: ['done'], ends: 'finished' }, (code) => `${code}\nconsole.log('done'); script.exit();`);

/** Has text said again and again in place of what the runtime says, and itself woken at once. */
const repeating = (message: string, times = 1) => `${FORGER}
  const text = stringify([['w', 0], ...Array(${times}).fill(${message})]);
  JSON.stringify = () => text;
  setInterval(() => log('again'), 1);
  log('again');`;

/** An own file that is as large as a file may be. */
const LARGE = { 'large.txt': 'x'.repeat(4_000_000), 'large.json': `[${'{},'.repeat(1_000_000)}{}]` };

export const floods: readonly Attempt[] = [
  ...limited({
    'a hundred thousand lines': 'for (let n = 0; n < 100000; n += 1) console.log("line " + n);',
    'long lines': 'setInterval(() => { for (let n = 0; n < 200; n += 1) console.log("x".repeat(1e5)); }, 1);',
    'batches of a megabyte': repeating(`['l', 'info', 'x'.repeat(1000000)]`),
    'batches of many lines': repeating(`['l', 'info', '']`, 50_000),
    'batches of many wakes': repeating(`['w', 0]`, 50_000),
    'batches of many questions': repeating(`['i']`, 50_000),
    'frames with many messages': repeating(`['f', '[' + '{"Ping":{"Id":1}},'.repeat(300) + '{"Ping":{"Id":1}}]']`, 10),
    'frames with bad messages': repeating(`['f', '[0]']`, 100),
    'calls of many objects': repeating(
      `['c', '{"id":1,"call":"storage.set","key":"a","value":[' + '{},'.repeat(65000) + '{}]}']`,
    ),
    'calls of many lists': repeating(
      `['c', '{"id":1,"call":"storage.set","key":"a","value":' + '['.repeat(95000) + ']'.repeat(95000) + '}']`,
    ),
    'values of many objects': repeating(
      `['c', '{"id":1,"call":"storage.set","key":"a"}', '[' + '{},'.repeat(100000) + '{}]']`,
    ),
    'values of many lists': repeating(
      `['c', '{"id":1,"call":"storage.set","key":"a"}', '['.repeat(150000) + ']'.repeat(150000)]`,
    ),
    'calls that say nothing': repeating(`['c', '{}']`, 300),
    'a batch that is a gigabyte':
      'const text = "x".repeat(2 ** 28); JSON.stringify = () => text; console.log(1); setInterval(() => console.log(1), 1);',
    'a million timers': 'for (let n = 0; n < 1e6; n += 1) setTimeout(() => {}, n);',
    'a storm of promises':
      'const split = () => { Promise.resolve().then(split); Promise.resolve().then(split); }; split();',
    'a million microtasks': 'const next = () => { queueMicrotask(next); queueMicrotask(next); }; next();',
    'timers that make timers': 'const split = () => { setTimeout(split, 0); setTimeout(split, 0); }; split();',
    'a million listeners': 'for (let n = 0; n < 1e7; n += 1) devices.on("added", () => {});',
  }),
  ...alike(
    {
      'lines between promises': 'for (let n = 0; n < 5000; n += 1) { console.log("x"); await null; await null; }',
      'lines in every timer':
        'setInterval(async () => { for (let n = 0; n < 500; n += 1) { console.log("x"); await null; await null; } }, 1);',
    },
    { ends: /^It said something more than/ },
  ),
  ...alike(
    {
      'a thousand orders at once':
        'const device = devices.find(); for (let n = 0; n < 1000; n += 1) device.vibrate(0.5);',
      'a thousand calls at once': 'for (let n = 0; n < 1000; n += 1) storage.get("a");',
      'a thousand scans at once': 'for (let n = 0; n < 1000; n += 1) scan(1);',
    },
    { ends: /^Error: More than|^More than/ },
  ),
  ...survived({
    'a line of ten megabytes': 'console.debug("x".repeat(1e7));',
    'a line of a million things': 'console.debug(new Array(1e5).fill({ a: [1] }).slice(0, 2e4));',
    'orders that are refused': `${FOR_A_SECOND} while (goesOn()) { for (let n = 0; n < 500; n += 1) devices.find().vibrate(0.5).catch(() => {}); await sleep(20); }`,
    'orders one after the other': `${FOR_A_SECOND} while (goesOn()) await devices.find().vibrate(Math.random()).catch(() => sleep(5));`,
    'stops one after the other': `${FOR_A_SECOND} while (goesOn()) await stopAll().catch(() => sleep(5));`,
    'scans one after the other': `${FOR_A_SECOND} while (goesOn()) await scan(1).catch(() => sleep(5));`,
    'two hundred intervals without a break': `${FOR_A_SECOND} let ticks = 0; for (let n = 0; n < 200; n += 1) setInterval(() => { ticks += 1; }, 0); await sleep(1000);`,
    'a busy half of every turn': `${FOR_A_SECOND} setInterval(() => { for (let n = 0; n < 1e6; n += 1); }, 0); await sleep(1000);`,
    'a value that is too large':
      'const error = await storage.set("a", "x".repeat(300000)).catch(({ message }) => message); if (!/no room for/.test(error)) console.log(error);',
    'a value that is much too large':
      'const error = await storage.set("a", "x".repeat(900000)).catch(({ message }) => message); if (!/at most/.test(error)) console.log(error);',
    'a value of many objects': `${FOR_A_SECOND} const value = Array.from({ length: 80000 }, () => ({})); await storage.set('a', value).catch(() => {}); await sleep(300);`,
    'a value that is deep':
      'let deep = 1; for (let n = 0; n < 3000; n += 1) deep = [deep]; const error = await storage.set("a", deep).catch(({ message }) => message); if (!/levels/.test(error)) console.log(error);',
    'large values that are read all the time': `${FOR_A_SECOND}
      await storage.set('a', 'x'.repeat(250000));
      const read = async () => { while (goesOn()) await storage.get('a').catch(() => sleep(50)); };
      await Promise.all(Array.from({ length: 20 }, read));`,
  }),
  ...alike(
    {
      'large files that are read all the time': 'large.txt',
      'large files of JSON that are read all the time': 'large.json',
    },
    { says: ['done'], ends: 'finished' },
    (path) => `import { load } from 'pulsegate:funscript'; ${FOR_A_SECOND}
      const read = async () => { while (goesOn()) await load('./${path}').catch(() => sleep(1)); };
      await Promise.all(Array.from({ length: 3 }, read));
      console.log('done');`,
  ).map(
    ({ code, ...rest }): Attempt => ({
      ...rest,
      code: { 'index.js': String(code), ...LARGE },
      each: { limits: { memoryMb: 256, cpuMs: 2000, wallMs: 3000 } },
    }),
  ),
  {
    name: 'a thousand keys',
    code: `
      for (let n = 0; n < 1000; n += 200) await Promise.all(Array.from({ length: 200 }, (_, at) => storage.set('key ' + (n + at), n)));
      console.log(await storage.set('one more', 1).catch(({ message }) => /no room for another key/.test(message)));
      await storage.clear();`,
    says: ['true'],
    ends: 'finished',
    each: { limits: { messagesPerSecond: 2000 } },
  },
  ...alike(
    {
      'ten thousand orders at once': 'for (let n = 0; n < 10000; n += 1) devices.find().vibrate(0.5);',
      'a key that is changed all the time': `${FOR_A_SECOND} let n = 0; while (goesOn()) { n += 1; await storage.set("a", n); }`,
      'requests that are refused': `${FOR_A_SECOND} while (goesOn()) await http.fetch("http://127.0.0.1/", { body: "x".repeat(60000), method: "POST" }).catch(() => {});`,
      'topics that are refused': `${FOR_A_SECOND} while (goesOn()) await mqtt.publish("a", "x".repeat(1000)).catch(() => {});`,
      'exits without end': 'for (;;) script.exit();',
      'an exit and a loop': 'script.exit(); await null; for (;;);',
      'an exit in a listener that waits':
        'script.on("disconnecting", () => { for (;;); }); script.exit(); await sleep(10);',
    },
    { ends: 'anyhow' },
  ),
];
