import {
  bluetooth,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  rotateBothWays,
  stateless,
} from 'pulsegate/plugin';

const standard = features(rotateBothWays(6, { id: 'b7495351-9101-448a-94c4-4598cf541dca' }));

/** Counter-clockwise has the top bit set. */
const turn = (speed: number) => (speed < 0 ? 0x80 | -speed : speed);

export const synchro = defineProtocol({
  id: 'synchro',
  brand: 'Synchro',
  links: [bluetooth({ names: ['Shinkuro', 'synchro2', 'synchro EX'], services: { ffe0: { tx: 'ffe1' } } })],
  models: [
    otherwise('Synchro', standard, { id: 'f912a283-7308-4e56-a508-4d47d9caf7d2' }),
    model('synchro EX', 'Synchro Exchange', standard, { id: '3535446e-779a-496b-8404-e895878cf3e1' }),
  ],
  open: stateless(perFeature(({ value }) => [0xa1, 0x01, turn(value), 0x77, 0x55])),
});
