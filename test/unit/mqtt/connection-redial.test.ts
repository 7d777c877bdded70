import { describe, expect, it } from 'vitest';
import { LogFeed } from '../../../core/logging/log-feed.js';
import { createLogger } from '../../../core/logging/logger.js';
import type { MqttVersion } from '../../../plugins/transport-mqtt/connection/address.js';
import { EndedError, type EndKind } from '../../../plugins/transport-mqtt/connection/end-of-line.js';
import { Redial } from '../../../plugins/transport-mqtt/connection/redial.js';
import { FakeClock } from '../../support/fake-clock.js';

const end = (kind: EndKind, wasOpen = false) => ({ kind, text: `it is ${kind}`, wasOpen });

/** @param answers what becomes of each attempt; the last one of all that follow. Undefined: it succeeds */
function stage(answers: readonly (EndKind | undefined)[], { hasBroker = true } = {}) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const attempts: { readonly at: number; readonly version: MqttVersion }[] = [];
  const redial = new Redial({
    address: () => (hasBroker ? { url: '', shown: 'mqtt://host' } : undefined),
    async dial(_address, version) {
      attempts.push({ at: clock.now(), version });
      const answer = answers[Math.min(attempts.length, answers.length) - 1];
      if (answer) throw new EndedError(end(answer));
    },
    onAttempt() {},
    clientId: 'pulsegate-kitchen',
    root: 'pulsegate/kitchen',
    mostPauseMs: 2_000,
    clock,
    log: createLogger({
      level: 'info',
      format: 'json',
      feed: new LogFeed(),
      output: { write: (line) => lines.push(JSON.parse(line).msg) },
    }),
  });
  const versions = () => attempts.map(({ version }) => version);
  return { clock, lines, attempts, versions, redial };
}

describe('calling the broker', () => {
  it('never ends, and is said once a minute', async () => {
    const { clock, lines, attempts, redial } = stage(['other']);
    redial.start();
    await clock.advance(59_000);
    expect(lines).toEqual(['mqtt: no connection to mqtt://host: it is other; it is tried again and again']);
    await clock.advance(10 * 60_000);
    expect(lines.length).toBeGreaterThanOrEqual(9);
    expect(lines.length).toBeLessThanOrEqual(11);
    await clock.advance(24 * 3_600_000);
    const gaps = attempts.slice(1).map(({ at }, place) => at - (attempts[place]?.at ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2_000);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    expect(attempts.length).toBeGreaterThan(24 * 1_800);
  });

  it('is over when it is stopped', async () => {
    const { clock, attempts, redial } = stage(['other']);
    redial.start();
    await clock.advance(10_000);
    const { length } = attempts;
    redial.stop();
    await clock.advance(600_000);
    expect(attempts).toHaveLength(length);
    expect(clock.waiting).toBe(0);
  });

  it('says what it has lost, and that it is back', async () => {
    const { clock, lines, redial } = stage([undefined]);
    redial.start();
    await clock.advance(20_000);
    redial.lost(end('cut'));
    await clock.advance(500);
    expect(lines).toEqual([
      'mqtt: connected to mqtt://host (MQTT 5), topics under pulsegate/kitchen',
      'mqtt: the connection is lost: it is cut',
      'mqtt: connected to mqtt://host (MQTT 5), topics under pulsegate/kitchen',
    ]);
  });

  it('is back soon each time when the connection is cut fifty times', async () => {
    const { clock, attempts, redial } = stage([undefined]);
    redial.start();
    for (let cuts = 1; cuts <= 50; cuts += 1) {
      await clock.advance(100);
      redial.lost(end('hung up', true));
      await clock.advance(2_000);
      expect(attempts).toHaveLength(cuts + 1);
    }
  });

  it('says once that there is no broker, and finds one that comes', async () => {
    const { clock, lines, redial } = stage([], { hasBroker: false });
    redial.start();
    await clock.advance(3_600_000);
    expect(lines).toEqual([expect.stringContaining('plugins.mqtt-broker does not run')]);
  });
});

describe('the version of MQTT', () => {
  it('is 3.1.1, at once and from then on, where the broker says that it knows nothing newer', async () => {
    const { clock, lines, versions, redial } = stage(['version', undefined]);
    redial.start();
    await clock.advance(10);
    expect(versions()).toEqual([5, 4]);
    expect(lines.at(-1)).toContain('(MQTT 3.1.1)');
    redial.lost(end('cut'));
    await clock.advance(500);
    expect(versions()).toEqual([5, 4, 4]);
  });

  it('is tried both ways where the broker just hangs up', async () => {
    const { clock, versions, redial } = stage(['hung up', 'hung up', 'hung up', undefined]);
    redial.start();
    await clock.advance(10_000);
    expect(versions()).toEqual([5, 4, 5, 4]);
    // It may have been a broker that was not ready.
    redial.lost(end('cut'));
    await clock.advance(3_000);
    expect(versions()).toEqual([5, 4, 5, 4, 5]);
  });

  it('stays where the broker is only away', async () => {
    const { clock, versions, redial } = stage(['other', 'refused', 'other', undefined]);
    redial.start();
    await clock.advance(10_000);
    expect(versions()).toEqual([5, 5, 5, 5]);
  });
});

describe('a client id that somebody else has', () => {
  it('is not given up for one time: it may have been a connection of our own that the broker found late', async () => {
    const { clock, lines, attempts, redial } = stage([undefined]);
    redial.start();
    await clock.advance(1);
    redial.lost(end('taken over'));
    await clock.advance(500);
    expect(attempts).toHaveLength(2);
    expect(lines.join()).not.toContain('another client');
  });

  it('is left to another gateway as soon as that is heard of', async () => {
    const { clock, lines, attempts, redial } = stage([undefined]);
    redial.start();
    await clock.advance(1);
    redial.rival();
    redial.lost(end('hung up'));
    await clock.advance(9_900);
    expect(attempts).toHaveLength(1);
    expect(lines.filter((line) => line.includes('another client'))).toHaveLength(1);
    await clock.advance(5_200);
    expect(attempts).toHaveLength(2);
  });

  it('is left to the other for longer and longer, with one sentence', async () => {
    const { clock, lines, attempts, redial } = stage([undefined]);
    redial.start();
    for (let fights = 0; fights < 30; fights += 1) {
      const { length } = attempts;
      for (let waited = 0; attempts.length === length && waited < 200; waited += 1) await clock.advance(500);
      await clock.advance(10);
      redial.lost(end('taken over'));
    }
    const gaps = attempts.slice(1).map(({ at }, place) => at - (attempts[place]?.at ?? 0));
    expect(gaps.slice(1).every((gap) => gap >= 10_000)).toBe(true);
    expect(gaps.slice(4).every((gap) => gap >= 60_000)).toBe(true);
    const sentences = lines.filter((line) => line.includes('another client'));
    expect(sentences[0]).toBe(
      'mqtt: another client on the broker uses the id "pulsegate-kitchen"; give each gateway a name of its own: plugins.transport-mqtt.gateway',
    );
    expect(sentences.length).toBeLessThanOrEqual(clock.now() / 60_000 + 1);
  });
});
