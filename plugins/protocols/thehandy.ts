import { bluetooth, defineProtocol, features, otherwise, packet, timedPosition } from 'pulsegate/plugin';

/** The protobuf subset of the Handy's messages; zero is a default and stays off the wire. */

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

const WireType = { Varint: 0, Fixed64: 1, Bytes: 2 } as const;
const tag = (field: number, wireType: number) => varint(field * 8 + wireType);
const embedded = (field: number, content: readonly number[]) => [
  ...tag(field, WireType.Bytes),
  ...varint(content.length),
  ...content,
];
const uint32 = (field: number, value: number) =>
  value === 0 ? [] : [...tag(field, WireType.Varint), ...varint(value)];

function double(field: number, value: number): number[] {
  if (value === 0) return [];
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value, true);
  return [...tag(field, WireType.Fixed64), ...new Uint8Array(bytes.buffer)];
}

const payload = (kind: number, content: readonly number[]) => embedded(1, embedded(kind, content));
const linearCommand = (content: readonly number[]) => payload(403, [...uint32(1, 2), ...embedded(3, content)]);
const ping = payload(102, uint32(1, 999));

const MOVES = 'moves';

export const thehandy = defineProtocol({
  id: 'thehandy',
  brand: 'The Handy',
  links: [
    bluetooth({
      names: ['The Handy'],
      services: {
        '1775244d-6b43-439b-877c-060f2d9bed07': {
          firmware: '1775ff51-6b43-439b-877c-060f2d9bed07',
          tx: '1775ff55-6b43-439b-877c-060f2d9bed07',
        },
      },
    }),
  ],
  models: [
    otherwise('The Handy', features(timedPosition(100, 100_000, { id: '32309a60-f980-490d-a5f4-467ccae2d586' })), {
      id: 'fc9de0ed-0f9f-402e-a1b5-4d1865e7b87b',
      // Users found the Bluetooth default too slow.
      messageGapMs: 50,
    }),
  ],
  keepalive: { kind: 'packet', write: { endpoint: 'tx', data: Uint8Array.from(ping), withResponse: true } },
  open: () => ({
    output: ({ value, duration }) => [
      packet(MOVES, linearCommand([...uint32(2, duration), ...double(3, value / 100)]), { withResponse: true }),
    ],
  }),
});
