import {
  ascii,
  byType,
  combined,
  type DeviceOutput,
  defineProtocol,
  features,
  otherwise,
  perFeature,
  position,
  serial,
  stateless,
  timedPosition,
} from 'pulsegate/plugin';

/**
 * A magnitude is what follows "0.", so every level is written with as many digits as the range has and the top is all nines;
 * fewer or more digits would mean another level (facts: protocols/tcode-v03, doubts).
 */
function magnitude({ feature, type, value }: DeviceOutput): string {
  const digits = String((feature.outputs[type]?.value[1] ?? 1000) - 1).length;
  return String(Math.min(value, 10 ** digits - 1)).padStart(digits, '0');
}

const line = (encode: (order: DeviceOutput) => string) => perFeature((order) => ascii(`${encode(order)}\n`));

export const tcodeV03 = defineProtocol({
  id: 'tcode-v03',
  brand: 'TCode',
  // No machine is called this: users name their port, and add features (vibrators, more axes) of their own.
  links: [serial('default', 115_200)],
  models: [
    otherwise(
      'TCode v0.3 (Single Linear Axis)',
      features(combined(position(1000, { id: 'afa1e63e-b6c7-4519-8faa-68cefe197a31' }), timedPosition(1000, 100_000))),
      { id: '5c1195a5-a2e4-4643-bd47-8cb3a1e067f4', messageGapMs: 20 },
    ),
  ],
  alsoDrives: ['Vibrate'],
  open: stateless(
    byType({
      // Only the commanded axis: twisting along with every stroke is a leftover (facts: protocols/tcode-v03, doubts).
      Position: line((order) => `L${order.feature.index}${magnitude(order)}`),
      HwPositionWithDuration: line((order) => `L${order.feature.index}${magnitude(order)}I${order.duration}`),
      Vibrate: line((order) => `V${order.feature.index}${magnitude(order)}`),
    }),
  ),
});
