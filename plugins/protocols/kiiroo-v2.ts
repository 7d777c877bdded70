import { bluetooth, defineProtocol, features, model, otherwise, timedPosition } from 'pulsegate/plugin';
import { strokes } from './kiiroo-v21.js';

const standard = features(timedPosition(99, 100_000, { id: '49b06ca8-dd4d-4306-91c6-931143dee212' }));

export const kiirooV2 = defineProtocol({
  id: 'kiiroo-v2',
  brand: 'Kiiroo',
  corrections: [
    'The speed of a stroke is limited to 99, the fastest the devices know, because they ignore packets beyond it.',
  ],
  links: [
    bluetooth({
      names: ['Launch', 'Onyx2'],
      services: {
        '88f80580-0000-01e6-aace-0002a5d5c51b': {
          tx: '88f80581-0000-01e6-aace-0002a5d5c51b',
          rx: '88f80582-0000-01e6-aace-0002a5d5c51b',
          firmware: '88f80583-0000-01e6-aace-0002a5d5c51b',
        },
        'f60402a6-0293-4bdb-9f20-6758133f7090': {
          tx: '02962ac9-e86f-4094-989d-231d69995fc2',
          rx: 'd44d0393-0731-43b3-a373-8fc70b1f3323',
          firmware: 'c7b7a04b-2cc4-40ff-8b10-5d531d1161db',
        },
      },
    }),
  ],
  models: [
    otherwise('Kiiroo v2 Device', standard, { id: '1de4322c-86c4-40b1-8e1b-1f51c30392c0' }),
    model('Launch', 'Fleshlight Launch', standard, { id: 'f54eacbc-d84d-4c58-9410-9fbff25f14e8', brand: 'Fleshlight' }),
    model('Onyx2', 'Kiiroo Onyx 2', standard, { id: '5f3e8a6a-3a47-43a0-aed6-689101509481' }),
  ],
  async open({ link, clock }) {
    // User mode.
    await link.write('firmware', Uint8Array.of(0x00), { withResponse: true });
    return strokes(clock, ({ place, code }) => [place, code]);
  },
});
