import {
  bluetooth,
  defineProtocol,
  features,
  otherwise,
  perFeature,
  stateless,
  vibrate,
  withSum8,
} from 'pulsegate/plugin';

export const maxpro = defineProtocol({
  id: 'maxpro',
  brand: 'MaxPro',
  links: [
    bluetooth({
      names: ['M2'],
      services: { '6e400001-b5a3-f393-e0a9-e50e24dcca9e': { tx: '6e400002-b5a3-f393-e0a9-e50e24dcca9e' } },
    }),
  ],
  models: [
    otherwise('MaxPro 2', features(vibrate(100, { id: 'f3c0255d-2734-4f60-95a7-2e9fc04e399c' })), {
      id: '1f903059-93fd-4160-89a8-cc7a2001d0fa',
    }),
  ],
  open: stateless(perFeature(({ value }) => withSum8([0x55, 0x04, 0x07, 0xff, 0xff, 0x3f, value, 0x5f, value]))),
});
