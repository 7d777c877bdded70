import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

const OFF = [0xaa, 0x00, 0x00, 0x00, 0x00];
const running = (strength: number) => [0x01, 0x01, 0x01, strength, 0xff];

export const mymuselinkplus = defineProtocol({
  id: 'mymuselinkplus',
  brand: 'MyMuse',
  links: [bluetooth({ names: ['MM Massager'], services: { fff0: { tx: 'fff1' } } })],
  models: [
    otherwise(
      'MyMuse Link Plus',
      features(vibrate(3, { id: 'b8c3a1f0-7d2e-4a19-9f6b-3e8d1c5a2b40', description: 'Vibrator' })),
      { id: 'a1f0b8c3-2e7d-194a-6b9f-8d3e1c5a2b40' },
    ),
  ],
  open: stateless(perFeature(({ value }) => [0xaa, 0x55, 0x06, ...(value === 0 ? OFF : running(value))])),
});
