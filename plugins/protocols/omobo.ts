import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

export const omobo = defineProtocol({
  id: 'omobo',
  brand: 'Omobo',
  links: [bluetooth({ names: ['S6'], services: { ffb0: { tx: 'ffb2' } } })],
  models: [
    otherwise('Omobo ViVegg Vibrator', features(vibrate(100, { id: '6ce40ef1-a4bc-4d4f-a3f1-9059e8fd461b' })), {
      id: '550658f8-3cce-4b97-999e-7ddb3357a591',
    }),
  ],
  open: stateless(perFeature(({ value }) => [0xa1, 0x04, 0x04, 0x01, value, 0xff, 0x55], { withResponse: true })),
});
