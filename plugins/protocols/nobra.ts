import { bluetooth, defineProtocol, features, otherwise, perFeature, serial, vibrate } from 'pulsegate/plugin';

const OFF = 0x70;

export const nobra = defineProtocol({
  id: 'nobra',
  brand: "Nobra's Silicone Dreams",
  links: [
    bluetooth({ names: ['NobraControl*', 'Nobra Control*'], services: { abf0: { tx: 'abf1' } } }),
    serial('default', 19200),
  ],
  models: [
    otherwise("Nobra's Silicone Dreams Toy", features(vibrate(15, { id: '3d9a6c96-2f9e-4105-931b-c799c1c9f3e0' })), {
      id: 'b548cba6-63cd-4d4c-9124-7e13303a6dec',
    }),
  ],
  async open({ link }) {
    await link.write('tx', Uint8Array.of(OFF), { withResponse: false });
    return { output: perFeature(({ value }) => [value === 0 ? OFF : 0x60 + value]) };
  },
});
