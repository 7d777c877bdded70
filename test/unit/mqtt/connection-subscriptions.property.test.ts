import fc from 'fast-check';
import { covers, type MqttMessage } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { LogFeed } from '../../../core/logging/log-feed.js';
import { createLogger } from '../../../core/logging/logger.js';
import { Subscriptions } from '../../../plugins/transport-mqtt/connection/subscriptions.js';

const log = createLogger({ level: 'silent', format: 'json', feed: new LogFeed() });
const level = fc.constantFrom('a', 'b', '', '$SYS');
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, deep]) => (deep ? [...levels, '#'] : levels).join('/'));
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const message = (topic: string): MqttMessage => ({ topic, payload: Buffer.alloc(0), retain: false });

describe('listeners to topics', () => {
  it('are told exactly what fits their filters, once', () => {
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 12 }), fc.array(topic, { maxLength: 6 }), (filters, topics) => {
        const subscriptions = new Subscriptions(log);
        const heard: string[] = [];
        filters.forEach((one, place) => {
          subscriptions.add(one, (told) => heard.push(`${place} ${told.topic}`));
        });
        for (const one of topics) subscriptions.dispatch(message(one), undefined, true);
        const expected = topics.flatMap((one) =>
          filters.flatMap((other, place) => (covers(other, one) ? [`${place} ${one}`] : [])),
        );
        expect(heard.sort()).toEqual(expected.sort());
      }),
    );
  });

  it('hear nothing any more once they are gone, and leave the others alone', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(filter, fc.boolean()), { maxLength: 12 }), topic, (filters, one) => {
        const subscriptions = new Subscriptions(log);
        const heard: number[] = [];
        const added = filters.map(([text], place) => subscriptions.add(text, () => heard.push(place)));
        const stays = new Set(filters.flatMap(([text, isGone]) => (isGone ? [] : [text])));
        filters.forEach(([text, isGone], place) => {
          const wasLast = isGone ? added[place]?.remove() : false;
          if (wasLast) expect(stays.has(text)).toBe(false);
        });
        expect(new Set([...subscriptions.all].map(({ filter }) => filter))).toEqual(stays);
        subscriptions.dispatch(message(one), undefined, true);
        const expected = filters.flatMap(([text, isGone], place) => (!isGone && covers(text, one) ? [place] : []));
        expect(heard.sort()).toEqual(expected.sort());
      }),
    );
  });

  it('are told apart by what the broker says the message is for', () => {
    const subscriptions = new Subscriptions(log);
    const heard: string[] = [];
    const hear = (name: string) => () => heard.push(name);
    const wide = subscriptions.add('a/#', hear('wide'));
    const narrow = subscriptions.add('a/b', hear('narrow'));
    subscriptions.dispatch(message('a/b'), [wide.filter.identifier], true);
    expect(heard).toEqual(['wide']);
    subscriptions.dispatch(message('a/b'), [narrow.filter.identifier, wide.filter.identifier, 999], true);
    expect(heard.toSorted()).toEqual(['narrow', 'wide', 'wide']);
    narrow.remove();
    subscriptions.dispatch(message('a/b'), [narrow.filter.identifier], true);
    expect(heard).toHaveLength(3);
  });

  it('do not suffer from one that throws', () => {
    const subscriptions = new Subscriptions(log);
    let heard = 0;
    subscriptions.add('a', () => {
      throw new Error('so');
    });
    subscriptions.add('a', () => {
      heard += 1;
    });
    subscriptions.dispatch(message('a'), undefined, true);
    expect(heard).toBe(1);
  });

  it('get only what is fresh where they want nothing else', () => {
    const subscriptions = new Subscriptions(log);
    const heard: string[] = [];
    subscriptions.add('a', () => heard.push('order'), { onlyFresh: true });
    expect(subscriptions.dispatch(message('a'), undefined, false)).toBe(true);
    subscriptions.add('a', () => heard.push('state'));
    expect(subscriptions.dispatch(message('a'), undefined, false)).toBe(true);
    expect(subscriptions.dispatch(message('a'), undefined, true)).toBe(false);
    expect(heard).toEqual(['state', 'order', 'state']);
  });
});
