import {
  bluetooth,
  byType,
  constrict,
  type DeviceContext,
  type DeviceOutput,
  type DeviceWrite,
  defineProtocol,
  describeError,
  features,
  type ModelDefinition,
  model,
  oscillate,
  otherwise,
  type ProtocolContext,
  packet,
  perFeature,
  rotateBothWays,
  spray,
  vibrate,
  withSum8,
} from 'pulsegate/plugin';

const machine = features(
  oscillate(100, { id: 'cd95dc09-627b-489e-841a-39cd5f06bf6d', description: 'Fucking Machine Oscillation Speed' }),
);
const pump = (id: string) => constrict(100, { id, description: 'Air Pump' });
const stroker = (id: string) => oscillate(100, { id, description: 'Stroker Oscillation Speed' });
const vibrator = (id: string, description = 'Vibrator') => vibrate(100, { id, description });

const models = [
  otherwise('Hismith Mini device', machine, { id: '195a4797-7b3a-4ecf-bffb-810f9b870a8b' }),
  model('4001', 'Auxfun Sex Machine', machine, { id: '6227affb-9e0e-49cb-a77b-7913d40f83ce' }),
  model(['1005', '1102'], 'Hismith Sex Machine', machine, { id: 'de78cf6a-30c2-40ce-ac8a-a060735c65ac' }),
  model('1004', 'Hismith Mini Sex Machine', machine, { id: 'fa840f6f-6815-4fed-b238-4260ac21b90f' }),
  model('1101', 'Hismith Servo Sex Machine', machine, { id: '330de697-9702-4bc7-89d6-3faf603f0238' }),
  model('1402', 'Hismith Ukulele', machine, { id: '18f342d3-a927-44ac-9605-cf16ec8aad74' }),
  model('1501', 'Kiiroo PleasureDrive', machine, { id: '5b98725d-56b3-499b-830d-50dc004c27c5' }),
  model(
    '2201',
    'Sinloli Automatic Sex Doll',
    features(pump('1c45bd7c-ca54-483b-9994-f6d4c18cd59f'), vibrator('23c0c1f0-af15-492d-8405-3ce3f24d13a3')),
    { id: '81341b4e-144b-4427-b5e9-5024b12441c7' },
  ),
  model(
    '3101',
    'Eropair Rabbit Vibrator',
    features(
      vibrator('85ca7d86-a508-4d9e-9ee5-0223a4b68805', 'Internal Vibrator'),
      vibrator('950bc937-6be1-4f6c-8d18-36cbd4d25bee', 'External Vibrator'),
    ),
    { id: 'e59964ad-0c44-4301-9148-f8837e197d35' },
  ),
  model(
    '3102',
    'Eropair Thrusting Vibrating Dildo',
    features(
      oscillate(100, { id: '6255e8b0-f188-4a8b-9325-4c70af3b20be', description: 'Thruster' }),
      vibrator('e0eb75eb-a14b-4947-97de-0bd36517dabd'),
    ),
    { id: 'c1762d51-d2f7-4a03-bb8e-30cde5942831' },
  ),
  model(
    '2101',
    'Eropair Cup',
    features(pump('39ed62dd-77c2-4488-ba09-33792a65b013'), vibrator('d36a28fd-0042-4c5c-a36c-e0a72173e0ab')),
    { id: '8ffeec80-9b8f-4cb5-a70d-6b6d8170a688' },
  ),
  model(
    '2204',
    'Sinloli Cosima',
    features(stroker('928b7b2b-9e4e-47bc-8196-e304174e78fa'), pump('e9b6dc68-e89a-4f7b-a74f-8a25b31346ee')),
    { id: '9eb5977d-38be-4e77-8a26-1d69e8286689' },
  ),
  model(
    '2202',
    'Sinloli Ethel',
    features(stroker('030bcd37-38f1-415f-b59e-d0013497fadf'), vibrator('19ca1ed9-94ee-46f8-9b70-0e79a013db9d')),
    { id: 'a14d8479-e4b9-463f-af23-e78bd0c5d2c7' },
  ),
  model(
    '2205',
    'Sinloli Aston',
    features(rotateBothWays(100, { id: 'e4fa9535-0f48-4401-a1e4-f13fbfb519a5', description: 'Rotate' })),
    { id: 'd9ced3ed-cc74-4731-baeb-7bbf7fda288e' },
  ),
  model('4002', 'Sinloli Piupiu', features(spray(1, { id: 'c24a6b8c-6665-4cf6-95f8-51140f9788b4' })), {
    id: 'ae9c755d-a11f-43c3-9cce-1c3797788434',
  }),
];

/** The model's number in hex; older machines have one too. */
export async function readModelNumber({ link }: ProtocolContext): Promise<string> {
  return Buffer.from(await link.read('rxblemodel')).toString('hex');
}

const command = (kind: number, value: number) => [0xcc, ...withSum8([kind, value])];

const FIRST = 0x03;
const SECOND = 0x05;

/** What oscillates or rotates is the first motor, under any index. */
const first = perFeature(({ value }) => command(FIRST, Math.abs(value)));
const inOrder = perFeature(({ feature, value }) => command(feature.index === 0 ? FIRST : SECOND, value));
const second = perFeature(({ value }) => command(SECOND, value));

const hasFirst = ({ features: all }: ModelDefinition) => all.some(({ outputs }) => outputs.Oscillate ?? outputs.Rotate);
const direction = ({ value }: DeviceOutput) => packet('direction', command(0x01, value < 0 ? 0xc1 : 0xc0));

/**
 * One packet is one spray: 0 sends nothing, and past the queue it cannot become the last packet that a keepalive repeats
 * (facts: protocols/hismith-mini, doubts).
 */
function sprayOnce({ link, log }: DeviceContext) {
  return ({ value }: DeviceOutput): readonly DeviceWrite[] => {
    if (value > 0) {
      link
        .write('tx', Uint8Array.from(command(0x0b, 0x01)), { withResponse: false })
        .catch((error: unknown) => log.warn(`${link.name} did not spray: ${describeError(error)}`));
    }
    return [];
  };
}

export const hismithMini = defineProtocol({
  id: 'hismith-mini',
  brand: 'Hismith',
  links: [
    bluetooth({
      names: [
        'Auxfun-Box',
        'Sinloli',
        'Sinloli-Sherry',
        'Eropair *',
        'HISMITH S1',
        'HISMITH S2',
        'HISMITH S3',
        'Sinloli Cosima',
        'Sinloli-Ethel',
        'Sinloli Aston',
        'Hismith Piupiu',
        'PleasureDrive',
      ],
      services: { ffe5: { tx: 'ffe9' }, ff90: { rxblemodel: 'ff96' } },
    }),
  ],
  models,
  identify: readModelNumber,
  open: (context) => ({
    output: byType({
      Vibrate: hasFirst(context.model) ? second : inOrder,
      Oscillate: first,
      Constrict: inOrder,
      Rotate: (order, levels) => [...first(order, levels), direction(order)],
      Spray: sprayOnce(context),
    }),
  }),
});
