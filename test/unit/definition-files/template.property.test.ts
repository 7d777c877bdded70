import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate, TEMPLATE_PATTERN } from '../../../plugins/definition-files/template.js';

const fits = (text: string) => new RegExp(TEMPLATE_PATTERN).test(text);
const make = (text: string, value: number, feature = 0, duration = 0) => {
  expect(fits(text)).toBe(true);
  return [...compileTemplate(text)({ value, feature, duration })];
};
const u16 = fc.integer({ min: 0, max: 0xffff });

describe('a packet as a person writes it', () => {
  it('has bytes, text, levels and checks', () => {
    expect(make('aa 04 {value} {sum8}', 7)).toEqual([0xaa, 0x04, 7, (0xaa + 4 + 7) & 0xff]);
    expect(make('55 {feature} {value:u16le} {xor8}', 0x1234, 3)).toEqual([0x55, 3, 0x34, 0x12, 0x55 ^ 3 ^ 0x34 ^ 0x12]);
    expect(Buffer.from(make('"V" {feature:digits} {value:digits} ";"', 12, 1)).toString()).toBe('V112;');
    expect(make('{value:u16be} {duration:u16be}', 500, 0, 1000)).toEqual([0x01, 0xf4, 0x03, 0xe8]);
  });

  it('keeps levels within their bytes, and negative ones in two’s complement where that is asked for', () => {
    fc.assert(
      fc.property(u16, (value) => {
        expect(make('{value}', value)).toEqual([Math.min(value, 255)]);
        expect(Buffer.from(make('{value:u16be}', value)).readUInt16BE()).toBe(value);
        expect(Buffer.from(make('{value:u16le}', value)).readUInt16LE()).toBe(value);
        expect(Buffer.from(make('{value:digits}', value)).toString()).toBe(String(value));
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: -128, max: 127 }), (value) => {
        expect(Buffer.from(make('{value:i8}', value)).readInt8()).toBe(value);
      }),
    );
    expect(make('{value} {value:u16le}', -5)).toEqual([0, 0, 0]);
    expect(make('{duration:u16le}', 0, 0, 100_000)).toEqual([0xff, 0xff]);
  });

  it.each([
    '',
    'a',
    'aa,bb',
    '{level}',
    '{value:u32}',
    '{sum8:u8}',
    '"unended',
    'aa  {value',
    'aabb',
    '{value}{value}',
  ])('is not %j', (text) => {
    expect(fits(text)).toBe(false);
  });
});
