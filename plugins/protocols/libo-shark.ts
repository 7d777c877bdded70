import { bluetooth, defineProtocol, features, otherwise, stateless, vibrate, wholeDevice } from 'pulsegate/plugin';

export const liboShark = defineProtocol({
  id: 'libo-shark',
  brand: 'LiBo',
  links: [bluetooth({ names: ['ShaYu'], services: { '6000': { tx: '6001', txmode: '6002' } } })],
  models: [
    otherwise(
      'Libo Shark',
      features(
        vibrate(3, { id: '52d614a1-4f43-4946-a7bd-9d413791e642' }),
        vibrate(3, { id: '7cebc2d6-3b11-4117-aec4-ced57a738a13' }),
      ),
      { id: '44915af5-e3b9-4766-ae2e-b2df758689fd' },
    ),
  ],
  // The second one inflates.
  open: stateless(wholeDevice((level) => [(level(0) << 4) | level(1)])),
});
