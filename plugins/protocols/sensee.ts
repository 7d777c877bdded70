import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

const HEAD = [0x55, 0xaa, 0xf0, 0x01, 0x01, 0x0b, 0x65, 0xf7, 0x01, 0x01];

export const sensee = defineProtocol({
  id: 'sensee',
  brand: 'Sensee',
  links: [bluetooth({ names: ['CTY222S4'], services: { fff0: { tx: 'fff5' } } })],
  models: [
    otherwise('Sensee Diandou Rabbit', features(vibrate(100, { id: '1544b066-a3d3-4749-9081-1b7a26ab54ed' })), {
      id: 'a8ffccf6-2d38-4606-abdd-8802a063a2ae',
    }),
  ],
  open: stateless(perFeature(({ value }) => [...HEAD, value])),
});
