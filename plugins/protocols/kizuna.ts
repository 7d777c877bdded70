import { ascii, defineProtocol, features, otherwise, perFeature, rotate, serial, stateless } from 'pulsegate/plugin';

export const kizuna = defineProtocol({
  id: 'kizuna',
  brand: 'Kizuna',
  // No port is called this: users name theirs.
  links: [serial('default', 19_200)],
  models: [
    otherwise('Kizuna Smart', features(rotate(9, { id: '7077cb50-d3d5-4357-8b5f-42517ffc83b8' })), {
      id: '654be6a2-bfe6-4358-bd0a-0d8f2cd9d105',
    }),
  ],
  // A direction would end up as another character, so it is left out (facts: protocols/kizuna, doubts).
  open: stateless(perFeature(({ value }) => ascii(`${Math.abs(value)}\r\n`))),
});
