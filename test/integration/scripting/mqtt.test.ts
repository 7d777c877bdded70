import { describe, expect, it } from 'vitest';
import { bootScripts, type ScriptedGateway } from '../../support/scripting/boot-scripts.js';
import { TestBroker } from '../../support/scripting/mqtt-broker.js';
import { mqttPlugin } from '../../support/scripting/mqtt-plugin.js';

const header = (mqtt: string) => `/* pulsegate\nmqtt: ${mqtt}\n*/\n`;
const run = (broker: TestBroker, scripts: Readonly<Record<string, string>>, section = {}) =>
  bootScripts({ plugins: [mqttPlugin(broker.url)], scripts, section });

/** What it wrote to its console. */
const said = (gateway: ScriptedGateway, script: string) =>
  gateway.console(script).map((line) => line.replace(/^\w+: /, ''));
const hears = (gateway: ScriptedGateway, script: string, ...lines: readonly string[]) =>
  gateway.until(() => lines.every((line) => said(gateway, script).includes(line)));

/** Logs what it hears on each of these filters, and why it may not. */
const listenTo = (...filters: readonly string[]) => `
  for (const filter of ${JSON.stringify(filters)}) {
    try {
      await mqtt.subscribe(filter, (payload, topic) => console.log(filter, topic, payload));
      console.log(filter, 'ok');
    } catch (error) {
      console.log(error.message);
    }
  }`;

