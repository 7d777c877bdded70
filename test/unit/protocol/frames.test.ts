import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MessageError } from '../../../core/errors.js';
import { readFrame } from '../../../core/protocol/frames.js';

const LIMIT = 1000;

it('arrays one after the other read like one array (messages §1)', () => {
  const array = fc.array(fc.jsonValue(), { minLength: 1, maxLength: 4 });
  const space = fc.constantFrom('', ' ', '\n', '\r\n\t');
  fc.assert(
    fc.property(fc.array(array, { minLength: 1, maxLength: 4 }), space, (arrays, between) => {
      const apart = arrays.map((elements) => JSON.stringify(elements)).join(between);
      expect(readFrame(apart, LIMIT)).toEqual(readFrame(JSON.stringify(arrays.flat()), LIMIT));
    }),
  );
});

it('text is read, or refused with a MessageError; nothing else is thrown', () => {
  const brackets = fc.string({
    unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', ' ', '1'),
    maxLength: 12,
  });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), brackets), (text) => {
      try {
        expect(readFrame(text, LIMIT).length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(MessageError);
      }
    }),
    { numRuns: 2000 },
  );
});

it('what is read is what JSON.parse makes of it, wherever JSON.parse takes it', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (elements) => {
      const read = readFrame(JSON.stringify(elements), LIMIT);
      expect(read).toHaveLength(elements.length);
      read.forEach((element, place) => {
        if ('error' in element) expect(element.error).toBeInstanceOf(MessageError);
        else expect({ [element.name]: element.body }).toEqual(elements[place]);
      });
    }),
  );
});
