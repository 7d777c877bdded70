import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../core/config/secret.js';
import { isFilter } from '../../../core/mqtt/filters.js';
import { Accounts } from '../../../plugins/mqtt-broker/accounts.js';
import { config } from '../../../plugins/mqtt-broker/config.js';
import { FilterTree } from '../../../plugins/mqtt-broker/filter-tree.js';
import { RetainedMessages } from '../../../plugins/mqtt-broker/retained.js';
import { fits } from '../../support/scripting/mqtt-topics.js';

const level = fc.constantFrom('a', 'b', '', '$s', '__proto__');
const topic = fc
  .array(level, { minLength: 1, maxLength: 4 })
  .map((levels) => levels.join('/'))
  .filter((one) => one !== '');
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen ? ['#'] : [])].join('/'))
  .filter((one) => one !== '');

describe('a tree of filters', () => {
  it('finds what a broker would find, after anything has been put in and taken out', () => {
    const step = fc.tuple(fc.boolean(), filter, fc.constantFrom('x', 'y'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.array(topic, { maxLength: 10 }), (steps, topics) => {
        const tree = new FilterTree<string>();
        const model = new Map<string, string>();
        for (const [isAdded, one, key] of steps) {
          const value = `${one} ${key}`;
          if (isAdded) {
            tree.set(one, key, value);
            model.set(value, one);
          } else {
            tree.delete(one, key);
            model.delete(value);
          }
        }
        for (const one of topics) {
          const expected = [...model].filter(([, of]) => fits(of, one)).map(([value]) => value);
          expect(tree.match(one).toSorted()).toEqual(expected.toSorted());
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('retained messages', () => {
  const step = fc.tuple(topic, fc.nat(40), fc.boolean());

  it('are never more than their limits, and are counted right', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), filter, async (steps, wanted) => {
        const limits = { maxMessages: 5, maxBytes: 100 };
        const retained = new RetainedMessages(limits);
        const model = new Map<string, number>();
        for (const [one, bytes] of steps) {
          if (!retained.admit(one, bytes, true)) continue;
          retained.store({ topic: one, payload: Buffer.alloc(bytes), qos: 0 });
          if (bytes === 0) model.delete(one);
          else model.set(one, bytes);
        }
        const bytes = [...model].reduce((sum, [one, size]) => sum + Buffer.byteLength(one) + size, 0);
        expect([retained.count, retained.bytes]).toEqual([model.size, bytes]);
        expect(retained.count).toBeLessThanOrEqual(limits.maxMessages);
        expect(retained.bytes).toBeLessThanOrEqual(limits.maxBytes);
        const found: string[] = [];
        for await (const message of retained.matching([wanted], async () => {})) found.push(message.topic);
        expect(found.toSorted()).toEqual([...model.keys()].filter((one) => fits(wanted, one)).toSorted());
      }),
      { numRuns: 300 },
    );
  });

  it('do not hold on to what they were read with', async () => {
    const retained = new RetainedMessages({ maxMessages: 5, maxBytes: 100 });
    const read = Buffer.alloc(65_536, 'x');
    retained.store({ topic: 'a', payload: read.subarray(0, 3), qos: 0 });
    read.fill('y');
    for await (const { payload } of retained.matching(['a'], async () => {})) {
      expect(payload.toString()).toBe('xxx');
      expect(payload.buffer.byteLength).toBe(3);
    }
  });
});

describe('an account', () => {
  it('lets nothing through that none of its filters fits', () => {
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 3 }), filter, topic, (granted, wanted, one) => {
        const users = { ada: { password: new Secret('x'), publish: granted, subscribe: granted } };
        const ada = new Accounts({ users }).find('ada', 'x');
        const isGranted = granted.some((of) => fits(of, one)) && !one.startsWith('$');
        expect(ada?.mayPublish(one)).toBe(isGranted);
        expect(ada?.mayReceive(one)).toBe(isGranted);
        if (ada?.maySubscribe(wanted) && fits(wanted, one)) expect(isGranted).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('is found by its name and password only', () => {
    const users = { ada: { password: new Secret('pässword'), publish: [], subscribe: [] } };
    const accounts = new Accounts({ users });
    expect(accounts.find('ada', Buffer.from('pässword'))).toBeDefined();
    for (const [name, password] of [
      ['ada', ''],
      ['ada', 'pässword '],
      ['Ada', 'pässword'],
      ['__proto__', ''],
      ['toString', 'x'],
    ] as const) {
      expect(accounts.find(name, password)).toBeUndefined();
    }
    expect(accounts.anonymous).toBeUndefined();
  });
});

describe('a filter in the configuration', () => {
  it('is what a filter is anywhere', () => {
    const anonymous = Compile(config.properties.anonymous);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '/', '+', '#', '\0', ' '), minLength: 1 }), (one) => {
        expect(anonymous.Check({ publish: [one], subscribe: [] })).toBe(isFilter(one));
      }),
      { numRuns: 5000 },
    );
  });
});
