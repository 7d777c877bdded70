import { bluetooth, defineProtocol, features, otherwise, stateless, vibrate, wholeDevice } from 'pulsegate/plugin';

const BOTH = 0x01;
const LARGER = 0x02;
const SMALLER = 0x03;

/** There is one level, and a byte that says which of the motors it is for. */
function packetFor(larger: number, smaller: number): number[] {
  // Both share the larger one's level (facts: protocols/jejoue, doubts).
  if (larger > 0) return [smaller > 0 ? BOTH : LARGER, larger];
  return smaller > 0 ? [SMALLER, smaller] : [BOTH, 0x00];
}

export const jejoue = defineProtocol({
  id: 'jejoue',
  brand: 'Je Joue',
  corrections: [
    'When both motors are on, both run, at the level of the larger one; the reference leaves the smaller one off.',
  ],
  links: [bluetooth({ names: ['Je Joue'], services: { fff0: { tx: 'fff1' } } })],
  models: [
    otherwise(
      'Je Joue Device',
      features(
        vibrate(5, { id: 'a723e382-c32d-4170-b909-50e9ecb9d17f' }),
        vibrate(5, { id: '79434539-5c1d-459a-abbe-833f0a7403be' }),
      ),
      { id: '3ad4a393-215b-4cc7-9d77-9541b3b1dab1' },
    ),
  ],
  open: stateless(wholeDevice((level) => packetFor(level(0), level(1)))),
});
