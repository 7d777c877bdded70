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
import { on } from './svakom.js';

const standard = features(vibrate(10, { id: '4a225b9d-94c6-437a-a038-3deb4ded5bc5' }));

export const svakomV2 = defineProtocol({
  id: 'svakom-v2',
  brand: 'Svakom',
  links: [
    bluetooth({
      names: [
        '116',
        '117',
        'Edeny',
        '118',
        'Viviana',
        'Ella NEO',
        'S38A',
        'Vick NEO',
        'Vick Neo',
        'STG05A',
        'QH-SJ007A',
        'Cici 2',
        'Emma Neo 2',
      ],
      services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } },
    }),
  ],
  models: [
    otherwise('Svakom Device v2', standard, { id: 'b1189537-2ef1-452b-b6b8-e8e0ba823156' }),
    model('116', 'Svakom Phoenix Neo', standard, { id: '11905923-4084-4efb-9ac3-a6eba2bf4190' }),
    model('Viviana', 'Svakom Viviana', standard, { id: '4bbda06f-ca32-4d34-a11f-d91d8987dc6d' }),
    model('Ella NEO', 'Svakom Ella Neo', standard, { id: '87419e85-5570-41f0-84f2-7f15b138326d' }),
    model(['117', 'Edeny'], 'Svakom Edeny', standard, { id: '448ee908-2abc-46cb-aa3f-732830a25139' }),
    model('S38A', 'Svakom Tammy Pro', standard, { id: 'b2c3e1ed-0c66-49d7-859d-7c9677c66297' }),
    model(['Vick NEO', 'Vick Neo'], 'Svakom Vick Neo', standard, { id: 'c37b8380-dd41-4fd1-8310-8c24230658bf' }),
    model('STG05A', 'Svakom Aravinda', standard, { id: '63893174-b1fd-4ad3-940f-fbbb939ffa57' }),
    model('118', 'ToyCod Vanesia', standard, { id: 'a61ae863-a8fc-4708-b313-b36385926dbf', brand: 'ToyCod' }),
    model('QH-SJ007A', 'Svakom Winni 2', standard, { id: 'f0609171-5e85-4800-adee-a43ef2e3826a' }),
    model('Cici 2', 'Svakom Cici 2', standard, { id: '5c03568c-9318-4648-b149-b0fc716d5605' }),
    model('Emma Neo 2', 'Svakom Emma Neo 2', standard, { id: 'a3c23c99-09e7-47d4-898b-9581dfc1f28b' }),
  ],
  open: stateless(
    perFeature(
      ({ feature, value }) =>
        // No model here has a second vibrator; those which people add may.
        feature.index === 1 ? [0x55, 0x06, 0x01, 0x00, value, value] : [0x55, 0x03, 0x03, 0x00, on(value), value],
      { withResponse: true },
    ),
  ),
});
