/** Protobuf messages (proto3), as far as simulated devices speak it. */

interface Field {
  readonly number: number;
  /** Of a number. */
  readonly value: number;
  /** Of a message, a text or bytes. */
  readonly content: Uint8Array;
}

const NOTHING = new Uint8Array();

/** The fields of a message, up to the first thing that makes no sense. */
function* fieldsOf(message: Uint8Array): Generator<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < message.length; scale *= 128) {
      const byte = view.getUint8(at);
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    if (key % 8 === 0) {
      const value = varint();
      if (Number.isNaN(value)) return;
      yield { number, value, content: NOTHING };
    } else if (key % 8 === 1 && at + 8 <= message.length) {
      yield { number, value: view.getFloat64(at, true), content: NOTHING };
      at += 8;
    } else if (key % 8 === 2) {
      const length = varint();
      if (!(at + length <= message.length)) return;
      yield { number, value: 0, content: message.subarray(at, at + length) };
      at += length;
    } else if (key % 8 === 5 && at + 4 <= message.length) {
      yield { number, value: view.getFloat32(at, true), content: NOTHING };
      at += 4;
    } else return;
  }
}

/** The number in a field; one that is left out has its default, 0. */
export const numberIn = (message: Uint8Array, field: number): number =>
  [...fieldsOf(message)].findLast(({ number }) => number === field)?.value ?? 0;

/** All messages in a field that may be there several times. */
export const messagesIn = (message: Uint8Array, field: number): Uint8Array[] =>
  [...fieldsOf(message)].filter(({ number }) => number === field).map(({ content }) => content);

/** The message in a field, if it is there. */
export const messageIn = (message: Uint8Array, field: number): Uint8Array | undefined =>
  messagesIn(message, field).at(-1);

function varintOf(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return [...bytes, rest];
}

/** A message of numbers and messages, by field. */
export function messageOf(fields: Readonly<Record<number, number | Uint8Array>>): Uint8Array {
  const bytes = Object.entries(fields).flatMap(([field, content]) =>
    typeof content === 'number'
      ? [...varintOf(Number(field) * 8), ...varintOf(content)]
      : [...varintOf(Number(field) * 8 + 2), ...varintOf(content.length), ...content],
  );
  return Uint8Array.from(bytes);
}
