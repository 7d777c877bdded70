import { features, hid, otherwise, recognisedOnly, timedPosition } from 'pulsegate/plugin';

export const realtouch = recognisedOnly({
  id: 'realtouch',
  brand: 'RealTouch',
  links: [hid({ vendorId: 0x1f54, productId: 0x0001 })],
  models: [
    otherwise('RealTouch', features(timedPosition(99, 100_000, { id: '60da884f-131a-4036-ae93-97efc97591e2' })), {
      id: '2b428728-0785-4cbc-a71f-4f48412af194',
    }),
  ],
});
