import {
  bluetooth,
  defineProtocol,
  features,
  oscillate,
  otherwise,
  packet,
  stateless,
  vibrate,
} from 'pulsegate/plugin';

const FROM_BASE = 0x01;
const FULL_RANGE = 0x04;

/** While nothing oscillates, there is no place to start from and no range either. */
function state(vibration: number, oscillation: number): number[] {
  const [anchor, range] = oscillation === 0 ? [0, 0] : [FROM_BASE, FULL_RANGE];
  return [0xaa, 0x05, vibration, 0x14, anchor, 0x00, range, 0x00, oscillation, 0x00];
}

export const sexverseLg389 = defineProtocol({
  id: 'sexverse-lg389',
  brand: 'Sexverse',
  links: [bluetooth({ names: ['LG389'], services: { bae0: { tx: 'bae1', rx: 'bae2' } } })],
  models: [
    otherwise(
      'Sexverse LG389',
      features(
        vibrate(3, { id: '54ae0f52-dbd7-4fac-8463-f06199b72642' }),
        oscillate(10, { id: '394cb2f4-9ee5-4fe9-a31c-fd6652479467' }),
      ),
      { id: 'dd6e5fe8-f53c-4b5c-9614-cedfffc0a40f' },
    ),
  ],
  open: stateless((_order, levels) => [
    packet('device', state(levels.of('Vibrate'), levels.of('Oscillate')), { withResponse: true }),
  ]),
});
