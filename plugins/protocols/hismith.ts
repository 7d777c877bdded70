import {
  bluetooth,
  byType,
  defineProtocol,
  features,
  model,
  oscillate,
  perFeature,
  stateless,
  vibrate,
  withSum8,
} from 'pulsegate/plugin';
import { hismithMini, readModelNumber } from './hismith-mini.js';

const machine = features(
  oscillate(100, { id: '24291feb-53a7-49ee-898a-8c42f534508f', description: 'Fucking Machine Oscillation Speed' }),
);
const cup = (speed: string, vibrator: string) =>
  features(oscillate(100, { id: speed, description: 'Stroker Oscillation Speed' }), vibrate(1, { id: vibrator }));

const legacyModels = [
  model('1001', 'Hismith Sex Machine', machine, { id: '169414bc-55d6-4ada-a9ec-eae862e80e09' }),
  model('1002', 'Hismith Pro Traveler', machine, { id: '33a59054-9a87-4ecb-9893-3b5101b6431b' }),
  model('1003', 'Hismith Capsule', machine, { id: '119197ff-5750-40bf-9770-024e75cbe20c' }),
  model(
    '2001',
    'Hismith Thrusting Cup',
    cup('1663c651-cab6-444d-bbd7-39baf190d6ab', 'b6a5ed20-e10a-4370-aa9e-0cd85bf1c6f7'),
    { id: '188ee17a-d776-4f9b-baaa-903b9fea276f' },
  ),
  model('1006', 'Hismith G011', cup('8621627f-4561-4272-9d95-231d9b8d3440', '5815777e-11e1-4998-b9a6-68e09656f18c'), {
    id: 'fb1d1aa1-5a88-4a39-af74-bc127d670ab1',
  }),
  model('3001', 'Wildolo Device', features(vibrate(100, { id: '5ac186f5-ada6-4ec2-a65a-910b8b2292cc' })), {
    id: 'ef153cf6-130d-43a1-82f1-4a16e457e8ea',
  }),
];
const LEGACY = new Set(legacyModels.flatMap(({ identifiers }) => identifiers));

const command = (kind: number, value: number) => [0xaa, ...withSum8([kind, value])];
/** What oscillates is the large motor, under any index. */
const legacy = stateless(
  byType({
    Oscillate: perFeature(({ value }) => command(0x04, value)),
    Vibrate: perFeature(({ feature, value }) =>
      feature.index === 0 ? command(0x04, value) : command(0x06, value || 0xf0),
    ),
  }),
);

export const hismith = defineProtocol({
  id: 'hismith',
  brand: 'Hismith',
  links: [
    bluetooth({
      names: ['HISMITH', 'Wildolo', '\u0007HISMITH'],
      services: { ffe5: { tx: 'ffe9' }, ff90: { rxblemodel: 'ff96' } },
    }),
  ],
  // Newer machines advertise the old name too; whatever is not known here is one of those.
  models: [...legacyModels, ...hismithMini.models],
  successor: 'hismith-mini',
  identify: readModelNumber,
  open: (context) => (LEGACY.has(context.identifier) ? legacy() : hismithMini.open(context)),
});
