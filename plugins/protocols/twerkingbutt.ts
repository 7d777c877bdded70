import { bluetooth, features, otherwise, recognisedOnly } from 'pulsegate/plugin';

export const twerkingbutt = recognisedOnly({
  id: 'twerkingbutt',
  brand: 'BODIKANG',
  links: [
    bluetooth({
      names: ['BODIKANG', 'Twerking Butt', 'TwerkingButt'],
      services: { '0a60': { tx: '0a66', rx: '0a67' } },
    }),
  ],
  models: [otherwise('Twerking Butt', features(), { id: '83e29d7a-6f35-499a-90f8-dfba8b674379' })],
});
