import {
  bluetooth,
  byType,
  defineProtocol,
  features,
  otherwise,
  perFeature,
  rotateBothWays,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const FASTEST = 2;
/** Anticlockwise speeds come first, clockwise ones after them. */
const rotation = (value: number) => (value > 0 ? value + FASTEST : -value);

export const nexusRevo = defineProtocol({
  id: 'nexus-revo',
  brand: 'Nexus',
  links: [bluetooth({ names: ['XW-LW3'], services: { c570: { tx: 'c571' } } })],
  models: [
    otherwise(
      'Nexus Revo Stealth',
      features(
        vibrate(10, { id: '24125960-c279-4f64-87e3-a819af7319b4' }),
        rotateBothWays(2, { id: 'fabe3961-dc17-4f32-856f-13880c0a29a3' }),
      ),
      { id: '622f93f2-53d5-4ada-b6a7-359a9d8aedd0' },
    ),
  ],
  open: stateless(
    byType({
      Vibrate: perFeature(({ value }) => [0xaa, 0x01, 0x01, 0x00, 0x01, value], { withResponse: true }),
      Rotate: perFeature(({ value }) => [0xaa, 0x01, 0x02, 0x00, rotation(value), 0x00], { withResponse: true }),
    }),
  ),
});
