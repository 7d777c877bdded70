import {
  anyOf,
  ascii,
  type Bytes,
  battery,
  byType,
  constrict,
  type DeviceContext,
  DeviceError,
  defineProtocol,
  describeError,
  features,
  model,
  motorPlaces,
  oscillate,
  otherwise,
  type ProtocolHandler,
  packet,
  perFeature,
  rotate,
  rotateBothWays,
  vibrate,
} from 'pulsegate/plugin';

const twoVibrators = (a: string, b: string, c: string) =>
  features(vibrate(20, { id: a }), vibrate(20, { id: b }), battery({ id: c, description: 'battery Level' }));
const vibratorAndRotator = (a: string, b: string, c: string) =>
  features(vibrate(20, { id: a }), rotateBothWays(20, { id: b }), battery({ id: c, description: 'battery Level' }));
const standard = features(
  vibrate(20, { id: '387829be-bbd3-4d71-98f2-738dbb685600' }),
  battery({ id: '7202da93-c25d-460a-a863-8d4d38f41fdf', description: 'battery Level' }),
);

const THRUSTER = 'Solace';

/** Orders are the ends of addresses that the app is asked for. */
function outputsOf({ link, log, identifier, model }: DeviceContext): ProtocolHandler['output'] {
  const { address } = link;
  const order = (name: string, value: number): Bytes => ascii(`${name}?v=${value}&t=${address}`);
  const vibrator = perFeature(({ feature, value }) => order(`Vibrate${feature.index + 1}`, value));
  const thrusts = identifier === THRUSTER || motorPlaces(model).length > 1;
  const reversed = new Set<number>();
  const turnAround = () =>
    link
      .write('tx', ascii(`RotateChange?t=${address}`), { withResponse: false })
      .catch((error: unknown) => log.warn(`${link.name} was not turned around: ${describeError(error)}`));
  return byType({
    Vibrate: vibrator,
    // A machine that does nothing but go counts as a vibrator (facts: protocols/lovense-connect-service, doubts).
    Oscillate: thrusts ? perFeature(({ value }) => order('Thrusting', value)) : vibrator,
    Constrict: perFeature(({ value }) => order('AirAuto', value)),
    Rotate({ feature, value }) {
      // Not before the speed sets out: another order may take its place, and there is nothing to turn around for.
      const onDeparture = () => {
        if (value === 0 || value < 0 === reversed.has(feature.index)) return;
        if (value < 0) reversed.add(feature.index);
        else reversed.delete(feature.index);
        void turnAround();
      };
      return [{ ...packet(feature.index, order('Rotate', Math.abs(value))), onDeparture }];
    },
  });
}

