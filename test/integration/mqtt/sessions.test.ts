import { describe, expect, it } from 'vitest';
import { type LiveGateway, TESTBED } from '../../support/live-gateway.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { HandClient, somebody } from '../../support/mqtt/hand-client.js';
import {
  isUp,
  metricReaches,
  onEmbedded,
  onMosquitto,
  ROOT,
  type SessionHome,
} from '../../support/mqtt/session-home.js';
import { decode } from '../../support/stop/outputs.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** Buttplug sessions over real brokers, written by hand. Whatever ends one, its device stops. */

const VIBRATE = { Vibrate: { Value: 13 } };
const soon = { interval: 5, timeout: PATIENCE_MS };
const refused = (live: LiveGateway, reason: string, count: number) =>
  metricReaches(live, `pulsegate_mqtt_frames_refused_total{reason="${reason}"}`, count);

/** How often the device was told to go on. A stop is sent twice, and not of interest here. */
async function orders({ simulated }: LiveGateway): Promise<number> {
  const { packets } = await simulated.state(TESTBED);
  return packets.filter(({ time, hex }) => decode(Date.parse(time), hex).level !== 0).length;
}

/** A client that has made the device vibrate. */
async function driving({ live, line }: SessionHome, names: { client?: string; session?: string } = {}) {
  const hand = await HandClient.connect(line.url, ROOT, names);
  await hand.drive(0, VIBRATE);
  await live.simulated.reaches(TESTBED, 0, 13);
  return hand;
}

const homes = { 'the embedded broker': onEmbedded, Mosquitto: onMosquitto };

