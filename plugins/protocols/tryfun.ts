import {
  bluetooth,
  byType,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  perFeature,
  rotate,
  stateless,
  vibrate,
} from 'pulsegate/plugin';
import { tryfunFrame } from './tryfun-blackhole.js';

const CONFIRMED = { withResponse: true };

function motor(kind: number, level: number): number[] {
  const body = [0x02, kind, level];
  return [0xaa, ...body, (0x102 - body.reduce((sum, byte) => sum + byte)) & 0xff];
}

/** Its checksum is one more than that of other frames. */
const OFF = [0x00, 0x02, 0x00, 0x05, 0x01, 0x02, 0x01, 0x01, 0xfc];

export const tryfun = defineProtocol({
  id: 'tryfun',
  brand: 'TryFun',
  links: [bluetooth({ names: ['TRYFUN-ONE', 'TF-SPRAY'], services: { ff10: { tx: 'fff1' }, ffac: { tx: 'ffb5' } } })],
  models: [
    otherwise(
      'TryFun Yuan Series',
      features(
        oscillate(9, { id: 'e4957d32-e069-4c35-ae3f-e3cce3de6b49' }),
        rotate(9, { id: '0346e667-8ea2-4cde-80d4-88d498d1ee17' }),
      ),
      { id: '9b4afa16-a7cf-4fdb-bb95-5f91125ba7e1' },
    ),
    model('TF-SPRAY', 'TryFun Surge Pro', features(vibrate(4, { id: 'b9d4420b-9a94-4ea2-8b76-3445d06049f2' })), {
      id: '2cf375ae-7ae9-4d76-be3b-58eff84b67ae',
    }),
  ],
  open: stateless(
    byType({
      Oscillate: perFeature(({ value }) => motor(0x07, value), CONFIRMED),
      Rotate: perFeature(({ value }) => motor(0x08, Math.abs(value)), CONFIRMED),
      Vibrate: perFeature(({ value }) => (value === 0 ? OFF : tryfunFrame(0, [0x02, value, 0x01, 0x00])), CONFIRMED),
    }),
  ),
});
