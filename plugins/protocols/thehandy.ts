import { bluetooth, defineProtocol, features, otherwise, packet, timedPosition } from 'pulsegate/plugin';
import { double, embedded, uint32 } from './protobuf.js';

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
