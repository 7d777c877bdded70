import {
  bluetooth,
  defineProtocol,
  features,
  otherwise,
  packet,
  perFeature,
  vibrate,
  withXor8,
} from 'pulsegate/plugin';

/** Higher numbers are not levels: they start patterns (facts: protocols/youou, doubts). */
const STRONGEST = 0xf7;

export const youou = defineProtocol({
  id: 'youou',
  brand: 'Youou',
  corrections: [
    'These wands can be connected: the reference engine looks them up under a misspelt name and gives up.',
    'Levels above 247 are sent as 247, because the wand takes higher numbers for patterns.',
  ],
  links: [bluetooth({ names: ['VX001_*'], services: { fff0: { tx: 'fff6' } } })],
  models: [
    otherwise('Youou Wand Vibrator', features(vibrate(255, { id: '19dc8b35-713c-448b-926f-4d56b14f432d' })), {
      id: '6b113fe0-9d26-4dd3-a997-527eb8a048b0',
    }),
  ],
  open() {
    let count = 0;
    let level = 0;
    const numbered = () => {
      const checked = withXor8([0xaa, 0x55, count, 0x02, 0x03, 0x01, level, level > 0 ? 0x01 : 0x00]);
      count = (count + 1) & 0xff;
      return [...checked, 0xff, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00];
    };
    return {
      keepalive: () => packet('again', numbered()),
      output: perFeature(({ value }) => {
        level = Math.min(value, STRONGEST);
        return numbered();
      }),
    };
  },
});
