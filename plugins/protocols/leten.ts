import { bluetooth, defineProtocol, features, otherwise, perFeature, vibrate } from 'pulsegate/plugin';

export const leten = defineProtocol({
  id: 'leten',
  brand: 'Leten',
  links: [
    bluetooth({
      names: ['T528-LT', 'F537-LT', 'F520B-LT', 'F520A-LT'],
      services: { fff0: { tx: 'fff1' }, ffe0: { rx: 'ffe1' } },
    }),
  ],
  models: [
    otherwise('Leten Device', features(vibrate(25, { id: 'f9df3044-6d90-4767-97a9-05d15e2f97ec' })), {
      id: '8c613401-3bc2-434b-8ffe-881879b1e287',
    }),
  ],
  keepalive: { kind: 'repeat-last', everyMs: 1000 },
  async open({ link }) {
    await link.write('tx', Uint8Array.of(0x04, 0x01), { withResponse: true });
    return { output: perFeature(({ value }) => [0x02, value], { withResponse: true }) };
  },
});
