import { bluetooth, DeviceError, defineProtocol, features, otherwise, perFeature, vibrate } from 'pulsegate/plugin';

const START = [0x01, 0xaa, 0xaa, 0xbb, 0xcc, 0x10];

export const lioness = defineProtocol({
  id: 'lioness',
  brand: 'Lioness',
  links: [
    bluetooth({
      names: ['Lioness', 'Lioness2'],
      services: {
        'd973f2ed-b19e-11e2-9e96-0800200c9a66': { tx: 'd973f2f4-b19e-11e2-9e96-0800200c9a66' },
        'd973f2e5-b19e-11e2-9e96-0800200c9a66': { rx: 'd973f2e6-b19e-11e2-9e96-0800200c9a66' },
      },
    }),
  ],
  models: [
    otherwise('Lioness', features(vibrate(100, { id: '30051e05-190c-43e9-a35d-480a7615622d' })), {
      id: 'a35b0291-002b-4382-9eaf-6ebd9d04b668',
    }),
  ],
  async open({ link, model }) {
    await link.subscribe('rx');
    try {
      await link.write('tx', Uint8Array.from(START), { withResponse: true });
    } catch (cause) {
      const advice =
        'It may have to be paired in the settings of the operating system first, with the PIN 6496 or 006496';
      throw new DeviceError(`${model.name} refused to start. ${advice}`, { cause });
    }
    return { output: perFeature(({ value }) => [0x02, 0xaa, 0xbb, 0xcc, 0xcc, value]) };
  },
});
