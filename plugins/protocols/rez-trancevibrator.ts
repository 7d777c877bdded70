import { defineProtocol, features, otherwise, perFeature, stateless, usb, vibrate } from 'pulsegate/plugin';

export const rezTrancevibrator = defineProtocol({
  id: 'rez-trancevibrator',
  brand: 'Rez',
  status: 'unverified',
  links: [usb({ vendorId: 0x0b49, productId: 0x064f })],
  models: [
    otherwise('Rez TranceVibrator', features(vibrate(255, { id: '01e369e0-541d-417a-9809-0600dab964c6' })), {
      id: '04923383-f64b-4b39-bed6-83862c5314d5',
    }),
  ],
  // The link makes a vendor request of this byte (facts: protocols/rez-trancevibrator, doubts).
  open: stateless(perFeature(({ value }) => [value])),
});