for (const [name, start] of Object.entries(homes)) {
  const describeHome = start === onEmbedded ? describe : describeMosquitto;
  describeHome(`a session over ${name}`, () => {
    it('shakes hands, drives, and ends when it asks to', async () => {
      await using home = await start();
      await using hand = await driving(home);
      expect(hand.heard[0]).toBe('1 []');
      expect(hand.heard[1]).toMatch(/^2 \[\{"ServerInfo":.*"MaxPingTime":10000/);
      await metricReaches(home.live, 'pulsegate_mqtt_sessions', 1);
      await hand.say({ Disconnect: { Id: 9 } });
      await hand.hears('closed the client asked for it');
      await home.live.simulated.reaches(TESTBED, 0, 0);
      await metricReaches(home.live, 'pulsegate_mqtt_sessions', 0);
    });

    it('ends when the client says that it is gone', async () => {
      await using home = await start();
      await using hand = await driving(home);
      await hand.mqtt.publishAsync(hand.topics.gone, '', { qos: 1 });
      await home.live.simulated.reaches(TESTBED, 0, 0);
    });

    it('ends when the client vanishes: its last will says so', async () => {
      await using home = await start();
      await using hand = await driving(home);
      hand.vanish();
      await home.live.simulated.reaches(TESTBED, 0, 0);
      await metricReaches(home.live, 'pulsegate_mqtt_sessions_ended_total{reason="gone"}', 1);
    });

    it('ends when the client’s line breaks', async () => {
      await using home = await start();
      await using _hand = await driving(home);
      home.line.cut();
      await home.live.simulated.reaches(TESTBED, 0, 0);
    });

    it('ends when the client misses its ping, and is told in both ways', async () => {
      await using home = await start({ section: { maxPingTime: 300 } });
      await using hand = await driving(home);
      await home.live.simulated.reaches(TESTBED, 0, 0);
      await hand.hears('"ErrorCode":2');
      await hand.hears('closed ping missed');
      await hand.drive(0, VIBRATE).catch(() => {});
      await refused(home.live, 'ended', 1);
      await home.live.simulated.reaches(TESTBED, 0, 0);
    });

    it('gives way to a newer one of the same client', async () => {
      await using home = await start();
      await using older = await driving(home, { client: 'app' });
      await using newer = await HandClient.connect(home.line.url, ROOT, { client: 'app' });
      await older.hears('closed another session of this client has begun');
      await home.live.simulated.reaches(TESTBED, 0, 0);
      await newer.drive(0, VIBRATE);
      await home.live.simulated.reaches(TESTBED, 0, 13);
      await older.say({ StopCmd: { Id: 8 } });
      await refused(home.live, 'ended', 1);
      expect((await home.live.simulated.output(TESTBED, 0)).level).toBe(13);
    });

    it('takes what is sent twice, or sent again, once', async () => {
      await using home = await start();
      await using hand = await driving(home);
      const before = await orders(home.live);
      for (const payload of ['2 [{"OutputCmd":{}}]', '1 []']) {
        await hand.mqtt.publishAsync(hand.topics.up, payload, { qos: 1, dup: true });
        await hand.raw(payload);
      }
      await refused(home.live, 'repeated', 4);
      await hand.drive(1, { Rotate: { Value: 5 } }, 8);
      await home.live.simulated.reaches(TESTBED, 1, 5);
      expect(await orders(home.live)).toBe(before + 1);
    });

    it('runs nothing of it once it is over, whoever replays it', async () => {
      await using home = await start();
      await using spy = await somebody(home.url);
      const tape: { topic: string; payload: Buffer }[] = [];
      spy.on('message', (topic, payload) => tape.push({ topic, payload }));
      await spy.subscribeAsync(`${ROOT}/clients/+/+/up`, { qos: 1 });
      const hand = await driving(home);
      await hand[Symbol.asyncDispose]();
      await home.live.simulated.reaches(TESTBED, 0, 0);
      const before = await orders(home.live);
      await spy.unsubscribeAsync(`${ROOT}/clients/+/+/up`);
      expect(tape).toHaveLength(2);
      for (const { topic, payload } of [...tape, ...tape]) await spy.publishAsync(topic, payload, { qos: 1 });
      await refused(home.live, 'ended', 4);
      expect(await orders(home.live)).toBe(before);
      await metricReaches(home.live, 'pulsegate_mqtt_sessions', 0);
    });

    it('puts in order what overtook something', async () => {
      await using home = await start();
      await using hand = await HandClient.connect(home.line.url, ROOT);
      const order = (Value: number) =>
        `[{"OutputCmd":{"Id":${Value},"DeviceIndex":0,"FeatureIndex":0,"Command":{"Vibrate":{"Value":${Value}}}}}]`;
      await hand.raw(`4 ${order(3)}`);
      await hand.raw(`3 ${order(2)}`);
      await hand.raw(`2 ${order(1)}`);
      await hand.hears('"Ok":{"Id":3}');
      const answers = hand.heard.filter((text) => text.includes('"Ok"')).map((text) => text.split(' ')[1]);
      expect(answers).toEqual([1, 2, 3].map((Id) => `[{"Ok":{"Id":${Id}}}]`));
      await home.live.simulated.reaches(TESTBED, 0, 3);
    });

    it('ends when a message is missing', async () => {
      await using home = await start();
      await using hand = await driving(home);
      await hand.raw('4 [{"Ping":{"Id":9}}]');
      await hand.hears('closed messages are missing');
      await home.live.simulated.reaches(TESTBED, 0, 0);
    });

    it('does not care for junk that others publish, on its own topics or on those of others', async () => {
      await using home = await start();
      await using hand = await driving(home);
      await using other = await somebody(home.url);
      const junk = [Buffer.from([0, 255, 254]), 'x', '-1 []', '1e9 []', `9999999999999999 []`, '['.repeat(100_000)];
      for (const payload of junk) {
        await other.publishAsync(hand.topics.up, payload, { qos: 1 });
        await other.publishAsync(`${ROOT}/clients/nobody/none/up`, payload, { qos: 1 });
        await other.publishAsync(`${ROOT}/clients/${'n'.repeat(65)}/none/up`, payload, { qos: 1 });
        await other.publishAsync(`${ROOT}/clients/nobody/${'n'.repeat(65)}/gone`, payload, { qos: 1 });
      }
      for (let at = 0; at < 300; at += 1) {
        await other.publishAsync(`${ROOT}/clients/stranger-${at}/none/up`, `1 [${'['.repeat(1000)}`, { qos: 1 });
      }
      await refused(home.live, 'malformed', 2 * junk.length);
      await hand.drive(1, { Rotate: { Value: 5 } }, 8);
      await home.live.simulated.reaches(TESTBED, 1, 5);
      expect((await home.live.simulated.output(TESTBED, 0)).level).toBe(13);
    });
  });
}

describeMosquitto('sessions and a broker that goes away', () => {
  it.each([
    ['the gateway’s line breaks', async ({ gatewayLine }) => gatewayLine.cut()],
    ['the broker is killed', async ({ broker }) => broker.kill()],
    ['the broker stops in order', async ({ broker }) => broker.stop()],
    ['the broker does not answer', async ({ broker }) => broker.pause()],
  ] satisfies [string, (home: Awaited<ReturnType<typeof onMosquitto>>) => Promise<void>][])(
    'end when %s, and nothing of them runs after it is back',
    async (_name, strike) => {
      await using home = await onMosquitto({ section: { stallAfter: 300 } });
      await using hand = await driving(home);
      await strike(home);
      await home.live.simulated.reaches(TESTBED, 0, 0);
      const before = await orders(home.live);
      if (home.broker.isRunning) home.broker.resume();
      else await home.broker.restart();
      await isUp(home.live);
      await using late = await somebody(home.url);
      await late.publishAsync(
        hand.topics.up,
        '3 [{"OutputCmd":{"Id":8,"DeviceIndex":0,"FeatureIndex":0,"Command":{"Vibrate":{"Value":20}}}}]',
        { qos: 1 },
      );
      await refused(home.live, 'ended', 1);
      expect(await orders(home.live)).toBe(before);
      await using _again = await driving(home);
    },
  );

  it('ignore what was retained on their topics', async () => {
    await using home = await onMosquitto();
    await using hand = await HandClient.open(home.url, ROOT, { session: 'kept-for-ever' });
    home.gatewayLine.refuse();
    await metricReaches(home.live, 'pulsegate_mqtt_connected', 0);
    await hand.raw(
      '1 [{"RequestServerInfo":{"Id":1,"ClientName":"x","ProtocolVersionMajor":4,"ProtocolVersionMinor":0}}]',
      true,
    );
    home.gatewayLine.accept();
    await isUp(home.live);
    await metricReaches(home.live, 'pulsegate_mqtt_ignored_total{reason="retained"}', 1);
    expect(await home.live.metric('pulsegate_mqtt_sessions')).toBe(0);
    expect(hand.heard).toEqual([]);
  });

  it('leave nothing retained', async () => {
    await using home = await onMosquitto();
    const hand = await driving(home);
    await hand[Symbol.asyncDispose]();
    await home.live.simulated.reaches(TESTBED, 0, 0);
    const topics = [...(await home.broker.retained(`${ROOT}/clients/#`)).keys()];
    expect(topics).toEqual([]);
  });
});

it('a client that begins while the gateway still ignores what may be late gets in with the same number a moment later', async () => {
  await using home = await onEmbedded({ section: { settle: 300 } });
  await using hand = await HandClient.open(home.line.url, ROOT);
  await isUp(home.live);
  await expect
    .poll(async () => {
      await hand.raw('1 []');
      return hand.heard[0];
    }, soon)
    .toBe('1 []');
});
