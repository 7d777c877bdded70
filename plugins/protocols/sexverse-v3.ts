import {
  bluetooth,
  type DeviceWrite,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  packet,
  vibrate,
} from 'pulsegate/plugin';

const standard = features(vibrate(20, { id: '074a15d1-2efc-4cd8-8f1f-0f32f1468024' }));

export const sexverseV3 = defineProtocol({
  id: 'sexverse-v3',
  brand: 'Sexverse',
  corrections: [
    'The Zeus can be used: its second motor is driven like the first, where the reference engine cannot connect to it at all.',
    'Both motors of the Zeus are told their levels again and again, in turn; the reference engine repeats the last packet alone.',
  ],
  links: [bluetooth({ names: ['TAY001', 'TAY006', 'TAY009', 'TA-S001A'], services: { fff0: { tx: 'fe02' } } })],
  models: [
    otherwise('Sexverse Tay', standard, { id: '2e8ff651-b10d-4686-89b5-b8197e80e159' }),
    model('TAY001', 'Sexverse Tay 1', standard, { id: 'c7615c1d-d53f-4d24-82e1-ce08c301da66' }),
    model('TAY009', 'Sexverse Tay 9', standard, { id: 'ddfe0ac7-f275-4e08-b16b-a5cd579e9a9e' }),
    model('TAY006', 'Sexverse Tay 6', standard, { id: 'edfecee1-3b6f-4501-a9d9-717b2bd515a2' }),
    model(
      'TA-S001A',
      'Sexverse Zeus',
      features(
        vibrate(20, { id: '11c78de9-800a-4444-9647-0ed33181e63c' }),
        oscillate(20, { id: '47646747-4dea-47ba-80b2-407e2a276ae2' }),
      ),
      { id: 'ae1e373f-1a35-476b-8da8-6017dcb7e0de' },
    ),
  ],
  keepalive: { kind: 'repeat-last', everyMs: 100 },
  open() {
    const newest = new Map<DeviceWrite['slot'], DeviceWrite>();
    return {
      // Every kind of motor, an oscillating one too, takes the same packet (facts: protocols/sexverse-v3, doubts).
      output({ feature: { index }, value }) {
        const write = packet(index, [0xa1, 0x04, value, index + 1], { withResponse: true });
        newest.set(index, write);
        return [write];
      },
      keepalive() {
        const [next] = newest.values();
        if (!next) return undefined;
        // To the end of the row.
        newest.delete(next.slot);
        newest.set(next.slot, next);
        return next;
      },
    };
  },
});
