import { bluetooth, defineProtocol, features, model, otherwise, perFeature, vibrate } from 'pulsegate/plugin';

const oneVibrator = features(vibrate(128, { id: 'd9247325-2173-4ac7-95c3-6730f0d37964' }));

/** It says nothing when it is ready. */
const WAKING_MS = 3000;

export const cowgirlCone = defineProtocol({
  id: 'cowgirl-cone',
  brand: 'The Cowgirl',
  links: [bluetooth({ names: ['CG-CONE'], services: { ffe0: { tx: 'ffe1' } } })],
  models: [
    model('CG-CONE', 'The Cowgirl Cone', oneVibrator, { id: '72ec0578-c6dc-4835-a72d-3388816f9611' }),
    otherwise('The Cowgirl Cone', oneVibrator, { id: '2dc2667a-2305-4dd4-a0a0-9c1dbcf119ea' }),
  ],
  async open({ link, clock, signal }) {
    await link.write('tx', Uint8Array.of(0xaa, 0x56, 0x00, 0x00), { withResponse: false });
    await clock.sleep(WAKING_MS, signal);
    return { output: perFeature(({ value }) => [0xf1, 0x01, value, 0x00]) };
  },
});
