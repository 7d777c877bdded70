import {
  battery,
  bluetooth,
  defineProtocol,
  features,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

export const magicMotion3 = defineProtocol({
  id: 'magic-motion-3',
  brand: 'LoveLife',
  links: [
    bluetooth({
      names: ['Krush'],
      services: {
        '78667579-7b48-43db-b8c5-7928a6b0a335': { tx: '78667579-a914-49a4-8333-aa3c0cd8fedc' },
        '180f': { rxblebattery: '2a19' },
      },
    }),
  ],
  models: [
    otherwise(
      'LoveLife Krush',
      features(
        vibrate(77, { id: 'af104b4d-73c3-4d89-95d6-ea7c4e21a3df' }),
        battery({ id: '72bc2f2f-7f67-4636-bc5c-42ac4b55cb59', description: 'battery Level' }),
      ),
      { id: 'f954c774-3e08-4569-800f-94e454ccd3ca' },
    ),
  ],
  open: stateless(perFeature(({ value }) => [0x0b, 0xff, 0x04, 0x0a, 0x46, 0x46, 0x00, 0x04, 0x08, value, 0x64, 0x00])),
});
