import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, isFilter, isTopic } from '../../../core/mqtt/filters.js';
import { fits } from '../../support/scripting/mqtt-topics.js';

/** Few names, so that filters and topics often meet; one is empty, and one begins as the broker's own topics do. */
const NAMES = ['a', 'b', '', '$s', 'a.c'];
const name = fc.constantFrom(...NAMES);
const topic = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map((levels) => levels.join('/'))
  .filter((text) => text !== '');
const filter = fc
  .tuple(fc.array(fc.oneof(name, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .map(([levels, endsOpen]) => [...levels, ...(endsOpen ? ['#'] : [])].join('/'))
  .filter((text) => text !== '');

/** A filter that the topic fits, or nearly so: some of its levels are wildcards, and its end may be. */
const filterNear = (text: string) =>
  fc.tuple(fc.infiniteStream(fc.boolean()), fc.option(fc.nat(5), { nil: undefined })).map(([isWild, cutAt]) => {
    const levels = text.split('/').map((level) => (isWild.next().value ? '+' : level));
    return (cutAt === undefined ? levels : [...levels.slice(0, cutAt), '#']).join('/');
  });
const topicWithFilters = topic.chain((one) => fc.tuple(fc.constant(one), filterNear(one), filterNear(one)));

describe('covers', () => {
  it('promises that whatever fits the wanted filter fits the granted one', () => {
    fc.assert(
      fc.property(topicWithFilters, ([one, granted, wanted]) => {
        fc.pre(covers(granted, wanted) && fits(wanted, one));
        expect(fits(granted, one)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('promises the same of filters that have nothing to do with each other', () => {
    fc.assert(
      fc.property(filter, filter, topic, (granted, wanted, one) => {
        if (covers(granted, wanted) && fits(wanted, one)) expect(fits(granted, one)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  it('says of a topic what a broker says', () => {
    fc.assert(
      fc.property(filter, topic, (granted, one) => {
        expect(covers(granted, one)).toBe(fits(granted, one));
      }),
      { numRuns: 5000 },
    );
  });

  it('covers a filter by itself', () => {
    fc.assert(
      fc.property(filter, (one) => {
        expect(covers(one, one)).toBe(true);
      }),
    );
  });

  it.each([
    ['#', 'home/door'],
    ['#', '+/door/#'],
    ['home/#', 'home'],
    ['home/#', 'home/+/state'],
    ['home/+/state', 'home/hall/state'],
    ['home/+/state', 'home/+/state'],
    ['home/+', 'home/'],
    ['+/+', '/'],
    ['$SYS/#', '$SYS/broker/load'],
  ])('%s covers %s', (granted, wanted) => {
    expect(covers(granted, wanted)).toBe(true);
  });

  it.each([
    ['home/hall/state', 'home/+/state'],
    ['home/+/state', 'home/#'],
    ['home/+', 'home'],
    ['home/+', 'home/hall/state'],
    ['home/+/#', 'home/#'],
    ['home', 'home/'],
    ['Home', 'home'],
    ['home/#', '#'],
    ['#', '$SYS/broker/load'],
    ['+/broker/load', '$SYS/broker/load'],
    ['$SYS/#', '#'],
  ])('%s does not cover %s', (granted, wanted) => {
    expect(covers(granted, wanted)).toBe(false);
  });
});

describe('isFilter', () => {
  it.each(['a', '/', '+', '#', 'a/+/b', 'a/#', '+/+/#', 'a//b', '$SYS/#', ' '])('takes %j', (text) => {
    expect(isFilter(text)).toBe(true);
  });

  it.each(['', 'a#', '#/a', 'a/#/b', 'a+', '+a/b', 'a/b#', '##', 'a\0b'])('does not take %j', (text) => {
    expect(isFilter(text)).toBe(false);
  });

  it('is told from a topic by its wildcards alone', () => {
    fc.assert(
      fc.property(fc.oneof(filter, topic, fc.string()), (text) => {
        expect(isTopic(text)).toBe(isFilter(text) && !/[+#]/.test(text));
      }),
    );
  });
});
