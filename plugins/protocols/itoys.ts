import {
  bluetooth,
  byType,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const standard = features(vibrate(3, { id: '5f1a3edb-6015-404a-865a-c3ee2d568ed4' }));

export const itoys = defineProtocol({
  id: 'itoys',
  brand: 'iToys',
  links: [bluetooth({ names: ['26-021-B', 'SML-2310-SZ-B', 'ASF-001-BT-R'], services: { ffa0: { tx: 'ffa1' } } })],
  models: [
    otherwise('iToys Device', standard, { id: '5c58b967-b75f-4f5d-99ef-f581b2579918' }),
    model('26-021-B', 'iToys Seagull', standard, { id: '2eafb465-e72a-4acd-9344-b9e13fc1f2ed' }),
    model(
      'SML-2310-SZ-B',
      'iToys Twinkling Stars',
      features(
        vibrate(3, { id: '07601b03-2dc3-4996-aaa7-d23b5aa793f5' }),
        oscillate(255, { id: '6d3f5346-4947-41b1-847e-39cd2f485a0a' }),
      ),
      { id: 'f0458e98-a317-4b1c-af82-bb3f163aeff3' },
    ),
    model(
      'ASF-001-BT-R',
      'Defyeah Horizontal Sex Machine ASFO16',
      features(oscillate(255, { id: 'c742d608-2110-4377-aaea-7173d7f1dc83' })),
      { id: '0108797c-1cea-486d-9ed5-3b4412fb6593', brand: 'Defyeah' },
    ),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ value }) => [0xa0, 0x01, 0x00, 0x00, value, 0xff]),
      Oscillate: perFeature(({ value }) =>
        value > 0 ? [0xa0, 0x06, 0x01, 0x00, 0x01, value] : [0xa0, 0x06, 0x00, 0x00, 0x00, 0x00],
      ),
    }),
  ),
});
