import {
  battery,
  bluetooth,
  defineProtocol,
  features,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

export const kiirooSpot = defineProtocol({
  id: 'kiiroo-spot',
  brand: 'Kiiroo',
  links: [bluetooth({ names: ['SPOT W1'], services: { '1400': { tx: '1401' }, '180f': { rxblebattery: '2a19' } } })],
  models: [
    otherwise(
      'Kiiroo Spot',
      features(
        vibrate(100, { id: 'a047482e-01d1-477a-bf67-71c1ee667f94' }),
        battery({ id: '5171bb1b-b234-4a56-96ae-d592d3065d00', description: 'battery Level' }),
      ),
      { id: '850e3d26-54df-4eb3-879e-e6f6aa93d335' },
    ),
  ],
  open: stateless(perFeature(({ value }) => [0x00, 0xff, 0x00, 0x00, 0x00, value])),
});
