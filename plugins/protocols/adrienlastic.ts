import {
  ascii,
  bluetooth,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const oneVibrator = features(vibrate(16, { id: '714132f1-7ddd-420e-bf9f-6927fce0c9c3' }));

export const adrienlastic = defineProtocol({
  id: 'adrienlastic',
  // Its toys call themselves what those of Lovense are called; the advertised service tells them apart.
  before: ['lovense'],
  brand: 'Adrien Lastic',
  links: [
    bluetooth({
      names: ['Placeholder to avoid conflict with bad attempt to clone a Lovense Lush'],
      advertisedServices: ['1320'],
      services: { '6e400001-b5a3-f393-e0a9-e50e24dcca9e': { tx: '6e400002-b5a3-f393-e0a9-e50e24dcca9e' } },
    }),
  ],
  models: [
    otherwise('Adrien Lastic Device', oneVibrator, { id: 'd5c4c815-9226-430d-8b40-915c0e208483' }),
    model('LVS-S001', 'Adrien Lastic Palpitation', oneVibrator, { id: '92c43355-c16f-471a-9c5d-ea30186b75a8' }),
    model('LVS-S002', 'Adrien Lastic Revelation', oneVibrator, { id: 'ef491238-d560-46e4-84ed-72c902632bb2' }),
  ],
  open: stateless(
    perFeature(({ value }) => ascii(`MotorValue:${String(value).padStart(2, '0')};`), { withResponse: true }),
  ),
});
