import { bluetooth, defineProtocol, features, model, otherwise, rotate, vibrate } from 'pulsegate/plugin';
import { BUTTON_MS, oneMotor, waitForPowerButton } from './lelo.js';

const vibratorAndRotator = (a: string, b: string) => features(vibrate(100, { id: a }), rotate(100, { id: b }));
const vibrator = (id: string) => features(vibrate(100, { id }));
const twoVibrators = features(
  vibrate(100, { id: '0cf2b478-2235-4f83-897c-d8bbebb822e8' }),
  vibrate(100, { id: '0c89262b-0fcd-48c9-9492-a79758da781f' }),
);

export const leloHarmony = defineProtocol({
  id: 'lelo-harmony',
  brand: 'Lelo',
  links: [
    bluetooth({
      names: ['IdaWave', 'Ida Wave', 'TianiHarmony', 'Tiani Harmony', 'TOR3', 'Hugo2', 'DoubleSonic', 'GIGI3', 'LIV3'],
      services: { fff0: { command: 'fff1', tx: 'fff2', whitelist: '0a11' } },
    }),
  ],
  models: [
    otherwise('Lelo Tiani Harmony', twoVibrators, { id: '3bde5251-e810-418a-9ebf-8c3a50684d9a' }),
    model(
      ['IdaWave', 'Ida Wave'],
      'Lelo Ida Wave',
      vibratorAndRotator('c887327d-e635-4086-83dc-2f21286f485c', '5bd48a1d-992e-4c69-ae74-ed94505eec58'),
      { id: 'a9de3981-7e0d-4b07-b8a9-10031bb6ddae' },
    ),
    model('TOR3', 'Lelo Tor 3', vibrator('d0c39af5-62b4-4bfe-a0bb-71f5c2e86c99'), {
      id: 'e0104054-fba7-4ba2-b51f-0f3d95aee1ba',
    }),
    model('Hugo2', 'Lelo Hugo 2', twoVibrators, { id: '7d302aee-23cd-4681-b9fc-1275250e8a03' }),
    model(
      'DoubleSonic',
      'Lelo Enigma Double Sonic',
      vibratorAndRotator('8a9d2c49-1486-4515-a0a4-320c9c903ccc', '6fdbe4ae-f0fc-44e0-b0a4-cbb56dee61d8'),
      { id: 'c6bf86e6-1054-4c14-a3bb-d415edf81834' },
    ),
    model('GIGI3', 'Lelo Gigi 3', vibrator('ea1ca70a-b3e9-41ba-8863-3f74156fef87'), {
      id: 'e722ba98-5c2d-4f77-a56d-ac72b213ed53',
    }),
    model('LIV3', 'Lelo Liv 3', vibrator('1599b3d9-055d-4c9b-a1fe-7cef1fac4c9e'), {
      id: '0daa8498-172c-47bc-b6c4-57414589509b',
    }),
  ],
  connectTimeoutMs: BUTTON_MS + 5_000,
  async open(context) {
    await waitForPowerButton(context, 'whitelist');
    return { output: oneMotor };
  },
});
