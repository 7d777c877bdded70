import {
  bluetooth,
  defineProtocol,
  features,
  model,
  otherwise,
  stateless,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

const twoVibrators = (a: string, b: string) => features(vibrate(8, { id: a }), vibrate(8, { id: b }));
const standard = features(vibrate(8, { id: 'e6f5930a-98ee-4ced-9a51-b3938b7b6a0c' }));

export const zalo = defineProtocol({
  id: 'zalo',
  brand: 'Zalo',
  corrections: [
    'Every packet carries both motors, so of those that wait only the newest is sent: an older one could bring back a motor just stopped.',
    'While one motor of a Queen or a King runs, the other goes at its lowest speed at least, though it is at 0 or was stopped: no packet is known that halts one alone, and the reference engine has none either. When both are at 0, both halt.',
  ],
  links: [bluetooth({ names: ['ZALO-Queen', 'ZALO-King', 'ZALO-Jeanne'], services: { fff0: { tx: 'fff1' } } })],
  models: [
    otherwise('Zalo Device', standard, { id: '45648a20-cb18-43a0-9d6c-8bc4ed63ef63' }),
    model(
      'ZALO-Queen',
      'Zalo Queen',
      twoVibrators('94357c17-fb2d-4579-a4fa-68d597315887', '43f2e203-f920-4c59-b7a8-d8902d7efa2f'),
      { id: '2aaeca64-1ce5-4333-a0ab-609546112d37' },
    ),
    model(
      'ZALO-King',
      'Zalo King',
      twoVibrators('3e1cb89e-43bd-4b57-9f49-79dbb297ce14', 'ba694b89-b88e-4029-934f-95d23df42053'),
      { id: '94254e7a-2666-4e93-8f6d-101fad4a3807' },
    ),
    model('ZALO-Jeanne', 'Zalo Jeanne', standard, { id: '743b389e-1eb6-401a-80bc-116b6136c449' }),
  ],
  open: stateless(
    // The packet is the whole device's: in slots of their own, one that still waits could bring back a motor just stopped.
    wholeDevice((level) => [level(0) + level(1) > 0 ? 0x01 : 0x02, Math.max(level(0), 1), Math.max(level(1), 1)], {
      withResponse: true,
    }),
  ),
});
