import {
  ascii,
  ask,
  battery,
  bluetooth,
  byType,
  combined,
  constrict,
  type DeviceContext,
  DeviceError,
  type DeviceOutput,
  defineProtocol,
  describeError,
  features,
  type ModelDefinition,
  model,
  motorPlaces,
  type OutputType,
  oscillate,
  otherwise,
  type ProtocolContext,
  type ProtocolHandler,
  packet,
  perFeature,
  readText,
  rotate,
  rotateBothWays,
  timedPosition,
  uuid,
  vibrate,
  type Whereabouts,
  wholeDevice,
} from 'pulsegate/plugin';

/** Service identifiers begin with the letters of a toy's family, in ASCII. */
const FAMILIES =
  'AN B0 BA C0 CA EA EB ED EF EI EL EZ F0 FS H0 J0 L0 LA N0 O0 OC P0 Q0 R0 S0 SD T0 U0 V0 W0 WD X0 Z0'.split(' ');

interface Service {
  readonly service: string;
  readonly tx: string;
  readonly rx: string;
}

const hexOf = (letters: string) => [...ascii(letters)].map((byte) => byte.toString(16)).join('');
/** Service, tx and rx differ in the last digit before the first hyphen. */
const serviceAt = (start: string, rest: string): Service => ({
  service: `${start}1-${rest}`,
  tx: `${start}2-${rest}`,
  rx: `${start}3-${rest}`,
});

const OWN_SERVICES: readonly Service[] = [
  serviceAt('6e40000', 'b5a3-f393-e0a9-e50e24dcca9e'),
  ...FAMILIES.map((letters) => serviceAt(`${hexOf(letters)}000`, '0023-4bd4-bbd5-a6920e4c5653')),
  ...['P0', 'Z0'].map((letters) => serviceAt(`${hexOf(letters)}000`, '0024-4bd4-bbd5-a6920e4c5653')),
  serviceAt('5030001', '0023-4bd4-bbd5-a6920e4c5653'),
];
/** Not only Lovense's, so nothing is recognised by it. */
const SHARED_SERVICE: Service = { service: uuid('fff0'), tx: uuid('fff2'), rx: uuid('fff1') };

const oneVibrator = features(
  vibrate(20, { id: '3f7a25a5-df21-42ca-bf9f-d1c52df1f37e' }),
  battery({ id: '14bd7637-13ed-49ba-9eb9-9c8ba9abec20' }),
);
const simple = (identifier: string, name: string, id: string) => model(identifier, name, oneVibrator, { id });

/** Identifiers of the two outputs and the battery. */
type Three = readonly [first: string, second: string, charge: string];
type Names = string | readonly string[];

const twoVibrators = (identifiers: Names, name: string, id: string, [first, second, charge]: Three) =>
  model(identifiers, name, features(vibrate(20, { id: first }), vibrate(20, { id: second }), battery({ id: charge })), {
    id,
  });
const vibratorAndRotator = (identifiers: Names, name: string, id: string, [vibrator, rotator, charge]: Three) =>
  model(
    identifiers,
    name,
    features(vibrate(20, { id: vibrator }), rotateBothWays(20, { id: rotator }), battery({ id: charge })),
    { id },
  );
const machine = (identifier: string, name: string, id: string, [speed, charge]: readonly [string, string]) =>
  model(
    identifier,
    name,
    features(oscillate(20, { id: speed, description: 'Fucking Machine Oscillation Speed' }), battery({ id: charge })),
    { id },
  );

