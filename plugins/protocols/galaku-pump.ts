import {
  bluetooth,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  packet,
  stateless,
  vibrate,
} from 'pulsegate/plugin';
import { frame } from './galaku.js';

const standard = features(
  oscillate(100, { id: '60946646-0160-425f-85ca-9210d35d61fd' }),
  vibrate(100, { id: '97f24406-d413-43ed-b830-b76c3f912fad' }),
);

export const galakuPump = defineProtocol({
  id: 'galaku-pump',
  brand: 'Galaku',
  links: [bluetooth({ names: ['V415'], services: { '1000': { tx: '1001' } } })],
  models: [
    otherwise('Galaku Device', standard, { id: '2e954d01-4f42-4acd-9be8-9fdfa0172998' }),
    model('V415', 'Galaku Nebula', standard, { id: '7689175c-af6e-4529-a2ae-c4f41f1db595' }),
  ],
  open: stateless((_order, levels) => [
    packet(
      'device',
      frame([0x5a, 0x00, 0x00, 0x01, 0x60, 0x03, levels.of('Oscillate'), levels.of('Vibrate'), 0x00, 0x00]),
      { withResponse: true },
    ),
  ]),
});
