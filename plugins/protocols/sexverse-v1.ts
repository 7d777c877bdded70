import {
  bluetooth,
  constrict,
  defineProtocol,
  features,
  isPositionType,
  type ModelDefinition,
  model,
  OUTPUT_TYPES,
  type OutputType,
  oscillate,
  otherwise,
  packet,
  rotate,
  vibrate,
  withXor8,
} from 'pulsegate/plugin';

const standard = features(vibrate(255, { id: '74825924-5e2a-4dd6-a91a-10a24be40c09' }));

const KINDS: { readonly [T in OutputType]?: number } = { Constrict: 0x04, Oscillate: 0x04, Rotate: 0x06 };
const ANY_OTHER_KIND = 0x03;

/** Every output that has a level, with the number of its kind. */
function motorsOf({ features: featureList }: ModelDefinition) {
  return featureList.flatMap(({ index, outputs }) =>
    OUTPUT_TYPES.filter((type) => outputs[type] && !isPositionType(type)).map((type) => ({
      index,
      type,
      kind: KINDS[type] ?? ANY_OTHER_KIND,
    })),
  );
}

const setLevels = (motors: readonly number[]) => withXor8([0x23, 0x07, motors.length, ...motors]);

export const sexverseV1 = defineProtocol({
  id: 'sexverse-v1',
  brand: 'Sexverse',
  links: [
    bluetooth({
      names: ['Rex', 'Cali', 'LY165A01', 'Olis', 'LY213A01', 'LY199B01', 'LY234A01', 'LY271A01', 'LY270A01'],
      services: { ffe0: { tx: 'ffe1', rx: 'ffe2' } },
    }),
  ],
  models: [
    otherwise('Sexverse Device', standard, { id: 'f595862c-fa49-460c-9667-87f0eac24a6c' }),
    model('Rex', 'Sexverse Rex', standard, { id: '447c8bda-bafc-472a-9333-8f809bbc48bb' }),
    model(
      ['Cali', 'LY165A01'],
      'Sexverse Cali',
      features(
        vibrate(255, { id: 'd3e17d91-94d8-449d-b049-91bd0ec3cf71' }),
        constrict(255, { id: '6aceca29-6833-4f61-b5af-1005bb50bdf9' }),
      ),
      { id: 'e4bb4468-1de1-4f37-a348-5c7177923603' },
    ),
    model(
      'Olis',
      'Sexverse Olis',
      features(
        vibrate(255, { id: '2e6d4a73-7847-4a5b-a03c-cdd6f07c39c9' }),
        vibrate(255, { id: 'c1530d49-07b0-432b-8c08-08e1ef4d2842' }),
        rotate(255, { id: 'cbc1187c-2400-4e9b-9fc0-a03744bd7295' }),
      ),
      { id: '9e874901-c5d7-49d2-910d-3849ab5ff96c' },
    ),
    model(
      'LY213A01',
      'Sexverse BuCUE',
      features(
        oscillate(255, { id: '641d8a6a-b068-4089-9632-c81ab872677d' }),
        vibrate(255, { id: '15dcc27e-ab6d-407e-8e1a-4b51e445fa5d' }),
      ),
      { id: '941a41b2-78d2-45a6-b730-17a8ff8c75e0' },
    ),
    model('LY199B01', 'Cooxer Bullet Vibe', standard, { brand: 'Cooxer', id: '0f8e2cac-428a-430c-a9d8-8889ed608c24' }),
    model('LY234A01', 'Sexverse Tadpole', standard, { id: 'de51460a-4c65-4173-8172-8dc7eaccc3a1' }),
    model('LY271A01', 'Sexverse Upton', standard, { id: '5d061d81-98cd-4271-b896-68394a21e97a' }),
    model('LY270A01', 'Sexverse Una', standard, { id: '97458f06-7a6f-4f8a-bb7a-93dd6ab53157' }),
  ],
  open({ model }) {
    const motors = motorsOf(model);
    return {
      output: (_order, levels) => [
        packet(
          'device',
          setLevels(motors.flatMap(({ index, type, kind }) => [0x81 + index, kind, Math.abs(levels.get(index, type))])),
        ),
      ],
    };
  },
});
