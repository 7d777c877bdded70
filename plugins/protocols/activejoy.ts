import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

/** Other toys of the family have other modes: shock, thrust, suction, rotation, swing. */
const VIBRATE = 0x01;

export const activejoy = defineProtocol({
  id: 'activejoy',
  brand: 'ActiveJoy',
  links: [bluetooth({ names: ['SS-TD-YDTD-001'], services: { f0b0: { tx: 'f0b1', rx: 'f0b2' } } })],
  models: [
    otherwise('IntoYou Remote Egg Vibrator', features(vibrate(255, { id: '1fec4773-16a2-4bec-8910-1fcd9a85edaf' })), {
      id: '62e7b76d-ab99-42ca-89ea-865a6072451e',
      brand: 'IntoYou',
    }),
  ],
  open: stateless(
    perFeature(({ feature, value }) => [0xb0, VIBRATE, 0x00, feature.index, value > 0 ? 0x01 : 0x00, value]),
  ),
});
