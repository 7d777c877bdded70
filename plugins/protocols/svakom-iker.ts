import { bluetooth, defineProtocol, features, otherwise, packet, stateless, vibrate } from 'pulsegate/plugin';

const VIBRATOR = 0;
const PULSATOR = 1;

export const svakomIker = defineProtocol({
  id: 'svakom-iker',
  brand: 'Svakom',
  links: [
    bluetooth({
      names: ['Iker'],
      manufacturerData: [
        { company: 0x0027, data: [0x53, 0x56, 0x41, 0x01, 0x0b, 0x12, 0x01, 0x33, 0x44, 0x55, 0xca, 0x08] },
      ],
      services: { ffe0: { tx: 'ffe1' } },
    }),
  ],
  models: [
    otherwise(
      'Svakom Iker',
      features(
        vibrate(10, { id: '36af2b39-85ec-4463-9ecd-59fbaff3ba38' }),
        vibrate(5, { id: '74e5fb53-383a-4938-81ff-cb84da773882' }),
      ),
      { id: '1db55a7c-6133-4b33-bd54-e7fa8dead165' },
    ),
  ],
  // Each motor has its own packet and slot: sending both in one slot loses stops (facts: protocols/svakom-iker, doubts).
  open: stateless(({ feature }, levels) => {
    const vibration = levels.get(VIBRATOR, 'Vibrate');
    const pulse = levels.get(PULSATOR, 'Vibrate');
    const vibrator = packet(VIBRATOR, [0x55, 0x03, 0x03, 0x00, 0x01, vibration]);
    const pulsator = packet(PULSATOR, [0x55, 0x07, 0x00, 0x00, pulse, 0x00]);
    // A vibrator at 0 halts the pulsator too: that undoes a pulse which goes on, and makes sure of one which ends.
    if (feature.index === PULSATOR) return vibration === 0 && pulse === 0 ? [pulsator, vibrator] : [pulsator];
    return vibration === 0 && pulse > 0 ? [vibrator, pulsator] : [vibrator];
  }),
});
