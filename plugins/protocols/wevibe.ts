import {
  bluetooth,
  defineProtocol,
  features,
  model,
  motorPlaces,
  otherwise,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

const oneMotor = features(vibrate(15, { id: '6c0184bc-93b8-41a9-a976-934256dcdf9d' }));
const single = (name: string, id: string) => model(name, `WeVibe ${name}`, oneMotor, { id });

const twoMotors = (internal: string, external: string) =>
  features(vibrate(15, { id: internal }), vibrate(15, { id: external }));

const models = [
  otherwise('WeVibe Device', oneMotor, { id: 'd42dc8a1-bb70-4dd6-b792-710248c00c6e' }),
  single('Bloom', 'cb8bf4cd-b6bd-4499-b977-faf4e2bb9d4e'),
  single('Ditto', '0b9e22e7-b79c-4d26-b902-287436673da4'),
  single('Jive', '0d361883-2894-42dd-9268-b36a067564a6'),
  single('Pivot', '5fca5cd6-6336-4eec-bdfc-048266d9f409'),
  single('Rave', '534f442f-396c-4379-b3d0-9c001bcd2891'),
  single('Verge', '6b31404c-c609-4d75-a312-191c0f7f6a9f'),
  single('Wish', 'a7a85b12-bac4-49da-9d1e-0f5bc739fd3e'),
  model(
    ['Cougar', '4 Plus', '4_Plus', '4plus', 'classic', 'Classic'],
    'WeVibe 4 Plus',
    twoMotors('c76fd58e-a38c-4f25-a04c-d798e3f892d3', '027061c3-4d18-4d03-8219-13e3134b8a19'),
    { id: '11cd7b68-2c94-4fc8-837f-09d47214cee1' },
  ),
  model(
    'Gala',
    'WeVibe Gala',
    twoMotors('22386dcd-b409-49d2-be03-ad270eae92c4', '46f2d671-5bbf-49c0-928e-4a8b3cdd892b'),
    { id: '400ef30a-63eb-4648-b293-c7ecc874f509' },
  ),
  model(
    'Nova',
    'WeVibe Nova',
    twoMotors('e609247a-8c12-422e-8df7-e03373bdbf7a', 'c84081f5-3a72-473a-b2b3-32500014b308'),
    { id: 'b667bb6a-46b1-4534-8c79-83aa0749028a' },
  ),
  model(
    'Sync',
    'WeVibe Sync',
    twoMotors('283b2826-80e3-455f-bec6-7800ebaf2c96', '64f00297-e4ef-4059-a622-c0bea33d4379'),
    { id: '0e72dab3-4b87-4bae-ae02-aae0bbb0f035' },
  ),
];

const OFF = [0x0f, 0, 0, 0, 0, 0, 0, 0];
/** Toys with one motor take its level in both halves of the byte. */
const running = (internal: number, external: number) => [0x0f, 3, 0, (internal << 4) | external, 0, 3, 0, 0];

const both = (internal: number, external: number) => (internal + external === 0 ? OFF : running(internal, external));

export const wevibe = defineProtocol({
  id: 'wevibe',
  brand: 'We-Vibe',
  links: [
    bluetooth({
      names: models.flatMap(({ identifiers }) => identifiers),
      services: {
        'f000bb03-0451-4000-b000-000000000000': {
          tx: 'f000c000-0451-4000-b000-000000000000',
          rx: 'f000b000-0451-4000-b000-000000000000',
        },
      },
    }),
  ],
  models,
  async open({ link, model }) {
    const write = (data: readonly number[]) => link.write('tx', Uint8Array.from(data), { withResponse: true });
    // A short buzz wakes both motors up. It ends even where that seems to have failed, and when the end fails at first.
    await write(running(9, 9)).finally(() => write(OFF).catch(() => write(OFF).catch(() => write(OFF))));
    const second = motorPlaces(model).length > 1 ? 1 : 0;
    return { output: wholeDevice((level) => both(level(0), level(second)), { withResponse: true }) };
  },
});