describe('mqtt of a script', () => {
  it('publishes text as it is and everything else as JSON, retained when told to', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, {
      'a.js': `${header('{ publish: [home/toys/#] }')}
        await mqtt.publish('home/toys/text', 'hällo');
        await mqtt.publish('home/toys/json', { level: 0.5, on: [true, null] }, { retain: true });
        await mqtt.publish('home/toys/number', 7);
        await mqtt.publish('home/toys/empty', '', { retain: true });`,
    });
    await gateway.advance(200);
    expect(broker.published).toEqual([
      { topic: 'home/toys/text', payload: 'hällo', retain: false },
      { topic: 'home/toys/json', payload: '{"level":0.5,"on":[true,null]}', retain: true },
      { topic: 'home/toys/number', payload: '7', retain: false },
      { topic: 'home/toys/empty', payload: '', retain: true },
    ]);
    expect(broker.retained('home/toys/json')).toBe('{"level":0.5,"on":[true,null]}');
    expect(broker.retained('home/toys/text')).toBeUndefined();
    expect(gateway.status('a').state).toBe('finished');
  });

  it('hears what it subscribed to, retained messages at once', async () => {
    await using broker = await TestBroker.start();
    await broker.tell('home/hall/state', 'before', { retain: true });
    await using gateway = await run(broker, {
      'a.js': header('{ subscribe: [home/+/state] }') + listenTo('home/+/state'),
    });
    await hears(gateway, 'a', 'home/+/state home/hall/state before');
    await broker.tell('home/bedroom/state', 'später');
    await broker.tell('home/bedroom/light', 'on');
    await broker.tell('home/hall/state', 'after');
    await hears(gateway, 'a', 'home/+/state home/hall/state after');
    expect(said(gateway, 'a')).toEqual([
      expect.stringMatching(/ok|before/),
      expect.stringMatching(/ok|before/),
      'home/+/state home/bedroom/state später',
      'home/+/state home/hall/state after',
    ]);
  });

  it('may subscribe to what its grant covers, and to nothing else', async () => {
    await using broker = await TestBroker.start();
    const refused = ['home/#', '#', 'home/+', 'home/hall/light', '+/hall/state', '$SYS/#', '$share/a/home/hall/state'];
    await using gateway = await run(broker, {
      'a.js':
        header('{ subscribe: [home/+/state, attic/#], publish: ["#"] }') +
        listenTo('home/hall/state', 'home/+/state', 'attic', 'attic/+/light', ...refused),
    });
    await gateway.advance(200);
    expect(said(gateway, 'a').slice(0, 4)).toEqual([
      'home/hall/state ok',
      'home/+/state ok',
      'attic ok',
      'attic/+/light ok',
    ]);
    expect(said(gateway, 'a').slice(4)).toEqual(
      refused.map(
        (filter) =>
          `This script may not subscribe to "${filter}"; its header, or scripts.each in the configuration, has to grant it: mqtt: { subscribe: ["${filter}"] }`,
      ),
    );
    expect(broker.filters).toEqual(['attic', 'attic/+/light', 'home/+/state', 'home/hall/state']);
  });

  it('may publish to what its grant covers, and to nothing else', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, {
      'a.js': `${header('{ subscribe: ["#"], publish: [home/+/set] }')}
        for (const topic of ['home/hall/set', 'home/hall', 'home/hall/set/now', 'home/+/set', 'home/#', '', '$SYS/x']) {
          await mqtt.publish(topic, '1').catch((error) => console.log(error.message));
        }`,
    });
    await gateway.advance(200);
    expect(broker.published.map(({ topic }) => topic)).toEqual(['home/hall/set']);
    expect(said(gateway, 'a').slice(0, -1)).toEqual([
      expect.stringContaining('may not publish to "home/hall"; its header'),
      expect.stringContaining('may not publish to "home/hall/set/now"; its header'),
      '"home/+/set" is not an MQTT topic',
      '"home/#" is not an MQTT topic',
      expect.stringContaining('mqtt.publish: its arguments have the wrong form'),
      expect.stringContaining('may not publish to "$SYS/x"; its header'),
    ]);
  });

  it.each(['home/a+', 'home/#/state', '#/state', 'a\0b'])('takes %j for no filter', async (filter) => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, { 'a.js': header('{ subscribe: ["#"] }') + listenTo(filter) });
    await gateway.advance(200);
    // A log shows no control characters.
    expect(said(gateway, 'a')[0]).toBe(`"${filter.replace('\0', '?')}" is not an MQTT topic filter`);
    expect(broker.filters).toEqual([]);
  });

  it('grants nothing to a script without a header, and what the configuration says in place of the header', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(
      broker,
      {
        'plain.js': listenTo('home/a', 'home/b'),
        'configured.js': header('{ subscribe: [home/a] }') + listenTo('home/a', 'home/b'),
      },
      { each: { configured: { mqtt: { subscribe: ['home/b'] } } } },
    );
    await gateway.advance(200);
    expect(said(gateway, 'plain').filter((line) => line.includes('may not subscribe'))).toHaveLength(2);
    expect(said(gateway, 'configured')).toEqual([
      expect.stringContaining('may not subscribe to "home/a"'),
      'home/b ok',
    ]);
    expect(broker.filters).toEqual(['home/b']);
  });

  it('says that there is no MQTT where no plugin brings any', async () => {
    await using gateway = await bootScripts({
      scripts: {
        'a.js': `${header('{ subscribe: ["#"], publish: ["#"] }')}${listenTo('home/a')}
          await mqtt.publish('home/a', '1').catch((error) => console.log(error.message));`,
      },
    });
    await gateway.advance(200);
    const sentence = 'There is no MQTT here: no plugin that connects to a broker runs';
    expect(said(gateway, 'a').slice(0, 2)).toEqual([sentence, sentence]);
  });

  it.each([
    ['is stopped', '', (gateway: ScriptedGateway) => void gateway.booted.gateway.scripts.act('a', 'stop')],
    ['exits', 'setTimeout(() => script.exit(), 500)', () => {}],
    ['fails', 'setTimeout(() => { throw new Error("so"); }, 500)', () => {}],
    ['takes too long', 'setTimeout(() => { for (;;); }, 500)', () => {}],
  ])('is unsubscribed at the broker when it %s', async (_how, code, end) => {
    await using broker = await TestBroker.start();
    const scripts = { 'a.js': header('{ subscribe: [home/#] }') + listenTo('home/a', 'home/+/b') + code };
    await using gateway = await run(broker, scripts, { wallMs: 1000 });
    await gateway.advance(200);
    expect(broker.filters).toEqual(['home/+/b', 'home/a']);
    end(gateway);
    await gateway.advance(400);
    await gateway.until(() => broker.filters.length === 0);
    const { length } = said(gateway, 'a');
    await broker.tell('home/a', 'too late');
    await gateway.advance(100);
    expect(said(gateway, 'a').slice(length).join()).not.toContain('too late');
  });

  it('subscribes anew when it is started anew', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, { 'a.js': header('{ subscribe: [home/#] }') + listenTo('home/a') });
    await gateway.advance(200);
    gateway.booted.gateway.scripts.act('a', 'restart');
    await gateway.advance(200);
    await broker.tell('home/a', 'once');
    await hears(gateway, 'a', 'home/a home/a once');
    expect(said(gateway, 'a').filter((line) => line.endsWith('once'))).toHaveLength(1);
    expect(broker.filters).toEqual(['home/a']);
  });

  it('ends a subscription with its last listener', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, {
      'a.js': `${header('{ subscribe: [home/#] }')}
        const first = await mqtt.subscribe('home/a', (payload) => console.log('first', payload));
        const second = await mqtt.subscribe('home/a', (payload) => console.log('second', payload));
        await mqtt.subscribe('home/end', (payload) => (payload === 'first' ? first : second).cancel());`,
    });
    await gateway.advance(200);
    await broker.tell('home/a', '1');
    await hears(gateway, 'a', 'first 1', 'second 1');
    await broker.tell('home/end', 'first');
    await broker.tell('home/a', '2');
    await hears(gateway, 'a', 'second 2');
    await broker.tell('home/end', 'second');
    await gateway.until(() => broker.filters.length === 1);
    expect(broker.filters).toEqual(['home/end']);
    expect(said(gateway, 'a')).toEqual(['first 1', 'second 1', 'second 2']);
  });

  it('keeps a subscription when another to the same topic is refused', async () => {
    await using broker = await TestBroker.start();
    const scripts = {
      'a.js': `${header('{ subscribe: [home/#] }')}
        await mqtt.subscribe('home/a', (payload) => console.log('first', payload));
        const many = Array.from({ length: 256 }, () => storage.get('nothing'));
        await mqtt.subscribe('home/a', () => {}).catch((error) => console.log(error.message));
        await Promise.all(many);`,
    };
    await using gateway = await run(broker, scripts, { messagesPerSecond: 1000 });
    await gateway.advance(200);
    expect(said(gateway, 'a')).toEqual(['More than 256 calls at a time; await the earlier ones first']);
    await broker.tell('home/a', '1');
    await hears(gateway, 'a', 'first 1');
  });

  it('hears on after the broker was away, and is told when it cannot publish', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, {
      'a.js': `${header('{ subscribe: [home/a], publish: [home/b] }')}${listenTo('home/a')}
        every(1000, () => mqtt.publish('home/b', '1').catch((error) => console.log(error.message)));`,
    });
    await gateway.advance(200);
    await broker.goAway();
    await gateway.advance(1000);
    expect(said(gateway, 'a').at(-1)).toBe('The MQTT broker is away');
    await broker.comeBack();
    await gateway.until(() => broker.filters.length === 1);
    await broker.tell('home/a', 'again');
    await hears(gateway, 'a', 'home/a home/a again');
  });
});

