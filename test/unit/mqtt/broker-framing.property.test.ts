import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Framing } from '../../../plugins/mqtt-broker/framing.js';

const CONNECT = 0x10;
const CONTROL = 0x82;
const PUBLISH = 0x30;

function packet(type: number, bodyBytes: number): Buffer {
  const length: number[] = [];
  let rest = bodyBytes;
  do {
    length.push((rest % 128) + (rest > 127 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Uint8Array.of(type, ...length), Buffer.alloc(bodyBytes)]);
}

/** Behind the greeting, with which everything begins. */
function greeted(maxPacketBytes: number): Framing {
  const framing = new Framing(maxPacketBytes);
  framing.feed(packet(CONNECT, 12));
  return framing;
}

describe('the framing of packets', () => {
  it('counts packets however they are cut into pieces', () => {
    const type = fc.constantFrom(PUBLISH, CONTROL, 0xc0);
    const packets = fc.array(fc.tuple(type, fc.oneof(fc.nat(3), fc.nat(300), fc.nat(20_000))), { maxLength: 6 });
    fc.assert(
      fc.property(packets, fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }), (all, cuts) => {
        const stream = Buffer.concat(all.map(([one, size]) => packet(one, size)));
        const framing = greeted(1_000_000);
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const size = cuts[cut % cuts.length] ?? 1;
          expect(framing.feed(stream.subarray(at, at + size))).toBeUndefined();
          at += size;
        }
        expect(framing.packets).toBe(1 + all.length);
        expect(framing.isIdle).toBe(true);
      }),
    );
  });

  it('is not idle in the middle of a packet, byte for byte', () => {
    const framing = greeted(1000);
    for (const byte of packet(PUBLISH, 200).subarray(0, -1)) {
      framing.feed(Uint8Array.of(byte));
      expect(framing.isIdle).toBe(false);
    }
    framing.feed(Uint8Array.of(0));
    expect(framing.isIdle).toBe(true);
  });

  it.each([
    ['a message of the limit', PUBLISH, 1000 - 3, 1000, undefined],
    ['a message of one byte more', PUBLISH, 1000 - 2, 1000, 'too-large'],
    ['a subscription of 64 KiB', CONTROL, 65_536 - 4, 1_000_000, undefined],
    ['a subscription of one byte more', CONTROL, 65_536 - 3, 1_000_000, 'too-large'],
    ['a message of the largest length there is', PUBLISH, 268_435_455, 268_435_460, undefined],
  ] as const)('says of %s, by its head alone: %5$s', (_what, type, bodyBytes, limit, fault) => {
    const head = packet(type, Math.min(bodyBytes, 200_000)).subarray(0, 5);
    const length = bodyBytes > 200_000 ? Uint8Array.of(type, 0xff, 0xff, 0xff, 0x7f) : head;
    expect(greeted(limit).feed(length.subarray(0, 4 + Number(bodyBytes > 2_097_151)))).toBe(fault);
  });

  it('knows a length that does not end', () => {
    const framing = greeted(Number.MAX_SAFE_INTEGER);
    expect(framing.feed(Uint8Array.of(PUBLISH, 0x80, 0x80, 0x80, 0x80))).toBe('malformed');
  });

  it('takes nothing before a greeting', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      expect(new Framing(1000).feed(Uint8Array.of(byte))).toBe(byte >> 4 === 1 ? undefined : 'malformed');
    }
  });
});
