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

const eightVibrators = features(
  vibrate(15, { id: '812c9f59-e9a9-42d9-8c30-1dc91feea5ac' }),
  vibrate(15, { id: 'bbd5955a-5c2e-494e-911d-c64708763bea' }),
  vibrate(15, { id: '9c152f4a-8441-47f4-9b02-d0f64a468517' }),
  vibrate(15, { id: 'f19d9974-0631-4413-a544-7bf02c039743' }),
  vibrate(15, { id: 'ec23bb7f-34df-4480-8eba-3f95dc0d1e0a' }),
  vibrate(15, { id: '24c910ea-7cfb-486c-8e86-451e8b3bc22f' }),
  vibrate(15, { id: 'b8659ec6-6b50-4d74-8a92-2c127856a7ff' }),
  vibrate(15, { id: '96b18136-9780-4771-b5e6-f090927fbe14' }),
);

/** The name is `FUNCODE_`, an address and the type. */
const typeIn = (name: string) => name.slice(name.lastIndexOf('_') + 1);

export const cueme = defineProtocol({
  id: 'cueme',
  brand: 'Cueme',
  status: 'unverified',
  links: [bluetooth({ names: ['FUNCODE_*'], services: { fff0: { tx: 'fff1' } } })],
  models: [
    otherwise('Cueme Device', eightVibrators, { id: 'aeecfe99-106d-4f25-a9b6-4a809971ebfb' }),
    model('1', 'Cueme Mens', eightVibrators, { id: 'ff44bb15-c9ae-4751-b993-8f325129cbb2' }),
    model('2', 'Cueme Bra', eightVibrators, { id: 'dcb3e162-5271-4737-b2e3-88534daafe05' }),
    model(
      '3',
      'Cueme Womans',
      features(
        vibrate(15, { id: 'b4554560-c0ad-42ac-82a8-4a8042fc6ab9' }),
        vibrate(15, { id: 'd666a28d-3701-499f-b0b9-7f6ccf722159' }),
        vibrate(15, { id: 'd2789e16-6771-4046-b5de-500def289894' }),
        vibrate(15, { id: 'c01700e6-1b57-41aa-831b-b3f7a54dbefe' }),
      ),
      { id: '29364127-d158-411f-9e28-e8f33a5ca4a6' },
    ),
  ],
  identify: async ({ advertisement }) => typeIn(advertisement.name),
  open: stateless(perFeature(({ feature, value }) => [((feature.index + 1) << 4) | value])),
});
