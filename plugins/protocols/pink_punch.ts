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

const standard = features(vibrate(100, { id: '71813440-1a8e-4cfb-9753-bf1fdc674579' }));

export const pinkPunch = defineProtocol({
  id: 'pink_punch',
  brand: 'Pink Punch',
  links: [
    bluetooth({
      names: ['Pink_Punch', 'PinkPunch_Peachu', 'PinkPunch_DreamBunny', 'PinkPunch_Peacaron'],
      services: { ffe0: { tx: 'ffe1' } },
    }),
  ],
  models: [
    otherwise('Pink Punch Device', standard, { id: 'c64c779a-4451-4c55-af1d-e4b40527d678' }),
    model('Pink_Punch', 'Pink Punch Sunset Mushroom', standard, { id: '7e0338c1-0562-451a-95ce-1b078de2f32e' }),
    model('PinkPunch_Peachu', 'Pink Punch Peachu', standard, { id: 'b0554241-8f73-45c7-baf8-fa179f1ea4ef' }),
    model('PinkPunch_DreamBunny', 'Pink Punch Dream Bunny', standard, { id: '85703d43-c719-4753-ba92-3bb28c150565' }),
    model('PinkPunch_Peacaron', 'Pink Punch Peacaron', standard, { id: '4f08a8b9-70a7-4a0d-b90e-67010ac21f15' }),
  ],
  open: stateless(perFeature(({ value }) => [0x09, value], { withResponse: true })),
});
