import {
  bluetooth,
  defineProtocol,
  features,
  oscillate,
  otherwise,
  packet,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

export const feelingso = defineProtocol({
  id: 'feelingso',
  brand: 'FeelingSo',
  links: [
    bluetooth({
      names: ['Flair Feel'],
      services: {
        '42410001-0000-0101-0000-736278637a72': {
          tx: '42410002-0000-0101-0000-736278637a72',
          rx: '42410003-0000-0101-0000-736278637a72',
        },
      },
    }),
  ],
  models: [
    otherwise(
      'FeelingSo Flair Feel',
      features(
        vibrate(19, { id: 'ad577b65-e74b-44c3-868b-86e3bfd53dbe' }),
        oscillate(19, { id: '5a2bd962-a9ab-4bd6-af7b-ae1fd6b39d79' }),
      ),
      { id: '2f2d3b3d-e832-40e4-ad74-705c0f02997d' },
    ),
  ],
  open: stateless((_order, levels) => [
    packet('device', [0xaa, 0x40, 0x03, levels.of('Vibrate'), levels.of('Oscillate'), 0x14, 0x19]),
  ]),
});
