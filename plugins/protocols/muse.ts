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

const oneMotor = features(vibrate(9, { id: '6dcc57e0-8a30-4e90-ba9e-4b8dd488d166' }));

/** Makes a speed of the first byte, which would be a pattern otherwise; the speed holds for about a second. */
const FOR_A_SECOND = 0x01;

export const muse = defineProtocol({
  id: 'muse',
  brand: 'Muse',
  status: 'unverified',
  links: [bluetooth({ names: ['WB-ZDB-WST', 'WB-TDD'], services: { aaa0: { tx: 'aaa1' } } })],
  models: [
    otherwise('Muse Device', oneMotor, { id: '94e9d8e0-94cc-42f5-b14d-c55cc91e2e68' }),
    model('WB-ZDB-WST', 'Dream Lover Archer 2', oneMotor, {
      brand: 'Dream Lover',
      id: '48b17c67-fb1f-40c7-8dcb-b67dfb041afc',
    }),
    model('WB-TDD', 'Galaku Panty Vib', oneMotor, { brand: 'Galaku', id: 'dd40210e-1523-4d61-bdaf-3827635fb181' }),
  ],
  keepalive: { kind: 'repeat-last', everyMs: 500 },
  open: stateless(perFeature(({ value }) => [value, value > 0 ? FOR_A_SECOND : 0x00])),
});
