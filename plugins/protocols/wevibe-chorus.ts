import { bluetooth, defineProtocol, features, model, otherwise, vibrate } from 'pulsegate/plugin';
import { wevibe8bitMotors } from './wevibe-8bit.js';

const twoVibrators = (a: string, b: string) => features(vibrate(30, { id: a }), vibrate(30, { id: b }));
const vibrator = (id: string) => features(vibrate(30, { id }));

export const wevibeChorus = defineProtocol({
  id: 'wevibe-chorus',
  brand: 'We-Vibe',
  links: [
    bluetooth({
      names: ['Chorus', 'skeena', 'Sync 2', 'Sync O', 'Sync Lite'],
      services: {
        'f000bb03-0451-4000-b000-000000000000': {
          tx: 'f000c000-0451-4000-b000-000000000000',
          rx: 'f000b000-0451-4000-b000-000000000000',
        },
      },
    }),
  ],
  models: [
    otherwise(
      'WeVibe Chorus',
      twoVibrators('52a3c84e-28d4-4750-9a7e-a8618ded617e', '4aa54a5f-2b85-4178-b671-f4198acf3daf'),
      { id: '5228aefe-bc48-445c-8129-48c3cebf6729' },
    ),
    model(
      'Sync 2',
      'WeVibe Sync 2',
      twoVibrators('db4d008b-530e-4b8b-937a-bd4e5df4058c', '27c95f7a-91e7-46c9-90c2-b3d37ed20d6d'),
      { id: '3d5f001f-d3c0-44d5-9a6a-e4c8e7beb2e1' },
    ),
    model('Sync Lite', 'WeVibe Sync Lite', vibrator('62316419-7c01-4ce2-8086-0ca210d26b25'), {
      id: '36640498-e77c-46f5-9f94-a1b90148f939',
    }),
    model('Sync O', 'WeVibe Sync O', vibrator('be63a133-ec1f-4aaf-9a70-6c26d9063b8c'), {
      id: '917d5891-c0aa-4cbd-9a5c-db888c0e2e1b',
    }),
  ],
  open: wevibe8bitMotors((internal, external) => [internal, external]),
});
