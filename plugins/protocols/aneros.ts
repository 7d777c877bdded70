import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const aneros = defineProtocol({
  id: 'aneros',
  brand: 'Aneros',
  links: [bluetooth({ names: ['Massage Demo'], services: { ff00: { tx: 'ff01' } } })],
  models: [
    otherwise(
      'Aneros Vivi',
      features(
        vibrate(127, { id: 'a980bc1a-5554-4293-a75f-6d17bf25ebee', description: 'Perineum Vibrator' }),
        vibrate(127, { id: '811d7d6e-6a75-4925-943a-a06042223e3a', description: 'Internal Vibrator' }),
      ),
      { id: 'f023f0f4-6629-469e-84c4-171ed4939f3d' },
    ),
  ],
  open: stateless(perFeature(({ feature, value }) => [0xf1 + feature.index, value])),
});