const models = [
  otherwise('Lovense Device', oneVibrator, { id: 'd3b1219a-aafe-4257-9d5d-3979b5da3c9a' }),
  model(
    'B',
    'Lovense Max',
    features(
      vibrate(20, { id: 'd9c9b4a7-008e-4182-b28c-0984af970c32', description: 'Vibrator' }),
      constrict(3, { id: 'fed393a9-3ac6-4924-859d-5cb4ae059cea', description: 'Air Pump' }),
      battery({ id: 'b4be6835-5b91-4540-bc7b-0c3d8dcb89fd' }),
    ),
    { id: '99024e29-c0ed-4c26-aede-e0db0679eae5' },
  ),
  twoVibrators('P', 'Lovense Edge', '2e309985-6bbf-4b75-866f-76d845b3ce42', [
    'cb286b22-998b-4420-82f3-84e8d39db6b5',
    'c8b72e1d-d7d4-4417-8cbc-e6c0f435889a',
    '66b31efb-3bd9-4e3a-9972-88c66e9fca28',
  ]),
  vibratorAndRotator(['A', 'C'], 'Lovense Nora', '463a18b9-42a5-4f7b-8156-0e61346fdb8a', [
    '2c5da93b-36a0-4209-ac8c-cead63b838c6',
    '515e07e2-a6e6-4ac0-a4b0-512504311260',
    '820d8fb1-c6ec-434d-b7c4-835bdf36552a',
  ]),
  simple('L', 'Lovense Ambi', '7053fde9-0902-4aab-926d-fc51869f6ccc'),
  simple('S', 'Lovense Lush', '670560f0-981e-42cb-b83d-c911dd9826e2'),
  simple('AN', 'Lovense Lush Anal', 'c0879e9a-2db6-40b3-a133-4a06e2ff16cb'),
  simple('Z', 'Lovense Hush', '37642e1c-a416-44d3-bada-76b6d9e245c9'),
  simple('W', 'Lovense Domi', 'e788f8d5-037a-4ce4-a13f-6b2e8ec31fb6'),
  simple('O', 'Lovense Osci', '45bf66e7-01e0-48ad-ad1c-2b48d1279da1'),
  simple('V', 'Lovense Mission', '45e2fc5c-79e8-4228-beba-a97a14d84e7d'),
  simple('CA', 'Lovense Mission 2', 'a8f36834-d8eb-48d5-9bad-237e67f6fd5b'),
  simple('X', 'Lovense Ferri', '481b101b-ff4d-4045-84fe-da2b9bba93e2'),
  simple('R', 'Lovense Diamo', 'df95c01b-88d3-49b3-b360-69777b341795'),
  simple('ToyS', 'Loveai Dolp', '30830f67-4550-4133-88a9-b5eccd83083b'),
  machine('F', 'Lovense Sex Machine', '8667f7b6-7baa-4e46-9d76-947fb707f0f3', [
    'f9506652-c4ac-43b1-b184-cd8016b64623',
    '7c382c60-0ee2-4315-b8cf-cfd3ab4c9ccd',
  ]),
  machine('FS', 'Lovense Mini Sex Machine', '48d5c76b-8c0e-4152-9f3b-5ba92ebf30fe', [
    'aaf55cab-8ebd-42b3-9bbb-74a57efdf014',
    '68defbd8-af87-4f04-97da-edfa8fb576f9',
  ]),
  twoVibrators('J', 'Lovense Dolce', '0bddb3da-2c8d-4af8-9e80-1e0038878f27', [
    '930b9aee-0ba5-4268-95ca-2a5691d31239',
    '62b2b22c-c028-4aa4-a85c-a7fe8c5f9dcb',
    '60868f44-3d56-44ed-bcc4-00041a7b5997',
  ]),
  twoVibrators('OC', 'Lovense Osci 3', 'a8b175a8-3447-4938-b1df-7215464b56e6', [
    '4cf78058-44c7-4513-913a-37558a84b91e',
    'f4ada339-8bb2-4b02-b907-69a3257bce3b',
    '3933bfcb-6daf-4c33-b834-877cb29ce77d',
  ]),
  simple('ED', 'Lovense Gush', '6071cc3a-a8e7-4142-bc80-08fe122452d8'),
  simple('EZ', 'Lovense Gush 2', '51de38d3-114f-453e-a440-3958918af423'),
  twoVibrators('EB', 'Lovense Hyphy', 'a6a0c988-3e04-4fa3-89e2-4f4d2f242ffd', [
    '39b063fa-958b-4d1a-bbd1-8480e105dd88',
    'b40accca-7c73-4bff-9819-45f806a194a8',
    '8fa6dc63-430e-42cb-9345-42d37f0c2629',
  ]),
  simple('T', 'Lovense Calor', 'bdab9bf5-25f8-4140-bf4d-3f0edf1883d2'),
  simple('EI', 'Lovense Flexer (Firmware update needed)', 'c90a2d78-5b08-40ad-a2c9-ac7eacb43b3d'),
  model(
    'EI-FW3',
    'Lovense Flexer',
    features(
      vibrate(20, { id: '9b2dcb58-6c2c-46ef-abe4-81631d1a5f66', description: 'Internal Vibe' }),
      vibrate(20, { id: 'd8b571fd-614e-4d33-8595-b9fbc81b96bd', description: 'External Vibe' }),
      rotate(20, { id: 'eb6a2d21-93e0-4a08-9674-36fa2d299651', description: 'Finger motion' }),
      battery({ id: '6548133f-118f-419d-8900-660fde26b42f' }),
    ),
    { id: '8f93dd90-1788-4d2c-8b8f-9a339be12c0e' },
  ),
  twoVibrators('N', 'Lovense Gemini', '9c72451e-1df7-410a-b4b6-e133f3bd9219', [
    'de8d83b6-76b4-4851-b53d-616d3527040c',
    '2ea51cd8-b173-408c-bfef-f6508c5b9087',
    '710384a5-a7dd-43f1-b55c-147256dc636a',
  ]),
  model(
    'EA',
    'Lovense Gravity',
    features(
      vibrate(20, { id: '93fa269e-ba3b-4c09-85d0-43385b49ee79' }),
      oscillate(20, { id: '475bde3a-4aae-4e84-87be-4df3a634da26' }),
      battery({ id: '104da492-67f1-46fc-b412-b98871ebb518' }),
    ),
    { id: 'b57dfb65-260d-49b2-bff0-659e38947186' },
  ),
  simple('Q', 'Lovense Tenera', 'abe8f908-3d93-4ba3-8bb1-3623fcd04202'),
  vibratorAndRotator('EL', 'Lovense Ridge', 'bbfd764c-b419-4c13-aeb0-e753a86318ed', [
    '0627be5e-8553-4f20-b4cf-15f5e1896e5f',
    '360d81e7-5126-4dbb-b72d-7bb60eb67400',
    '50b9b31f-c2a8-459a-81fd-c54604f5184e',
  ]),
  model(
    'U',
    'Lovense Lapis',
    features(
      vibrate(20, { id: '414e5c3e-e52a-4064-b367-893bc0b1fb95', description: 'Tip Vibe' }),
      vibrate(20, { id: 'be8d8608-d3aa-4fc5-ac5c-8df429f9e63c', description: 'Internal Vibe' }),
      vibrate(20, { id: '8bd37a96-7f7a-450f-aa4b-ffe8aa398d1e', description: 'External Vibe' }),
      battery({ id: 'ad93f903-a354-40ae-b87e-f8390606a964' }),
    ),
    { id: '5454d487-ed23-4067-80e2-9e2f0c01fabf' },
  ),
  simple('SD', 'Lovense Vulse', '73fcd02b-fa45-4e11-a62a-598aec256fbd'),
  model(
    'H',
    'Lovense Solace',
    features(
      oscillate(20, { id: '5100187a-40c7-44a4-a0ce-368cc24429cd', description: 'Stroker Oscillation Speed' }),
      battery({ id: 'e4193650-2d46-4e6e-8dd8-b1d8d9a1baff' }),
    ),
    { id: 'c53de5c8-fc4a-421b-9332-271ec742a156' },
  ),
  model(
    'BA',
    'Lovense Solace Pro',
    features(
      combined(
        timedPosition(100, 100_000, {
          id: 'c4b2855d-5ecc-4010-8a8d-17fd3e51cc57',
          description: 'Stroker position Based Movement',
        }),
        oscillate(20),
      ),
      battery({ id: '0b1cba39-8bb7-4f87-9bed-c59f2284d702' }),
    ),
    { id: 'ed5f76c6-84b9-4fee-891f-28f9f4fa3632' },
  ),
  model(
    'WD',
    'Lovense Spinel',
    features(
      vibrate(20, { id: '0e3ff3c1-295d-47cf-a641-8d52286ac13c', description: 'Attachment vibration' }),
      oscillate(20, { id: '7cf78858-31c9-484c-9b2e-93a5db520ece', description: 'Thrusting movement' }),
      battery({ id: 'd3cb3f91-3b19-401f-88b5-a33006f7c5bc' }),
    ),
    { id: 'b1ab0746-9659-41f3-9f51-2b4966123210' },
  ),
];

