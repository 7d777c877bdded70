import {
  bluetooth,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const standard = features(
  vibrate(30, { id: '34836d30-2d4f-4c89-ab42-88dd227f14f0' }),
  vibrate(1, { id: '190fc9a8-8d55-45c5-98e0-921246ccbb7d' }),
);

/** Three bands of ten speeds each. */
function speed(level: number): number[] {
  const band = Math.ceil(level / 10);
  return [0x55, 0x03, 0x00, 0x00, band, level > 0 ? level - 10 * (band - 1) : 0];
}

export const svakomSuitcase = defineProtocol({
  id: 'svakom-suitcase',
  brand: 'Svakom',
  corrections: ['Packets keep 50 ms between them; the device loses those that follow more closely.'],
  packetGapsMs: [50],
  links: [bluetooth({ names: ['VX357A-BLE-V1.0', 'VX236A-BLE-V1.0'], services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } } })],
  models: [
    otherwise('Svakom Magic Suitcase', standard, { id: 'ffefddb3-5697-4ff1-a064-5d33c6f9b214' }),
    model('VX236A-BLE-V1.0', 'Coleur Dor VX236A', standard, {
      id: 'e3187cb5-6370-4d29-8850-2d9206889f64',
      brand: 'Coleur Dor',
    }),
  ],
  open: stateless(
    perFeature(({ feature, value }) => (feature.index === 0 ? speed(value) : [0x55, 0x09, 0x00, 0x00, value, 0x00])),
  ),
});
