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

const vibrator = (id: string) => features(vibrate(99, { id }));
const standard = vibrator('0c9c5a7d-8d28-4003-b1d4-8de5c73c8fe4');

export const sexverseV4 = defineProtocol({
  id: 'sexverse-v4',
  brand: 'Sexverse',
  links: [
    bluetooth({
      names: ['CFG1 vibrator', 'HJ2024N01', 'BC1847', 'BC1816'],
      services: { cfa2: { tx: 'cf21' }, dba2: { tx: 'db21' }, bca2: { tx: 'bc21' } },
    }),
  ],
  models: [
    otherwise('Sexverse G1 Vibrator', standard, { id: 'e69dc695-695d-485b-be16-59161505fd6d' }),
    model('HJ2024N01', 'VVD Vkini', standard, { brand: 'VVD', id: '679cdc1b-9236-4ed1-a3c4-c33b748a8cde' }),
    // A Black Knight is said to have the same name, so it cannot be told from this one.
    model('BC1847', 'Sexverse Dark Knight', vibrator('cc1f8c5c-40ff-4d44-91ca-4520042cf723'), {
      id: '99333be9-450f-4092-b776-dd4de1eff244',
    }),
  ],
  open: stateless(perFeature(({ value }) => [0xbb, 0x01, value, 0x66], { withResponse: true })),
});