export const lovenseConnectService = defineProtocol({
  id: 'lovense-connect-service',
  brand: 'Lovense',
  corrections: [
    'The air pump of the Max and the rotation of Nora, Ridge and Flexer are driven, and stopped; the reference engine accepts such orders and sends nothing.',
    'The Sex Machine is driven as a vibrator, not by the order for an air pump.',
  ],
  links: [anyOf('lovense-connect')],
  models: [
    otherwise('Lovense Connect Service Device', standard, { id: 'caceda00-463b-4981-949f-b7e6b06ed02b' }),
    model(
      'Max',
      'Lovense Max',
      features(
        vibrate(20, { id: 'cd1a70b7-d716-41a9-b839-24e0229c25d2', description: 'Vibrator' }),
        constrict(3, { id: 'e74ae364-c17a-41c4-accf-0e4a4ee94e04', description: 'Air Pump' }),
        battery({ id: 'a2d19eee-211e-4771-b7e1-cfba3e6bb55f', description: 'battery Level' }),
      ),
      { id: 'c82d6326-c683-496b-b54a-c07cb03434f5' },
    ),
    model(
      'Edge',
      'Lovense Edge',
      twoVibrators(
        '26f7aaa6-4312-487d-aabb-b43e4c87b5c2',
        '5410094f-eff4-4b41-bfa2-b4cece3b9101',
        '9b31822c-7449-4a3d-bd4d-6cced8440126',
      ),
      { id: '847c87fa-14a6-416c-95a8-d5b558c92cc0' },
    ),
    model(
      'Nora',
      'Lovense Nora',
      vibratorAndRotator(
        '1bfa1705-0193-4393-82f7-1c458e4885b3',
        'af885c72-ce2b-47d5-87be-3847f24d18a5',
        '1fb626ec-7006-46f5-97b1-db3cc0bc5bb8',
      ),
      { id: '15dcfcf0-a9c9-4ff4-90c0-37007e7c4809' },
    ),
    model('Ambi', 'Lovense Ambi', standard, { id: '68611264-45fb-49ab-9d1a-6a2000fd4b8a' }),
    model('Lush', 'Lovense Lush', standard, { id: 'c5063766-bc9c-422c-91e4-18873bc77352' }),
    model('Hush', 'Lovense Hush', standard, { id: '8cc0f440-8a81-4ae9-951d-050777cb1f33' }),
    model('Domi', 'Lovense Domi', standard, { id: '0e4f7cc1-5bd6-4f81-8bfc-7da23b0ff483' }),
    model('Osci', 'Lovense Osci', standard, { id: '0951047c-2ac3-43ea-a24e-2d17174809d0' }),
    model('Mission', 'Lovense Mission', standard, { id: '93907f90-05d4-4afe-a160-28973069927c' }),
    model('Ferri', 'Lovense Ferri', standard, { id: '915d15fb-c47d-494c-af43-b9820e9bd33f' }),
    model('Diamo', 'Lovense Diamo', standard, { id: 'cea4f8b8-43e4-4a73-bab7-179aa2332f85' }),
    model('ToyS', 'Loveai Dolp', standard, { id: '7194fd0d-e084-4c45-9d49-648b152fe9ba' }),
    model(
      'XMachine',
      'Lovense Sex Machine',
      features(
        oscillate(20, { id: '0ab80cc0-7a82-4cb6-ba4f-0f18ddb2911f', description: 'Fucking Machine Oscillation Speed' }),
        battery({ id: '971bd4aa-d6ac-4449-bd1a-862b29ae705e', description: 'battery Level' }),
      ),
      { id: '9b52eca4-0e49-426e-a543-2ef735cd803a' },
    ),
    model(
      'Dolce',
      'Lovense Dolce',
      twoVibrators(
        '59ec4d12-2c6d-4cd9-83b0-8ff1609563d4',
        '4e4eead7-9959-4fe2-b629-a535f6bc7ca4',
        'b771d1b8-5a68-4a75-8ff2-868380d18fe7',
      ),
      { id: 'd51f41a8-3731-4b06-b320-6cfa2d518940' },
    ),
    model('Gush', 'Lovense Gush', standard, { id: '24a65c79-7a5e-4ab4-82cf-684f54292f89' }),
    model(
      'Hyphy',
      'Lovense Hyphy',
      twoVibrators(
        'a6ec2f52-780b-4d87-a809-0bdc2ccadcc1',
        'c06723f1-f816-442b-8193-a5c407fecabe',
        '80d1e022-85a6-46ad-bbe9-1b8085b1e336',
      ),
      { id: '33a001d2-2879-47f8-89d3-422d262deb53' },
    ),
    model('Calor', 'Lovense Calor', standard, { id: 'ea035198-1eb8-4fa8-b234-50b9a91c8925' }),
    model(
      'Flexer',
      'Lovense Flexer',
      features(
        vibrate(20, { id: 'bd656e88-abae-49e4-ab45-f75df187bb4a', description: 'Both Vibes' }),
        rotate(20, { id: '663dedb4-05a1-4391-a666-e59c38ead69c', description: 'Finger motion' }),
        battery({ id: '735c2164-4fd5-4e82-835d-23251e487d68', description: 'battery Level' }),
      ),
      { id: '10995415-c030-4fd1-b5c0-af42d850ff61' },
    ),
    model(
      'Gemini',
      'Lovense Gemini',
      twoVibrators(
        '2c186df2-4e8c-491d-b247-fcbaeb763fee',
        '81657dab-5fbf-40b4-a6f8-cfecb7906757',
        'fe19ad5c-5acb-4ee9-8a09-f6edca06f471',
      ),
      { id: '7da2f986-8960-4c2c-acf1-d8924878adc0' },
    ),
    model(
      'Gravity',
      'Lovense Gravity',
      features(
        vibrate(20, { id: 'fba538eb-784e-4ca7-ad81-e52f3cd0d3f2' }),
        oscillate(20, { id: '61bd6559-c32d-4c3b-9686-988fa3cd4abf' }),
        battery({ id: '7a794236-85e6-4b13-97c6-d17d1f091f0a', description: 'battery Level' }),
      ),
      { id: '75a502f3-6b8f-4d70-97b5-86fff5d45260' },
    ),
    model(
      'Ridge',
      'Lovense Ridge',
      vibratorAndRotator(
        '4865ff41-25cd-42a9-b93d-00a7c1e881d5',
        'd49001e8-5f6b-43ac-9cc7-7e68fab7c323',
        '7fcb01eb-4241-42c1-9799-fdfa190b7edd',
      ),
      { id: 'fcd47b93-ac57-4167-93a5-fb12f223ff28' },
    ),
    model(
      'Lapis',
      'Lovense Lapis',
      features(
        vibrate(20, { id: 'f435ee40-ae30-4fba-9f80-c1143f601993', description: 'Tip Vibe' }),
        vibrate(20, { id: '9504ed2b-1baf-4759-922b-a5dcfc16aeb7', description: 'Internal Vibe' }),
        vibrate(20, { id: '1cce6f8f-0301-4e4e-a820-1ed85e11e25d', description: 'External Vibe' }),
        battery({ id: '322170f9-b493-4233-9336-e6f7f267450c', description: 'battery Level' }),
      ),
      { id: 'd99b1620-25cd-40fe-af02-a51d08df33ca' },
    ),
    model('Vulse', 'Lovense Vulse', standard, { id: 'f2c1faec-7d64-48be-9c91-2649c74540c7' }),
    model(
      'Solace',
      'Lovense Solace',
      features(
        oscillate(20, { id: 'b8b240c0-182d-4889-9200-47c16399c57d', description: 'Stroker Oscillation Speed' }),
        battery({ id: '37c03e71-1701-4b5a-9697-d62d2dc56e4b', description: 'battery Level' }),
      ),
      { id: '665925e2-e895-443f-953a-cae3f371c138' },
    ),
  ],
  async open(context) {
    const { link, identifier } = context;
    // It takes no orders before it was told how deep it may go.
    if (identifier === THRUSTER) await link.write('tx', ascii(`Depth?v=3&t=${link.address}`), { withResponse: false });
    return {
      output: outputsOf(context),
      async read({ type }) {
        const [percent] = type === 'Battery' ? await link.read('rx') : [];
        if (percent === undefined) throw new DeviceError(`${link.name} did not tell its ${type}`);
        return percent;
      },
    };
  },
});
