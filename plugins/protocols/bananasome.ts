import {
  bluetooth,
  type DeviceLevels,
  defineProtocol,
  features,
  oscillate,
  otherwise,
  packet,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

/** A feature has its place in the packet, whichever of the two it is. */
const levelOf = (index: number, levels: DeviceLevels) =>
  Math.max(levels.get(index, 'Oscillate'), levels.get(index, 'Vibrate'));

export const bananasome = defineProtocol({
  id: 'bananasome',
  brand: 'Bananasome',
  links: [bluetooth({ names: ['火箭X7'], services: { ae00: { tx: 'ae01' } } })],
  models: [
    otherwise(
      'Bananasome Rocket X7',
      features(
        oscillate(255, { id: '63fa90c4-1ab9-4841-bfa3-45113f2c1d18' }),
        vibrate(255, { id: '3e738dbf-3ff1-495a-a5bf-6d57776d80e8' }),
        vibrate(255, { id: 'c2a5f510-44fc-4c79-a9e2-ebf4862c45cb' }),
      ),
      { id: '83c998f8-1a18-48af-aa52-2f310252eb54' },
    ),
  ],
  open: stateless((_order, levels) => [
    packet('device', [0xa0, 0x03, ...[0, 1, 2].map((index) => levelOf(index, levels))]),
  ]),
});
