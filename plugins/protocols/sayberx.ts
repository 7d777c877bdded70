import { ascii, bluetooth, defineProtocol, features, model, perFeature, stateless, vibrate } from 'pulsegate/plugin';

/** The rest of a ring's name is its own. */
const RING = 'X-Ring';

export const sayberx = defineProtocol({
  id: 'sayberx',
  brand: 'SayberX',
  status: 'unverified',
  links: [bluetooth({ names: ['SayberX', 'X-Ring *'], services: { fff0: { tx: 'fff6', rx: 'fff8' } } })],
  models: [
    model('SayberX', 'SayberX', features(vibrate(4, { id: 'a62d0356-a05f-475c-8a5f-fcfec1327b2a' })), {
      id: '22716d89-5e28-462b-9723-60528fb7373e',
    }),
    model(RING, 'Sayber X-Ring', features(), { id: 'e77a2f7b-8556-48b8-8245-30c2c80681e7' }),
  ],
  async identify({ advertisement: { name } }) {
    return name.startsWith(`${RING} `) ? RING : name;
  },
  // Speeds go from 00 to 40; the community's steps are the tens.
  open: stateless(perFeature(({ value }) => ascii(`AT+SPD${value}0`))),
});