const DEVICE_TYPE = ascii('DeviceType;');
const NOBODY = 'lovense';

/** The answer looks like `P:02:0082059AD3BD;`: letters, firmware version, address. */
function identifierIn(answer: Uint8Array): string | undefined {
  const [letters, version] = readText(answer)?.split(':') ?? [];
  // Other texts, such as a late `OK;`, are no answer to this question (facts: protocols/lovense, doubts).
  if (letters === undefined || version === undefined) return undefined;
  return letters === 'EI' && Number.parseInt(version, 10) >= 3 ? 'EI-FW3' : letters;
}

/** Silent toys are known by their names: `LVS-A011` has the letters, `LVS-Edge36` the word. */
function identifierFrom(name: string): string {
  const letters = /LVS-([A-Z]+)\d+/.exec(name)?.[1];
  if (letters !== undefined) return letters;
  const word = /^(?:LVS|LOVE)-([A-Za-z]+)/.exec(name)?.[1];
  return models.find((candidate) => candidate.name === `Lovense ${word}`)?.identifiers[0] ?? NOBODY;
}

async function identify(context: ProtocolContext): Promise<string> {
  await context.link.subscribe('rx');
  const question = { send: { endpoint: 'tx', data: DEVICE_TYPE }, answerOn: 'rx', waitMs: 500, attempts: 6 };
  return (await ask(context, question, identifierIn)) ?? identifierFrom(context.advertisement.name);
}

