import { bluetooth, features, otherwise, recognisedOnly } from 'pulsegate/plugin';

export const liboKaren = recognisedOnly({
  id: 'libo-karen',
  brand: 'LiBo',
  links: [
    bluetooth({
      names: ['SuoYinQiu'],
      services: { '6000': { tx: '6001', txmode: '6002' }, '6050': { rxpressure: '6051' } },
    }),
  ],
  models: [otherwise('Libo Karen', features(), { id: '2d9f29c7-7d0d-4319-967c-9f7b89eb7b1d' })],
});
