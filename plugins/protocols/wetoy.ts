import { bluetooth, defineProtocol, features, otherwise, perFeature, vibrate } from 'pulsegate/plugin';

const OFF = [0x80, 0x03];

export const wetoy = defineProtocol({
  id: 'wetoy',
  brand: 'WeToy',
  links: [bluetooth({ names: ['WeToy'], services: { fff0: { tx: 'fff3' } } })],
  models: [
    otherwise('WeToy MiNa', features(vibrate(3, { id: '693b0fbc-eee5-4948-b8f4-aa264a78bcc2' })), {
      id: '1c7420e2-1af5-4b1c-8247-6a3702eb2335',
    }),
  ],
  async open({ link }) {
    await link.write('tx', Uint8Array.from(OFF), { withResponse: true });
    return { output: perFeature(({ value }) => (value === 0 ? OFF : [0xb2, value - 1]), { withResponse: true }) };
  },
});
