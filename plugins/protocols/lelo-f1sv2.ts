import { bluetooth, defineProtocol, features, model, otherwise, vibrate, wholeDevice } from 'pulsegate/plugin';
import { BUTTON_MS, oneMotor, waitForPowerButton } from './lelo.js';
import { bothSpeeds } from './lelo-f1s.js';

const standard = features(
  vibrate(100, { id: '90bd67a5-4601-4c49-97bb-0845ab7011ba' }),
  vibrate(100, { id: '05fc758b-a3fe-4156-b3ae-9cdcb9ae95c6' }),
);

export const leloF1sv2 = defineProtocol({
  id: 'lelo-f1sv2',
  brand: 'Lelo',
  corrections: [
    'An answer about the power button counts at any length, because a short one taken for a pass phrase would be written back.',
  ],
  links: [
    bluetooth({
      names: ['F1SV2A', 'F1SV2X', 'F1SV3', 'F2'],
      services: { fff0: { tx: 'fff1', whitelist: '0a10', rx: '0a04', txvibrate: 'fff2', generic0: '0a11' } },
    }),
  ],
  models: [
    model(['F1SV2A', 'F1SV2X'], 'Lelo F1s V2', standard, { id: '64505ced-309b-4a32-93a8-13ee55e2da2c' }),
    model('F1SV3', 'Lelo F1s V3', standard, { id: '36adf7ce-98bf-4fad-b916-b44d20a5d9e1' }),
    model('F2', 'Lelo F2S', standard, { id: '5126b376-fc82-4677-bfc0-c45738549b9d' }),
    otherwise('Lelo F1s V2', standard, { id: '108d5cfe-2155-477f-b1b6-c48da6c4b7d8' }),
  ],
  connectTimeoutMs: BUTTON_MS + 5_000,
  async open(context) {
    // The older generation has the first, the newer one only the second.
    const isOlder = context.link.endpoints.has('whitelist');
    await waitForPowerButton(context, isOlder ? 'whitelist' : 'generic0');
    return { output: isOlder ? wholeDevice(bothSpeeds, { withResponse: true }) : oneMotor };
  },
});
