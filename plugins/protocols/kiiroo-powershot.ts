import {
  battery,
  bluetooth,
  defineProtocol,
  features,
  otherwise,
  stateless,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

export const kiirooPowershot = defineProtocol({
  id: 'kiiroo-powershot',
  brand: 'Kiiroo',
  links: [bluetooth({ names: ['PowerShot'], services: { '1400': { tx: '1801', rxblebattery: '2a19' } } })],
  models: [
    otherwise(
      'Kiiroo PowerShot',
      features(
        vibrate(100, { id: '8829c78b-420c-42e0-bc3e-280f84c89362' }),
        vibrate(100, { id: '019e23e5-bcba-41c8-913d-03a7da63feee' }),
        battery({ id: 'eba92a5d-4284-4170-b5e9-3e0700e4529e' }),
      ),
      { id: '1929575e-bc47-4db8-bee2-f9fc60c438b5' },
    ),
  ],
  open: stateless(wholeDevice((level) => [0x01, 0x00, 0x00, level(0), level(1), 0x00], { withResponse: true })),
});
