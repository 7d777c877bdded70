import {
  bluetooth,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const thrusterAndSuction = features(
  // A thruster and a suction motor; tables everywhere call them vibrators (facts: protocols/cachito, doubts).
  vibrate(5, { id: '6e5ce97a-2eae-4807-a857-0e74a9f0d095' }),
  vibrate(100, { id: '2ec18700-3fac-4f3b-91c1-ead90bf853d0' }),
);

export const cachito = defineProtocol({
  id: 'cachito',
  brand: 'Cachito',
  links: [bluetooth({ names: ['CCTSK', 'CCTXueGao'], services: { fff0: { tx: 'fff2' } } })],
  models: [
    otherwise('Cachito Device', thrusterAndSuction, { id: '0ce7063c-f118-44ea-80ed-66f3edb90a57' }),
    model('CCTSK', 'Cachito Lure Tao', thrusterAndSuction, { id: '8c4ee478-8dbb-41e6-b41c-a5664eec1532' }),
    model('CCTXueGao', 'Cachito Ice Cream', thrusterAndSuction, { id: '57b25f6e-03d6-44ef-b378-0ef9e69170d4' }),
  ],
  open: stateless(perFeature(({ feature, value }) => [0x02 + feature.index, 0x01 + feature.index, value, 0x00])),
});
