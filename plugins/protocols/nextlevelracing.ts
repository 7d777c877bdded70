import { ascii, defineProtocol, features, otherwise, perFeature, serial, stateless, vibrate } from 'pulsegate/plugin';

export const nextlevelracing = defineProtocol({
  id: 'nextlevelracing',
  brand: 'Next Level Racing',
  links: [serial('default', 115200)],
  models: [
    otherwise(
      'Next Level Racing HF8 Haptic Gaming Pad',
      features(
        vibrate(255, { id: '178ade8c-0063-4f37-b37f-c47608f0b1e3', description: 'Right thigh' }),
        vibrate(255, { id: 'f3d43a20-94e8-4e6a-a504-4b2fe87cfbe1', description: 'Left thigh' }),
        vibrate(255, { id: '00d0b735-ffb6-4964-b963-75b1d4995c89', description: 'Right buttock' }),
        vibrate(255, { id: '5ba0a42a-8bed-4123-95bd-0d1f4bc5333d', description: 'Left buttock' }),
        vibrate(255, { id: '29820b84-4c47-443d-85a5-8706f64d38c1', description: 'Right back' }),
        vibrate(255, { id: 'b930b1ae-2974-4e8f-b95c-b960d848534c', description: 'Left back' }),
        vibrate(255, { id: '225e1d14-4cc9-4c8c-b6ff-5ae024e3387a', description: 'Right shoulder' }),
        vibrate(255, { id: 'e369bcd9-8e2f-4466-8773-98bdf5fad7c5', description: 'Left shoulder' }),
      ),
      { id: 'fc830a11-de0d-4262-8155-99827cb926a9' },
    ),
  ],
  open: stateless(perFeature(({ feature, value }) => ascii(`M${feature.index}${value}\r`))),
});
