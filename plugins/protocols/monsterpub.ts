import {
  ascii,
  bluetooth,
  type DeviceContext,
  DeviceError,
  defineProtocol,
  features,
  model,
  motorPlaces,
  oscillate,
  otherwise,
  type ProtocolContext,
  type ProtocolHandler,
  packet,
  readText,
  readWithin,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

const twoMotors = (a: string, b: string) => features(vibrate(100, { id: a }), vibrate(100, { id: b }));
const oneMotor = features(vibrate(100, { id: '79df96bb-25af-422e-a066-c7c3f301a843' }));

/** The characteristics that take the levels, the best first. */
const MOTORS = ['txvibrate', 'tx', 'generic0'] as const;
/** How long the toy may think about a read, ms. */
const READ_MS = 2000;
/** By the number in front of the challenge. */
const KEYS = ['2IPO', 'LSBB', 'SIS6', 'TALK'].map(ascii);
const CHALLENGE_BYTES = 15;

async function identify(context: ProtocolContext): Promise<string> {
  let told: Uint8Array;
  try {
    told = await readWithin(context, 'rxblemodel', READ_MS);
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.debug({ err: error }, 'the toy does not say which model it is');
    return 'Unknown';
  }
  const text = readText(told);
  if (text === undefined) throw new DeviceError(`${context.link.name} did not tell its model as text`);
  return text.replaceAll('\0', '');
}

/** Some toys take levels only from those who know how to answer their challenge. */
async function authenticate(context: DeviceContext): Promise<void> {
  const [keyNumber, ...challenge] = await readWithin(context, 'rx', READ_MS);
  const key = keyNumber === undefined ? undefined : KEYS[keyNumber];
  if (!key || challenge.length < CHALLENGE_BYTES) {
    throw new DeviceError(`${context.model.name} set a challenge that nobody knows the answer to`);
  }
  const answer = challenge.slice(0, CHALLENGE_BYTES).map((byte, at) => byte ^ (key[at % key.length] ?? 0));
  await context.link.write('rx', Uint8Array.from(answer), { withResponse: true });
}

type Encoder = (places: readonly number[], hasMode: boolean) => ProtocolHandler['output'];

const encoders: Record<(typeof MOTORS)[number], Encoder> = {
  txvibrate: (places) => wholeDevice((level) => places.map(level), { endpoint: 'txvibrate' }),
  tx: (places, hasMode) => (_order, levels) => {
    const all = places.map(levels.at);
    // A stop has a characteristic of its own; toys without it get their zeros where the levels go.
    return hasMode && all.every((level) => level === 0)
      ? [packet('device', all, { endpoint: 'txmode', withResponse: true })]
      : [packet('device', all)];
  },
  generic0: (places) => wholeDevice((level) => [0x03, ...places.map(level)], { endpoint: 'generic0' }),
};

export const monsterpub = defineProtocol({
  id: 'monsterpub',
  brand: 'Sistalk',
  links: [
    bluetooth({
      names: ['MonsterPub', 'MonsterHub', 'TracyDog'],
      services: {
        '6000': { tx: '6001', txmode: '6002', txvibrate: '6003', generic0: '600a' },
        '6010': { rxblemodel: '6014' },
        '8000': { rx: '8001' },
      },
    }),
  ],
  models: [
    otherwise('Sistalk MonsterPub Device', oneMotor, { id: '87e76bfc-ecba-4cda-a574-4a92889a6bc3' }),
    model(
      'MP2_JK_N_P1',
      'Sistalk MonsterPub 2 Doctor Whale',
      twoMotors('9cf2d977-c1c3-46c0-bb88-c71a3c65f7ae', 'ba941f5c-0946-443c-a6eb-5a0cff38a3b8'),
      { id: '01eb3034-194f-4c91-88e4-8095bb0f4ff4' },
    ),
    model(
      'MP_MW_TL_P2',
      'Sistalk MonsterPub Magic Kiss',
      twoMotors('d8d639f1-c821-46a6-9eb1-eb1eda9289b5', 'd3c1b259-b884-4a63-ba75-b8d9341398be'),
      { id: 'bdf1fea2-374d-4340-9057-6ee76595cb83' },
    ),
    model(
      'MP2_QC_TL_P1',
      'Sistalk MonsterPub 2 Mister Devil',
      twoMotors('f9f2b6ae-d54d-4d78-a535-3879d96a7fd6', '8186c4b9-40df-422d-8e70-f0babf32f82b'),
      { id: '5a8c6ddf-15b2-4d7b-bdcf-38c7c49586bb' },
    ),
    model(
      'MP_BABY_QC_N_P4',
      'Sistalk MonsterPub Baby Youth Health',
      twoMotors('51923606-6704-48ca-b083-01ceacf897a1', '553a765a-e91f-4187-85cb-b2be8311944b'),
      { id: 'fb558c71-beb7-43ec-8b78-2ca975aa7d7b' },
    ),
    model('MP_MXY_N_P1', 'Sistalk MonsterPub KiniCat', oneMotor, { id: '19e019be-dd3f-4822-8243-288690cae235' }),
    model('MP1N_QC_TL_P2', 'Sistalk MonsterPub BeatHeart', oneMotor, { id: '640958c5-0fc0-4390-bdda-959c1686084d' }),
    model('TDG_LIP_PT2', "Tracy's Dog Surreal", oneMotor, {
      brand: "Tracy's Dog",
      id: 'f2049034-1515-4008-8cc3-2b6914080a5c',
    }),
    model('MP1P_QC_TL_P6', 'Sistalk MonsterPub 1P Mister Devil', oneMotor, {
      id: '1a39cdde-63ba-407a-8307-27b775c3f365',
    }),
    model('MPMB_QC_TL_P2', 'Sistalk MonsterPub Sweet', oneMotor, { id: '6d613fc2-76b2-4007-af78-e91bfe20e659' }),
    model('MPAV_QC_TL_P1', 'Sistalk MonsterPub Amazing', oneMotor, { id: '719a2ee0-bf1e-41bc-84c9-6d369b5646dd' }),
    model('MH_TOR_TL_P5', 'Sistalk MonsterHub Tornado', oneMotor, { id: '8ee7eb14-bc8b-4f66-ac29-8586fa3d1f04' }),
    model(
      'MP_SUCKBANG_P5',
      'Sistalk MonsterPub Pop',
      features(
        oscillate(100, { id: '6a9d1640-2b72-42f1-8ad1-1e1a97394f82' }),
        vibrate(100, { id: '5462d583-6a92-4288-b743-46957be25efb' }),
      ),
      { id: 'da7e6371-b4cd-475a-9a41-501f4bb06ef3' },
    ),
    model(
      'TDG_CRAYBIT_PT',
      "Tracy's Dog Craybit Pro",
      features(
        vibrate(100, { id: '3fbc11b2-d07c-4793-a90d-364d62631aca' }),
        vibrate(100, { id: '164c2dca-0f5e-4c06-8698-4e65b027a25e' }),
        vibrate(100, { id: '8bea0dcd-400c-41a0-819e-bca090caf186' }),
      ),
      { brand: "Tracy's Dog", id: '8d9c60c2-eb9a-4fd0-8917-78f7d94320b3' },
    ),
  ],
  identify,
  async open(context) {
    const { endpoints } = context.link;
    const motors = MOTORS.find((endpoint) => endpoints.has(endpoint));
    if (motors === undefined) throw new DeviceError(`${context.model.name} has no characteristic for its motors`);
    if (endpoints.has('rx')) await authenticate(context);
    return { output: encoders[motors](motorPlaces(context.model), endpoints.has('txmode')) };
  },
});
