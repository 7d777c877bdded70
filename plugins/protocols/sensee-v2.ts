import {
  bluetooth,
  constrict,
  type DeviceLevels,
  defineProtocol,
  type FeatureDefinition,
  features,
  model,
  oscillate,
  otherwise,
  packet,
  readWithin,
  vibrate,
} from 'pulsegate/plugin';

const vibratorAndConstrictor = (a: string, b: string) => features(vibrate(100, { id: a }), constrict(100, { id: b }));
const vibratorAndOscillator = (a: string, b: string) => features(vibrate(100, { id: a }), oscillate(100, { id: b }));
const standard = vibratorAndConstrictor('b5865307-0de8-4dd9-bb1a-69e1c2f3c39c', 'cd11ed14-d9ea-4c11-b454-41e5c697f70b');

const READ_LIMIT_MS = 2000;

const USUAL_TYPE = 0x65;
/** Short answers, and those that leave it open, stand for the usual type (facts: protocols/sensee-v2, doubts). */
const typeIn = (answer: Uint8Array) => answer[6] || USUAL_TYPE;

/** Kinds of motor, each with its number, in the order of their sections. */
const KINDS = [
  ['Vibrate', 0x00],
  ['Oscillate', 0x01],
  ['Constrict', 0x02],
] as const;

/** A section for each kind of motor there is: how many, and each with its number and level. */
function sections(featureList: readonly FeatureDefinition[], levels: DeviceLevels): number[][] {
  return KINDS.flatMap(([type, kind]) => {
    const motors = featureList.filter(({ outputs }) => outputs[type]);
    const settings = motors.flatMap(({ index }, place) => [place + 1, levels.get(index, type)]);
    return motors.length > 0 ? [[kind, motors.length, ...settings]] : [];
  });
}

/** The length counts what comes after it, with the two bytes at the end that no one checks. */
function setLevels(type: number, levels: readonly (readonly number[])[]): number[] {
  const payload = [levels.length, ...levels.flat()];
  return [0x55, 0xaa, 0xf0, 0x02, 0x00, 4 + payload.length, type, 0xf1, ...payload, 0x00, 0x00];
}

export const senseeV2 = defineProtocol({
  id: 'sensee-v2',
  brand: 'Sensee',
  links: [
    bluetooth({
      names: [
        'CCPA10S2',
        'CCPA18S5',
        'Easylive NO8 Cup',
        'CTY508S5',
        'CTY916S4',
        'PTYB22S2',
        'CCP322S5',
        'CTY823S5',
        'qingnan#16',
        'CCPB22S5',
        'CCP324S2',
      ],
      services: { fff0: { tx: 'fff5', rx: 'fff4' } },
    }),
  ],
  models: [
    otherwise('Sensee Device', standard, { id: 'd7ba651e-88d6-4452-9fa5-1562b8d8be2a' }),
    model('CCPA10S2', 'Sensee Capsule', standard, { id: '4629e2a0-553f-4178-a378-8a9a5e88b038' }),
    model('CCPA18S5', 'Sensee Astronaut', standard, { id: 'e9be0c9a-43d9-4e95-9d1d-67e22f940a5f' }),
    model(
      'Easylive NO8 Cup',
      'Sensee No8',
      vibratorAndOscillator('1094606e-1407-4249-979c-98d6a6abf97c', '542d9822-9617-472c-953b-c9519a59aaac'),
      { id: '72dcac71-472d-47bc-a408-60567765836c' },
    ),
    model(
      'CCP322S5',
      'Easylive Vader',
      vibratorAndOscillator('4a6f2a58-1760-42e6-ae17-6e0c4880a48c', 'aeab494e-3312-49bd-8f1f-599e3bab7f4d'),
      { brand: 'Easylive', id: 'b925cadb-6aef-4896-8b97-1dfa44702a9e' },
    ),
    model(
      'CTY508S5',
      'Sensee Voice-Interactive Female Vibrator',
      vibratorAndOscillator('c9600c27-1302-449c-9a07-268d59f818f3', '377780e3-e3bd-4fe0-a345-6389eb32fbbe'),
      { id: 'fea99f9b-97da-44cf-a898-17e65abf86e3' },
    ),
    model(
      'PTYB22S2',
      'Sensee Moonlight',
      vibratorAndConstrictor('5c8664fd-1113-4d8b-af64-d42f6f303c3e', '848628c7-b34e-4af4-894f-7f51645dea6a'),
      { id: 'eca4db2b-f7ff-4d59-b73d-f2124786fceb' },
    ),
    model(
      'CTY823S5',
      'Sensee Little Seahorse',
      vibratorAndConstrictor('87712e50-fd72-4a3c-b122-ea3866e0942a', '2a7ce324-34dd-477c-b3e2-6a6632ee4b59'),
      { id: '4e2ffbbe-8f8f-4593-9eab-3409d85645a2' },
    ),
    model(
      'CTY916S4',
      'Sensee Dream Stick',
      features(
        oscillate(100, { id: '631815ee-37e9-4de6-9b33-971b9135c718' }),
        vibrate(100, { id: '864ef211-1635-41bc-9618-e3989f540287' }),
      ),
      { id: 'f8032396-8384-448f-88e9-4c754d4ae12e' },
    ),
    model('qingnan#16', 'Qingnan #16', features(constrict(100, { id: '4464ae6b-20bc-4c99-9e63-bfda99b7c8cc' })), {
      brand: 'Qingnan',
      id: '00dc1d7e-9ede-4ae5-95f6-bd70363de806',
    }),
    model(
      'CCPB22S5',
      'Sensee Markel',
      features(
        vibrate(100, { id: 'a086709c-4982-443d-9c0f-fc4c4f5ef966' }),
        oscillate(100, { id: '09a0b5f8-7c5c-4a84-a4d8-de466821c794' }),
        constrict(100, { id: 'f9ed8f8c-633e-47dd-8594-f90402afda2a' }),
      ),
      { id: '7fb6eb8a-e73a-42bb-a0d3-0db8bb9cd753' },
    ),
    model(
      'CCP324S2',
      'Easylive Gamer',
      vibratorAndOscillator('cd6b7fa7-bbeb-495b-b734-816a0fc47df3', 'f26498e5-1d90-40a9-9097-fe9ceaaeee26'),
      { brand: 'Easylive', id: '3c3bf2f9-6ef7-4ed6-a274-e0e1105d242b' },
    ),
  ],
  async open(context) {
    const { model } = context;
    const type = typeIn(await readWithin(context, 'tx', READ_LIMIT_MS));
    return {
      output: (_order, levels) => [packet('device', setLevels(type, sections(model.features, levels)))],
    };
  },
});