/** `83;`, or `s83;` while the toy moves; other notifications are not meant for this question. */
function chargeIn(answer: Uint8Array): number | undefined {
  const percent = /^s?(\d{1,3});$/.exec(readText(answer) ?? '')?.[1];
  return percent !== undefined && Number(percent) <= 100 ? Number(percent) : undefined;
}

async function readBattery(context: DeviceContext): Promise<number> {
  const question = { send: { endpoint: 'tx', data: ascii('Battery;') }, answerOn: 'rx', waitMs: 3000 };
  const percent = await ask(context, question, chargeIn);
  if (percent === undefined) throw new DeviceError(`${context.model.name} did not tell its battery level within 3 s`);
  return percent;
}

type Output = ProtocolHandler['output'];

const speed = perFeature(({ value }) => ascii(`Vibrate:${Math.abs(value)};`));

/**
 * `RotateChange;` flips the direction, so it goes out only when the sign changes; after a stop the toy counts as turning
 * clockwise. It goes out just before the speed that it is for: one that is sent when the order is given, or waits by itself, would
 * leave the toy turning the wrong way when the order is replaced or a stop comes between (facts: protocols/lovense, doubts).
 */
function rotation({ link, log }: DeviceContext): Output {
  let reversed = false;
  const turnAround = () =>
    link
      .write('tx', ascii('RotateChange;'), { withResponse: false })
      .catch((error: unknown) => log.warn(`${link.name} was not turned around: ${describeError(error)}`));
  return ({ feature, value }) => {
    const onDeparture = () => {
      if (value !== 0 && value < 0 !== reversed) void turnAround();
      reversed = value < 0;
    };
    return [{ ...packet(feature.index, ascii(`Rotate:${Math.abs(value)};`)), onDeparture }];
  };
}

/** Time between two waypoints. */
const STEP_MS = 100;

/**
 * The toy knows no timed moves, it goes where it is told at once. So it is led: every step it is told where to be one step
 * later, which makes it arrive on time whatever the distance.
 */
