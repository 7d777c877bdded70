import { bluetooth, defineProtocol, features, model, otherwise, vibrate } from 'pulsegate/plugin';
import { onePacketForVibrators } from './svakom.js';

const standard = features(
  vibrate(10, { id: 'b61f8bde-2ad3-40a8-8e16-fe6dcec8a887' }),
  vibrate(10, { id: '724c247f-733e-4592-9a98-1a37a7c941ba' }),
);

export const svakomV4 = defineProtocol({
  id: 'svakom-v4',
  brand: 'Svakom',
  links: [
    bluetooth({ names: ['B2CM6', 'ERICA', 'Cici+ 2', 'VV468A'], services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } } }),
  ],
  models: [
    otherwise('Svakom Device v4', standard, { id: '1a43cd07-e5ba-4a9f-8560-d00e1d72c6df' }),
    model('B2CM6', 'ToyCod Barzillai', standard, { id: '2e46e18b-5821-4665-9b07-928f4963f16d', brand: 'ToyCod' }),
    model('ERICA', 'Svakom Erica', standard, { id: '22c2f70c-44fa-482f-bfac-1463482bff5d' }),
    model('Cici+ 2', 'Svakom Cici+ 2', standard, { id: '96980e8b-abcf-410e-94e6-d098b13e6192' }),
    model('VV468A', 'ToyCod Clara', features(vibrate(10, { id: '65f4d628-cb50-48fa-8d51-39433244ce12' })), {
      id: '8d88601b-6791-4947-94ca-e9d66086f57e',
      brand: 'ToyCod',
    }),
  ],
  open: ({ model }) => ({ output: onePacketForVibrators(model) }),
});
