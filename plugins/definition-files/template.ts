/**
 * Packets as a person writes them down: hexadecimal bytes, and parts in braces. Text stands in quotes.
 *
 *   `aa 04 {value} {sum8}`        a byte of the level, and the low byte of the sum of all before it
 *   `01 {feature} {value:u16le}`  the feature's number, and the level in two bytes, the low one first
 *   `"V" {feature:digits} {value:digits} ";"`
 */

const ANY_PART = String.raw`([0-9a-fA-F]{2})|"([^"{}]*)"|\{(sum8|xor8)\}|\{(value|feature|duration)(?::(u8|i8|u16be|u16le|digits))?\}`;
const PART = new RegExp(`^(?:${ANY_PART})$`);
export const TEMPLATE_PATTERN = `^(?:${ANY_PART})(?: +(?:${ANY_PART}))*$`;

/** What the parts in braces stand for. `duration` in ms. */
export interface Filling {
  readonly value: number;
  readonly feature: number;
  readonly duration: number;
}

type Part = (filling: Filling, before: readonly number[]) => readonly number[];

const encoder = new TextEncoder();
const limited = (value: number, most: number) => Math.min(Math.max(value, 0), most);

const FORMS: Readonly<Record<string, (value: number) => readonly number[]>> = {
  u8: (value) => [limited(value, 0xff)],
  i8: (value) => [value & 0xff],
  u16be: (value) => [limited(value, 0xffff) >> 8, limited(value, 0xffff) & 0xff],
  u16le: (value) => [limited(value, 0xffff) & 0xff, limited(value, 0xffff) >> 8],
  digits: (value) => [...encoder.encode(String(value))],
};

/** A function that makes packets. The text fits TEMPLATE_PATTERN. */
export function compileTemplate(text: string): (filling: Filling) => Uint8Array {
  const parts = (text.match(/"[^"]*"|[^ ]+/g) ?? []).map(partOf);
  return (filling) => {
    const bytes: number[] = [];
    for (const part of parts) bytes.push(...part(filling, bytes));
    return Uint8Array.from(bytes);
  };
}

function partOf(text: string): Part {
  const [, hex, quoted, check, name, form = 'u8'] = PART.exec(text) ?? [];
  if (hex !== undefined) return () => [Number.parseInt(hex, 16)];
  if (quoted !== undefined) return () => [...encoder.encode(quoted)];
  if (check === 'sum8') return (_filling, before) => [before.reduce((sum, byte) => sum + byte, 0) & 0xff];
  if (check === 'xor8') return (_filling, before) => [before.reduce((sum, byte) => sum ^ byte, 0)];
  const write = FORMS[form];
  if (!write || (name !== 'value' && name !== 'feature' && name !== 'duration')) {
    throw new TypeError(`"${text}" is no part of a packet`);
  }
  return (filling) => write(filling[name]);
}
