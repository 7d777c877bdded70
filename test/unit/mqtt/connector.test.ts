import { readFile } from 'node:fs/promises';
import { mqttTopics } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { topicsOf } from '../../../plugins/transport-mqtt/connector/client-session.js';
import { Emitter } from '../../../plugins/transport-mqtt/connector/emitter.js';
import { Pinger } from '../../../plugins/transport-mqtt/connector/pinger.js';
import { Unanswered } from '../../../plugins/transport-mqtt/connector/unanswered.js';
import { FakeClock } from '../../support/fake-clock.js';

const SOURCE = new URL('../../../plugins/transport-mqtt/connector/', import.meta.url);

describe('the connector', () => {
  it('uses the topics of the gateway', () => {
    const { status, session } = mqttTopics('home/attic');
    expect(topicsOf('home/attic', 'app', 'nonce')).toEqual({ status, ...session('app', 'nonce') });
  });

  it('loads nothing of the gateway, of Node.js or of its packages, but MQTT.js when it connects', async () => {
    const seen = new Set<string>();
    const outside: string[] = [];
    const follow = async (url: URL): Promise<void> => {
      if (seen.has(url.href)) return;
      seen.add(url.href);
      const text = (await readFile(url, 'utf8')).replace(/^import type [^;]*;/gm, '');
      for (const [, path = ''] of text.matchAll(/^(?:import|export)[^;]* from '(.+)';$/gm)) {
        if (path.startsWith('.')) await follow(new URL(path.replace(/\.js$/, '.ts'), url));
        else outside.push(path);
      }
    };
    await follow(new URL('index.ts', SOURCE));
    expect(outside).toEqual([]);
    expect([...seen].map((href) => href.split('/').at(-1))).toContain('sequence.ts');
  });
});

describe('its events', () => {
  it('reach those who listen, as often as they asked for', () => {
    const emitter = new Emitter();
    const heard: unknown[] = [];
    const hear = (value: unknown) => heard.push(value);
    emitter.once('message', hear).on('message', hear).addListener('other', hear);
    expect([emitter.emit('message', 1), emitter.emit('message', 2), emitter.emit('nothing')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(heard).toEqual([1, 1, 2]);
    expect([emitter.listenerCount('message'), emitter.eventNames()]).toEqual([1, ['message', 'other']]);
    emitter.removeListener('message', hear);
    emitter.off('message', hear);
    expect([emitter.emit('message', 3), emitter.listeners('message')]).toEqual([false, []]);
    emitter.removeAllListeners();
    expect(emitter.eventNames()).toEqual([]);
  });

  it('are told to everybody who listened when it happened', () => {
    const emitter = new Emitter();
    const heard: string[] = [];
    const second = () => heard.push('second');
    emitter.on('message', () => {
      heard.push('first');
      emitter.off('message', second);
      emitter.on('message', () => heard.push('too late'));
    });
    emitter.on('message', second);
    emitter.emit('message');
    expect(heard).toEqual(['first', 'second']);
  });
});

describe('what the app has asked', () => {
  it('is answered by the connector when nobody else will, once, and only if nobody did', () => {
    const unanswered = new Unanswered();
    unanswered.asked({ Ping: { Id: 1 } });
    unanswered.asked({ Id: 2 });
    for (const odd of [null, 3, [], {}, { Ping: null }, { Ping: { Id: 'x' } }]) unanswered.asked(odd);
    unanswered.asked({ Ping: { Id: 3 } });
    unanswered.answered([{ Ok: { Id: 1 } }, null, { DeviceList: { Id: 0 } }]);
    const error = { ErrorMessage: 'No answer, and none will come: gone', ErrorCode: 0 };
    expect(unanswered.takeErrors('gone')).toEqual([{ Error: { Id: 2, ...error } }, { Error: { Id: 3, ...error } }]);
    expect(unanswered.takeErrors('gone')).toEqual([]);
  });
});

describe('its pings', () => {
  const SERVER_INFO = [{ ServerInfo: { Id: 1, MaxPingTime: 900 } }];

  it('come three times in the time that the gateway asks for, from its ServerInfo on', async () => {
    const clock = new FakeClock();
    const sent: string[] = [];
    const pinger = new Pinger(
      clock,
      (frame) => sent.push(frame),
      () => sent.push('silent'),
    );
    pinger.pass([{ Ok: { Id: 1 } }, null, 3, 'x', { ServerInfo: null }]);
    expect(clock.waiting).toBe(0);
    expect(pinger.pass(SERVER_INFO)).toBe(SERVER_INFO);
    await clock.advance(900);
    expect(sent).toEqual(Array(3).fill('[{"Ping":{"Id":4294967295}}]'));
    pinger.end();
    await clock.advance(900);
    expect([sent.length, clock.waiting]).toEqual([3, 0]);
  });

  it('that stay unanswered for all of that time mean that nobody is there', async () => {
    const clock = new FakeClock();
    let silent = 0;
    let sent = 0;
    const pinger = new Pinger(
      clock,
      () => {
        sent += 1;
      },
      () => {
        silent += 1;
        pinger.end();
      },
    );
    pinger.pass(SERVER_INFO);
    for (let times = 0; times < 18; times += 1) {
      await clock.advance(300);
      if (sent % 3 === 0) pinger.pass([{ Ok: { Id: 4_294_967_295 } }]);
    }
    expect(silent).toBe(0);
    await clock.advance(900);
    expect(silent).toBe(0);
    await clock.advance(300);
    expect([silent, clock.waiting]).toEqual([1, 0]);
  });

  it('are not needed where there is no ping time', () => {
    const clock = new FakeClock();
    new Pinger(
      clock,
      () => {},
      () => {},
    ).pass([{ ServerInfo: { Id: 1, MaxPingTime: 0 } }]);
    expect(clock.waiting).toBe(0);
  });

  it('have answers that the app does not see; it sees every other', () => {
    const pinger = new Pinger(
      new FakeClock(),
      () => {},
      () => {},
    );
    pinger.pass(SERVER_INFO);
    const answers = [{ Ok: { Id: 4_294_967_295 } }, { Ok: { Id: 2 } }, { Error: { Id: 4_294_967_295 } }];
    expect(pinger.pass(answers)).toEqual(answers.slice(1));
  });
});
