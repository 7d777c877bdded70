import { bluetooth, defineProtocol, features, otherwise, stateless, vibrate, wholeDevice } from 'pulsegate/plugin';

const BOTH = 0x0b;
const LEFT = 0x0c;
const RIGHT = 0x0d;
const NEITHER = 0x0f;

function sides(left: boolean, right: boolean): number {
  if (left) return right ? BOTH : LEFT;
  return right ? RIGHT : NEITHER;
}

export const htkBm = defineProtocol({
  id: 'htk_bm',
  brand: 'HTK',
  links: [
    bluetooth({ names: ['HTK-BLE-BM001'], services: { '180f': { rxblebattery: '2a19' }, '1802': { tx: '2a06' } } }),
  ],
  models: [
    otherwise(
      'HTK Breast Massager',
      features(
        vibrate(1, { id: '3b33611d-bbba-498e-969d-526106c7e785' }),
        vibrate(1, { id: 'd41e037a-b6ab-4016-a07c-f9eb7e414efb' }),
      ),
      { id: '3589254d-f271-4059-b2c3-3a5776d1eb02' },
    ),
  ],
  open: stateless(wholeDevice((level) => [sides(level(0) > 0, level(1) > 0)])),
});
