import {
  ascii,
  bluetooth,
  defineProtocol,
  features,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

export const youcups = defineProtocol({
  id: 'youcups',
  brand: 'Youcups',
  links: [bluetooth({ names: ['Youcups'], services: { fee9: { tx: 'd44bc439-abfd-45a2-b575-925416129600' } } })],
  models: [
    otherwise('Youcups Warrior II', features(vibrate(8, { id: 'd0c286dc-2608-4f8a-a621-3f65927ed57e' })), {
      id: 'f73311e4-69d4-43d7-9781-1294e9d5bf0d',
    }),
  ],
  open: stateless(perFeature(({ value }) => ascii(`$SYS,${value}?`))),
});
