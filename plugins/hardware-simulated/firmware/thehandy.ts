import type { FirmwareDefinition } from '../firmware.js';

/** One protobuf field: a number, or bytes still to be read. */
interface Field {
  readonly number: number;
  readonly value: number;
  readonly content: Uint8Array;
}

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
      yield { number, value, content: new Uint8Array() };
    } else if (key % 8 === 1 && at + 8 <= message.length) {
      yield { number, value: view.getFloat64(at, true), content: new Uint8Array() };
      at += 8;
    } else if (key % 8 === 2) {
      const length = varint();
      if (!(at + length <= message.length)) return;
      yield { number, value: 0, content: message.subarray(at, at + length) };
      at += length;
    } else return;
  }
}

const within = (messages: readonly Uint8Array[], number: number): Uint8Array[] =>
  messages.flatMap((message) =>
    [...fieldsOf(message)].filter((field) => field.number === number).map((f) => f.content),
  );

/** A field left out has its default, 0. */
const numberIn = (message: Uint8Array, number: number): number =>
  [...fieldsOf(message)].findLast((field) => field.number === number)?.value ?? 0;

const PAYLOAD_MESSAGES = 1;
const LINEAR_COMMAND = 403;
const VECTORS = 3;

export const thehandyFirmware: FirmwareDefinition = {
  protocol: 'thehandy',
  advertisedName: () => 'The Handy',
  create: (toy) => ({
    write(endpoint, data) {
      if (endpoint !== 'tx') return;
      for (const vector of within(within(within([data], PAYLOAD_MESSAGES), LINEAR_COMMAND), VECTORS)) {
        const position = numberIn(vector, 3);
        if (position >= 0 && position <= 1) toy.move(0, Math.round(position * 100), numberIn(vector, 2));
      }
    },
  }),
};
