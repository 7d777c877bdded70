import {
  battery,
  bluetooth,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const standard = features(
  vibrate(255, { id: '2e585349-127b-4536-85b7-9d5b90e44df4' }),
  battery({ id: 'ad812cb2-e04a-4656-9103-a80766601455', description: 'battery Level' }),
);

export const kiirooProwand = defineProtocol({
  id: 'kiiroo-prowand',
  brand: 'Kiiroo',
  links: [
    bluetooth({ names: ['ProWand', 'Luxus'], services: { '1400': { tx: '1401' }, '180f': { rxblebattery: '2a19' } } }),
  ],
  models: [
    otherwise('Kiiroo ProWand', standard, { id: 'd1675d72-6d25-4cc4-99dc-a42e4e4fee97' }),
    model('Luxus', 'Luxus', standard, { id: 'a857e95b-3d5a-4034-92d2-7105c4febb8e' }),
  ],
  open: stateless(perFeature(({ value }) => [0x00, 0x00, 0x64, value > 0 ? 0xff : 0x00, value, value])),
});
