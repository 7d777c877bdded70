import {
  bluetooth,
  defineProtocol,
  features,
  model,
  motorPlaces,
  otherwise,
  type ProtocolDefinition,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

const strong = (id: string) => features(vibrate(22, { id }));
const standard = features(vibrate(12, { id: '7b226142-d713-41cd-872a-aea10527482b' }));

const OFF = [0x0f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00];
const INTERNAL = 0x01;
const EXTERNAL = 0x02;

/** A byte for each motor, then which of them run. Toys with one motor are told its level twice. */
export function wevibe8bitMotors(
  bytes: (internal: number, external: number) => readonly [number, number],
): ProtocolDefinition['open'] {
  return ({ model }) => {
    const second = motorPlaces(model).length > 1 ? 1 : 0;
    const output = wholeDevice(
      (level) => {
        const [internal, external] = [level(0), level(second)];
        const running = (internal > 0 ? INTERNAL : 0) | (external > 0 ? EXTERNAL : 0);
        return running === 0 ? OFF : [0x0f, 0x03, 0x00, ...bytes(internal, external), running, 0x00, 0x00];
      },
      { withResponse: true },
    );
    return { output };
  };
}

export const wevibe8bit = defineProtocol({
  id: 'wevibe-8bit',
  brand: 'We-Vibe',
  links: [
    bluetooth({
      names: [
        'Melt',
        'Melt 2',
        'Moxie',
        'Vector',
        'Wand',
        'Wand 2',
        'Bond',
        'Nelson',
        'Nova2',
        'Nova_2',
        'Nova 2',
        'Jive 2',
      ],
      services: {
        'f000bb03-0451-4000-b000-000000000000': {
          tx: 'f000c000-0451-4000-b000-000000000000',
          rx: 'f000b000-0451-4000-b000-000000000000',
        },
      },
    }),
  ],
  models: [
    otherwise('WeVibe 8-bit Device', standard, { id: '527527b1-7bf2-40cb-b086-003af792f03f' }),
    model(['Melt', 'Melt 2'], 'WeVibe Melt', strong('fdf47cba-4429-4944-9bb4-1db4facb8d29'), {
      id: '4f73e55c-bea8-4069-8409-cba30fbbfc81',
    }),
    model('Moxie', 'WeVibe Moxie', standard, { id: 'd29641cb-953a-4d5c-8b43-ba481db2dd42' }),
    model(
      'Vector',
      'WeVibe Vector',
      features(
        vibrate(12, { id: '8828bbe0-acf0-4529-9f33-276b23a14afd' }),
        vibrate(12, { id: '12702494-a0e9-4929-b928-050d47391cb5' }),
      ),
      { id: '52482637-708c-455b-b96b-d4d58af04562' },
    ),
    model('Wand', 'WeVibe Wand', strong('2377d39d-580c-46ea-831c-bb9cb97899d7'), {
      id: '3829ad7c-be90-49ce-9ecc-fdafa18be3bb',
    }),
    model('Wand 2', 'WeVibe Wand 2', strong('4d92cf70-e464-435c-897e-fd2cd5a918e9'), {
      id: '3db74c3e-50e1-4dbf-a670-c7297ca52f62',
    }),
    model(['Bond', 'Nelson'], 'WeVibe Bond', features(vibrate(27, { id: '240a36e0-4791-4676-aa3b-d1c407db2b1b' })), {
      id: 'c4b2ecb2-655d-44d9-bfaf-03f314acd3a2',
    }),
    model(
      ['Nova2', 'Nova_2', 'Nova 2'],
      'WeVibe Nova 2',
      features(
        vibrate(27, { id: '22172834-1186-4ba2-b221-23f02c3fbd51' }),
        vibrate(27, { id: '0972ba1f-0b0e-4738-a050-5333da537b35' }),
      ),
      { id: '2292e221-0f17-4d55-8697-f6abebf04ee5' },
    ),
    model('Jive 2', 'WeVibe Jive 2', standard, { id: '4a0d8ff9-db32-41c7-99e5-8bb005a25bd0' }),
  ],
  open: wevibe8bitMotors((internal, external) => [external + 3, internal + 3]),
});
