import {
  bluetooth,
  byType,
  defineProtocol,
  features,
  oscillate,
  otherwise,
  packet,
  perFeature,
  rotateBothWays,
  vibrate,
} from 'pulsegate/plugin';
import { numberedFrames } from './tryfun-blackhole.js';

/** A signed byte, in which standing still is -1 and clockwise goes down from there. */
const turn = (speed: number) => (speed < 0 ? -speed : -(speed + 1)) & 0xff;

export const tryfunMeta2 = defineProtocol({
  id: 'tryfun-meta2',
  brand: 'TryFun',
  links: [bluetooth({ names: ['TF-META2'], services: { ffac: { tx: 'ffb7' } } })],
  models: [
    otherwise(
      'TryFun Meta 2',
      features(
        oscillate(100, { id: '0773790b-b629-46b7-af2a-174d75c53fe3' }),
        vibrate(100, { id: 'bf8f3a67-3403-4d57-90e3-027804c57c4e' }),
        rotateBothWays(100, { id: '26402ebe-7ee0-4c7d-ae40-205ec4f3a1b0' }),
      ),
      { id: '6b45e5f8-5b23-4c1d-a478-43c17a54cae3' },
    ),
  ],
  open() {
    const frames = numberedFrames();
    const motor = (kind: number, level: number) => frames.next([0x21, 0x05, kind, level]);
    return {
      keepalive: () => packet('again', frames.again()),
      output: byType({
        Oscillate: perFeature(({ value }) => motor(0x0b, value)),
        Vibrate: perFeature(({ value }) => motor(0x08, value)),
        Rotate: perFeature(({ value }) => motor(0x0e, turn(value))),
      }),
    };
  },
});
