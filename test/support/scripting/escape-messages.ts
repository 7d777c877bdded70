import { type Attempt, alike, FORGER } from './escape-attempt.js';

/** A script that has replaced `JSON.stringify` says what it likes, in place of the runtime. It is still only a client with few rights. */

const order = (fields: string) =>
  `{ OutputCmd: { DeviceIndex: 0, FeatureIndex: 0, Command: { Vibrate: { Value: 1 } }, ${fields} } }`;

/** One message, and what the gateway answers. */
const answers = alike(
  {
    'a second handshake': `{ RequestServerInfo: { ClientName: 'steady', ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 } }`,
    'a handshake of another version': `{ RequestServerInfo: { ClientName: 'old', MessageVersion: 0 } }`,
  },
  { says: ['Error 1'], ends: 'finished' },
  (message) => `${FORGER} log(await outcome(${message})); script.exit();`,
);

const refused = (code: number, messages: Readonly<Record<string, string>>) =>
  alike(
    messages,
    { says: [`Error ${code}`], ends: 'finished' },
    (message) => `${FORGER} log(await outcome(${message})); script.exit();`,
  );

export const messages: readonly Attempt[] = [
  ...answers,
  ...refused(3, {
    'the log of the gateway': `{ RequestLog: { LogLevel: 'Trace' } }`,
    'a stop of old clients': '{ StopAllDevices: {} }',
    'a raw write of old clients': `{ RawWriteCmd: { DeviceIndex: 0, Endpoint: 'tx', Data: [1, 0, 0, 20], WriteWithResponse: false } }`,
    'a message that there is not': '{ Shutdown: {} }',
    'a message called constructor': '{ constructor: {} }',
    'an order without a feature': '{ OutputCmd: { DeviceIndex: 0, Command: { Vibrate: { Value: 1 } } } }',
    'half a value': order('Command: { Vibrate: { Value: 0.5 } }'),
    'an order of many kinds': order('Command: { Vibrate: { Value: 1 }, Rotate: { Value: 1 } }'),
    'an order for the prototype': order(`Command: JSON.parse('{ "__proto__": { "Value": 1 } }')`),
  }),
  ...refused(4, {
    'a device of somebody else': order('DeviceIndex: 1'),
    'a device that there is not': order('DeviceIndex: 4294967295'),
    'a feature that there is not': order('FeatureIndex: 4294967295'),
    'a value beyond the limit': order('Command: { Vibrate: { Value: 1000000 } }'),
    'the stop of somebody else': '{ StopCmd: { DeviceIndex: 1, Inputs: true, Outputs: true } }',
    'an input of somebody else': `{ InputCmd: { DeviceIndex: 1, FeatureIndex: 12, Type: 'Button', Command: 'Subscribe' } }`,
  }),
  {
    name: 'a stop of everything',
    code: `${FORGER} log(await outcome({ StopCmd: { Inputs: true, Outputs: true } })); script.exit();`,
    says: ['Ok'],
    ends: 'finished',
  },
  {
    name: 'devices that were not granted',
    code: `${FORGER} await frame({ RequestDeviceList: { Id: 7001 } }); const { DeviceList } = await answer(7001); log(Object.keys(DeviceList.Devices).join()); script.exit();`,
    says: ['0'],
    ends: 'finished',
  },
  ...alike(
    {
      'a negative Id': '-1',
      'an Id beyond 32 bits': '4294967296',
      'an Id that is text': `'7001'`,
      'no Id': 'undefined',
    },
    { says: ['3'], ends: 'finished' },
    (id) => `${FORGER} await frame({ Ping: { Id: ${id} } }); log((await answer(0)).Error.ErrorCode); script.exit();`,
  ),
  {
    name: 'Ids that the runtime uses',
    code: `${FORGER}
      const reading = devices.find().read('Battery');
      for (let id = 1; id < 50; id += 1) await frame({ Ping: { Id: id } });
      log(typeof await reading.catch(({ name }) => name));
      script.exit();`,
    says: ['number'],
    ends: 'finished',
  },
  ...alike(
    {
      'text that is not JSON': `'no JSON'`,
      'half a batch': `'[["f","[]"'`,
      'a batch that is null': `'null'`,
      'a batch that is an object': `'{"length":1,"0":["x",""]}'`,
    },
    { ends: /^(SyntaxError|TypeError): / },
    (text) => `${FORGER} await forge(${text}); await sleep(500);`,
  ),
  ...alike(
    {
      'a frame of another session': `{ line: 'script-1-steady', frame: '[{"StopCmd":{"Id":1}}]' }`,
      'the end of another script': `{ op: 'ended', id: 'script-1-steady', how: 'failed', message: 'gone' }`,
      'a file for another script': `{ op: 'load', id: 'script-1-steady', request: 1, specifier: '../secret.json', referrer: 'index.js' }`,
      'a host that gives up': `{ op: 'unavailable', reason: 'nothing works' }`,
      'a host that is too large': `{ op: 'beat', residentMb: 1e6, runs: 0, ended: 0 }`,
      'a kind that there is not': `['load', '../secret.json']`,
      'a timer before its time': `['w', -1]`,
      'a frame that is no text': `['f', [{ Ping: { Id: 1 } }]]`,
      'a level that there is not': `['l', 'fatal', 'text']`,
      'a call that is too long': `['c', 'x'.repeat(200000)]`,
      'a call with a text that is too long': `['c', '{"id":1,"call":"storage.set","key":"a"}', 'x'.repeat(400000)]`,
      'a call with a list in place of a text': `['c', '{"id":1,"call":"storage.set","key":"a"}', [1]]`,
      'a frame that is no list': `['f', '{"Ping":{"Id":1}}']`,
    },
    { ends: /^TypeError: / },
    (message) => `${FORGER} await forge(${message}); await sleep(500);`,
  ),
  {
    name: 'more than was asked for',
    code: `${FORGER}
      await forge(['f', '[{"Ping":{"Id":7001}}]', 'script-1-steady'], ['l', 'info', 'a line', 'script-1-steady'], ['h', 'again'], ['w', 1e300], ['i'], ['i']);
      log(Object.keys(await answer(7001)).join());
      script.exit();`,
    says: ['a line', 'Ok'],
    ends: 'finished',
  },
  {
    name: 'a last word that is long',
    code: `${FORGER} await forge(['x', 'a problem '.repeat(10000)]); await sleep(500);`,
    ends: /^a problem a problem/,
  },
  ...alike(
    {
      'frames of a megabyte': `['f', '[' + '{"Ping":{"Id":1}},'.repeat(50000) + '{"Ping":{"Id":1}}]']`,
      'a message of a quarter megabyte': `['f', '[{"Ping":{"Id":1,' + Array.from({ length: 20000 }, (_, at) => '"f' + at + '":0').join() + '}}]']`,
      'a thousand messages in a frame': `['f', '[' + '{"Ping":{"Id":1}},'.repeat(999) + '{"Ping":{"Id":1}}]']`,
      'a thousand frames': `...Array(1000).fill(['f', '[{"Ping":{"Id":1}}]'])`,
      'a thousand calls': `...Array(1000).fill(['c', '{"id":1,"call":"storage.keys"}'])`,
    },
    { ends: /^It (sent|said) more than/ },
    (message) => `${FORGER} await forge(${message}); await sleep(500);`,
  ),
  {
    name: 'a frame of five megabytes',
    code: `${FORGER} await forge(['f', 'x'.repeat(5000000)]); await sleep(500);`,
    ends: /^It said more than/,
  },
  {
    name: 'a frame of many brackets',
    code: `${FORGER} await forge(['f', '['.repeat(200000)]); await sleep(500);`,
    ends: /JSON/,
  },
  ...alike(
    {
      'a call that there is not': `{ id: 900, call: 'process.exit' }`,
      'a call named constructor': `{ id: 900, call: 'constructor' }`,
      'a call with a script': `{ id: 900, call: 'storage.get', key: 'secret', script: 'keeper' }`,
      'a call with a path': `{ id: 900, call: 'storage.get', key: 'secret', path: '../script-keeper.json' }`,
      'a call that grants itself hosts': `{ id: 900, call: 'http.fetch', request: { url: 'http://127.0.0.1/', hosts: ['127.0.0.1'] } }`,
      'a call with a key that is a list': `{ id: 900, call: 'storage.get', key: ['secret'] }`,
      'a call that stores nothing': `{ id: 900, call: 'storage.set', key: 'a' }`,
      'a call that reads a list': `{ id: 900, call: 'file.read', path: ['../secret.json'] }`,
    },
    { says: ['refused'], ends: 'finished' },
    (call) => `${FORGER}
      await forge(['c', stringify(${call})]);
      for (let reply; !reply; await sleep(5)) {
        reply = heard.map((text) => parse(text)).find((message) => message?.id === 900);
        if (reply) log(reply.error ? 'refused' : stringify(reply));
      }
      script.exit();`,
  ),
];