function timedMoves(context: DeviceContext) {
  const { link, clock, log, signal } = context;
  /** Undefined before the first move: the toy does not tell where it stands. */
  let position: number | undefined;
  /** The last waypoint, as long as the toy can be trusted to be there. */
  let told: number | undefined;
  let move: { from: number; to: number; since: number; durationMs: number } | undefined;
  let leading = false;

  function end(): void {
    move = undefined;
    told = undefined;
  }

  async function lead(): Promise<void> {
    if (leading) return;
    leading = true;
    try {
      while (move) {
        const done = Math.min(1, (clock.now() + STEP_MS - move.since) / move.durationMs);
        position = Math.round(move.from + (move.to - move.from) * done);
        if (done === 1) move = undefined;
        if (position !== told) {
          told = position;
          await link.write('tx', ascii(`FSetSite:${position};`), { withResponse: false });
        }
        await clock.sleep(STEP_MS, signal);
      }
    } catch (error) {
      if (!signal.aborted) log.warn(`A move of ${link.name} ended early: ${describeError(error)}`);
      end();
    } finally {
      leading = false;
    }
  }

  return {
    start({ value, duration }: DeviceOutput): void {
      move = { from: position ?? 0, to: value, since: clock.now(), durationMs: duration };
      void lead();
    },
    end,
    whereabouts: (): Whereabouts | undefined =>
      position === undefined ? undefined : { position, isMoving: move !== undefined },
    resume(from: Whereabouts): void {
      position = Math.round(from.position);
    },
  };
}

/** Solace and Solace Pro. */
const STROKERS: ReadonlySet<string> = new Set(['H', 'BA']);

function stroker(context: DeviceContext): ProtocolHandler {
  const moves = timedMoves(context);
  // The second number is the length of the stroke; only the Pro may keep it when it stops.
  const atRest = context.identifier === 'H' ? 'Mply:0:0;' : 'Mply:0:20;';
  const output = byType({
    Oscillate: (order) => {
      // A stop reaches a toy as level 0 of its oscillation and must end a move too.
      moves.end();
      return [packet(order.feature.index, ascii(order.value === 0 ? atRest : `Mply:${order.value}:20;`))];
    },
    HwPositionWithDuration: (order) => {
      // Not led any further it comes to rest at its last waypoint, at most one step on; one more would send it back or ahead at once.
      if (order.isHold) moves.end();
      else moves.start(order);
      return [];
    },
  });
  return { output, whereabouts: moves.whereabouts, resume: (_feature, from) => moves.resume(from) };
}

/** How many of these motors vibrate or oscillate; what a table leaves out may be taken for such. */
const shaking = ({ features }: ModelDefinition, places: readonly number[]) =>
  places.filter((place) => {
    const outputs = features.find(({ index }) => index === place)?.outputs;
    return !outputs || outputs.Vibrate || outputs.Oscillate;
  }).length;

/** How the motors of a toy are addressed: alone, together, by number, or by what they do. */
function outputsOf(context: DeviceContext): Output {
  const { model } = context;
  const places = motorPlaces(model);
  const has = (type: OutputType) => model.features.some(({ outputs }) => outputs[type]);
  if (places.length === 1) return speed;
  if (places.length === 2 && has('Constrict')) {
    return byType({ Vibrate: speed, Constrict: perFeature(({ value }) => ascii(`Air:Level:${value};`)) });
  }
  if (places.length === 2 && has('Rotate')) return byType({ Vibrate: speed, Rotate: rotation(context) });
  if (places.length > 2 && shaking(model, places) > 1) {
    return wholeDevice((level) => ascii(`Mply:${places.map(level).join(':')};`));
  }
  return perFeature(({ feature, value }) => ascii(`Vibrate${feature.index + 1}:${Math.abs(value)};`));
}

export const lovense = defineProtocol({
  id: 'lovense',
  brand: 'Lovense',
  links: [
    bluetooth({
      names: ['LVS-*', 'LOVE-*'],
      manufacturerData: [{ company: 620, data: [0xff, 0x21] }],
      advertisedServices: OWN_SERVICES.map(({ service }) => service),
      services: Object.fromEntries([SHARED_SERVICE, ...OWN_SERVICES].map(({ service, ...ends }) => [service, ends])),
    }),
  ],
  models,
  keepalive: { kind: 'packet', write: { endpoint: 'tx', data: DEVICE_TYPE, withResponse: false } },
  identify,
  open: (context) => ({
    ...(STROKERS.has(context.identifier) ? stroker(context) : { output: outputsOf(context) }),
    async read({ type }) {
      if (type !== 'Battery') throw new DeviceError(`${context.model.name} is not able to tell its ${type}`);
      return readBattery(context);
    },
  }),
});
