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

const oneVibrator = features(vibrate(255, { id: '08e0cd3e-65eb-42a4-8b15-990eb2e4c855' }));

export const deepsire = defineProtocol({
  id: 'deepsire',
  brand: 'DeepSire',
  links: [bluetooth({ names: ['IMP 3'], services: { ffe0: { tx: 'ffe1' } } })],
  models: [
    otherwise('DeepSire Device', oneVibrator, { id: 'dd188bc6-784e-4799-b80c-3f568f8794cc' }),
    model('IMP 3', 'Kuirkish Imp 3', oneVibrator, { id: 'ee9f0605-415e-4b07-8deb-c7252eff7053', brand: 'Kuirkish' }),
  ],
  open: stateless(perFeature(({ value }) => [0x55, 0x04, 0x01, 0x00, 0x00, value, 0xaa])),
});