describe('mqtt of two scripts', () => {
  it('grants each its own', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await run(broker, {
      'a.js': `${header('{ subscribe: [home/a], publish: [home/b] }')}${listenTo('home/a', 'home/b')}
        await mqtt.publish('home/a', '1').catch((error) => console.log(error.message));`,
      'b.js': header('{ subscribe: [home/b] }') + listenTo('home/a', 'home/b'),
    });
    await gateway.advance(200);
    expect(said(gateway, 'a')).toEqual([
      'home/a ok',
      expect.stringContaining('may not subscribe to "home/b"'),
      expect.stringContaining('may not publish to "home/a"'),
    ]);
    expect(said(gateway, 'b')).toEqual([expect.stringContaining('may not subscribe to "home/a"'), 'home/b ok']);
    await broker.tell('home/a', 'for a');
    await broker.tell('home/b', 'for b');
    await hears(gateway, 'b', 'home/b home/b for b');
    await hears(gateway, 'a', 'home/a home/a for a');
    expect(said(gateway, 'a').join()).not.toContain('for b');
    expect(said(gateway, 'b').join()).not.toContain('for a');
  });

  it('leaves the one subscribed when the other, with the same topic, ends', async () => {
    await using broker = await TestBroker.start();
    const text = header('{ subscribe: [home/a] }') + listenTo('home/a');
    await using gateway = await run(broker, { 'a.js': text, 'b.js': text });
    await gateway.advance(200);
    gateway.booted.gateway.scripts.act('a', 'stop');
    await gateway.advance(500);
    await broker.tell('home/a', '1');
    await hears(gateway, 'b', 'home/a home/a 1');
    expect(said(gateway, 'a')).toEqual(['home/a ok']);
  });

  it('lets one go on as ever while the other is flooded', async () => {
    await using broker = await TestBroker.start();
    await using gateway = await bootScripts({
      devices: [{ model: 'Pulsegate Testbed', messageGap: 0 }],
      plugins: [mqttPlugin(broker.url)],
      scripts: {
        'flooded.js': `${header('{ subscribe: [flood] }')}
          let count = 0;
          await mqtt.subscribe('flood', (payload) => {
            count += 1;
            if (payload === 'last') console.log('heard', count);
          });`,
        'calm.js': `${header('{ subscribe: [calm], publish: [calm/answer] }')}
          await mqtt.subscribe('calm', (payload) => mqtt.publish('calm/answer', payload));
          await devices.first().then((device) => device.vibrate(0.5));`,
      },
    });
    await gateway.advance(200);
    const flood = Array.from({ length: 10_000 }, (_, place) =>
      broker.tell('flood', place === 9999 ? 'last' : `${place}`),
    );
    const answers = Array.from({ length: 20 }, (_, place) => `${place}`);
    for (const answer of answers) {
      await broker.tell('calm', answer);
      await gateway.until(() => broker.on('calm/answer').includes(answer));
      expect(await gateway.outputs('pulsegate-testbed-1')).toContain('Vibrate 10');
    }
    await Promise.all(flood);
    await hears(gateway, 'flooded', 'heard 10000');
    expect(broker.on('calm/answer')).toEqual(answers);
    for (const script of ['calm', 'flooded'])
      expect(gateway.status(script)).toMatchObject({ state: 'running', starts: 1 });
  });
});
