import { bluetooth, defineProtocol, features, otherwise, perFeature, stateless, vibrate } from 'pulsegate/plugin';

const RUNNING = 0x02;
const VIBRATOR_OFF = [0x55, 0x03, 0x00, 0x00, 0x01, 0x01];

export const svakomTarax = defineProtocol({
  id: 'svakom-tarax',
  brand: 'ToyCod',
  corrections: ['Packets keep 25 ms between them; the device loses those that follow more closely.'],
  packetGapsMs: [25],
  links: [bluetooth({ names: ['SX218A'], services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } } })],
  models: [
    otherwise(
      'ToyCod Tara X',
      features(
        vibrate(3, { id: '8638eed8-37ec-4c54-aa06-a8dd3a832057', description: 'Internal vibrator' }),
        vibrate(3, { id: 'a2ad09c0-0042-4f29-875f-464fb83ca916', description: 'External pulsator' }),
      ),
      { id: '870f69ff-45db-4a13-96e7-1915eef6ac59' },
    ),
  ],
  open: stateless(
    perFeature(({ feature, value }) => {
      if (feature.index !== 0) return [0x55, 0x09, 0x00, 0x00, value, 0x00];
      return value > 0 ? [0x55, 0x03, 0x00, 0x00, value, RUNNING] : VIBRATOR_OFF;
    }),
  ),
});
