import { bluetooth, defineProtocol, features, otherwise, vibrate } from 'pulsegate/plugin';
import { onePacketForVibrators } from './svakom.js';

export const svakomBarney = defineProtocol({
  id: 'svakom-barney',
  brand: 'Mutufun',
  links: [bluetooth({ names: ['DJ333A'], services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } } })],
  models: [
    otherwise(
      'Mutufun Barney',
      features(
        vibrate(10, { id: 'ebbd9a68-1b05-4a21-8f3d-14b3dc7f1f70' }),
        vibrate(10, { id: 'be5e2510-9b63-4813-9192-2db123b82ac5' }),
      ),
      { id: '1b3759c0-ee3b-4f5f-9b3a-3d6bc0cc9594' },
    ),
  ],
  open: ({ model }) => ({ output: onePacketForVibrators(model, 0x03) }),
});
