import {
  bluetooth,
  type DeviceLevels,
  defineProtocol,
  features,
  otherwise,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

/** Both motors; a toy without a second one gets 0 for it. */
export const bothSpeeds = (level: DeviceLevels['at']) => [0x01, level(0), level(1)];

export const leloF1s = defineProtocol({
  id: 'lelo-f1s',
  brand: 'Lelo',
  links: [bluetooth({ names: ['F1s'], services: { fff0: { tx: 'fff1', rx: '0aa4' } } })],
  models: [
    otherwise(
      'Lelo F1s',
      features(
        vibrate(100, { id: '006eb802-d890-4a0f-a566-288d86ec1caf' }),
        vibrate(100, { id: '787c4a90-e78c-489a-a0eb-f66b3c70d6d2' }),
      ),
      { id: '83c52d23-0532-4b57-8a0b-c8132a5c52bd' },
    ),
  ],
  async open({ link, log }) {
    // Nobody reads what comes from there, but unless it is listened to the power button switches the toy off instead of waking it.
    await link.subscribe('rx');
    log.info('Tap the power button of the toy: it obeys after that');
    return { output: wholeDevice(bothSpeeds) };
  },
});
