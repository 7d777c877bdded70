import {
  bluetooth,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  perFeature,
  vibrate,
} from 'pulsegate/plugin';

const CONFIRMED = { withResponse: true };

export const sexverseV2 = defineProtocol({
  id: 'sexverse-v2',
  brand: 'Sexverse',
  links: [bluetooth({ names: ['LY272A01', 'LB-W01', 'HH010', 'NBQ-B619RX'], services: { bae0: { tx: 'bae1' } } })],
  models: [
    otherwise(
      'Sexverse Nolan',
      features(
        vibrate(20, { id: '4961e88c-5c2e-4701-95ee-16d58538b65e' }),
        oscillate(20, { id: 'a3cd125d-ac6c-426d-b45a-fe3c7ae1e1d2' }),
      ),
      { id: 'ce9d4fe0-6614-493d-ac77-02ec5d42947d' },
    ),
    model('LB-W01', 'Libo Miao', features(vibrate(20, { id: '59cacf4b-ef09-42ad-b3d6-459bc195da26' })), {
      brand: 'Libo',
      id: '2a4a4daa-5740-425b-b1a4-72b73f746fdf',
    }),
    model(
      'HH010',
      'Sexverse HH010',
      features(
        oscillate(20, { id: '968f7306-6997-4b76-a40f-acbb431d9582' }),
        vibrate(20, { id: '018009d0-b5bf-4f97-a13d-909d0e74fabc' }),
      ),
      { id: '0e1f9fe7-22d9-4afb-9fe5-192b8e5508c3' },
    ),
    // The identifiers, those of the model before, are what the community's table has (facts: protocols/sexverse-v2, doubts).
    model(
      'NBQ-B619RX',
      'Duopeak Saphette',
      features(
        oscillate(20, { id: '968f7306-6997-4b76-a40f-acbb431d9582', description: 'Wearer Vibrator' }),
        vibrate(20, { id: '018009d0-b5bf-4f97-a13d-909d0e74fabc', description: 'Receiver Vibrator' }),
        vibrate(20, { id: '018009d0-b5bf-4f97-a13d-909d0e74fabc', description: 'Wearer Clitoral Vibrators' }),
      ),
      { brand: 'Duopeak', id: '0e1f9fe7-22d9-4afb-9fe5-192b8e5508c3' },
    ),
  ],
  async open({ link }) {
    await link.write('tx', Uint8Array.of(0xaa, 0x04), CONFIRMED);
    return {
      output: perFeature(({ feature, value }) => [0xaa, 0x03, 0x01, feature.index + 1, 0x64, value], CONFIRMED),
    };
  },
});
