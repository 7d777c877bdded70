import {
  bluetooth,
  defineProtocol,
  features,
  model,
  otherwise,
  packet,
  rotate,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const vibratorAndRotator = features(
  vibrate(255, { id: '11c01b64-e6cc-4b19-9a4d-eaf03a317b03' }),
  rotate(255, { id: '9f3e0837-26e5-4ab1-bb2c-67be33ca920d' }),
);

/** Other numbers are patterns; 0 is off. */
const CONSTANT = 0x01;

export const cowgirl = defineProtocol({
  id: 'cowgirl',
  brand: 'The Cowgirl',
  corrections: [
    'It turns one way only: a negative speed is taken for the same speed, where its low byte would be another one.',
  ],
  links: [bluetooth({ names: ['THE COWGIRL', 'THE UNICORN'], services: { fe00: { tx: 'fe01' } } })],
  models: [
    otherwise('The Cowgirl Device', vibratorAndRotator, { id: '5cdfacc3-7a69-415c-aefc-1d889fc5e824' }),
    model('THE COWGIRL', 'The Cowgirl', vibratorAndRotator, { id: '188130d5-6ea1-473f-a9f4-a176929221ff' }),
    model('THE UNICORN', 'The Unicorn', vibratorAndRotator, { id: '675d61d0-b30f-4f60-abf7-6d5f67a5b56c' }),
  ],
  open: stateless((_order, levels) => [
    packet('device', [0x00, CONSTANT, levels.of('Vibrate'), levels.of('Rotate')], {
      withResponse: true,
    }),
  ]),
});
