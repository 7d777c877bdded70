import {
  ask,
  battery,
  bluetooth,
  constrict,
  type DeviceContext,
  DeviceError,
  defineProtocol,
  features,
  model,
  motorPlaces,
  oscillate,
  otherwise,
  type ProtocolHandler,
  rotate,
  vibrate,
  wholeDevice,
  withSum8,
} from 'pulsegate/plugin';

/** Descriptions as the community has them, in the capital or small letters of each table. */
const charge = (id: string) => battery({ id, description: 'battery Level' });
const oneVibrator = (vibrator: string, level: string) =>
  features(vibrate(100, { id: vibrator, description: 'vibrate' }), charge(level));
const twoVibrators = (first: string, second: string, level: string) =>
  features(
    vibrate(100, { id: first, description: 'vibrate' }),
    vibrate(100, { id: second, description: 'vibrate' }),
    charge(level),
  );
const twoVibratorsInCapitals = (first: string, second: string, level: string) =>
  features(
    vibrate(100, { id: first, description: 'Vibrate' }),
    vibrate(100, { id: second, description: 'Vibrate' }),
    battery({ id: level }),
  );
const oscillatorAndVibrator = (oscillator: string, vibrator: string, level: string) =>
  features(
    oscillate(100, { id: oscillator, description: 'oscillate' }),
    vibrate(100, { id: vibrator, description: 'vibrate' }),
    charge(level),
  );
const standard = oneVibrator('f650b5a9-7413-4ac9-b25e-863180daa04c', 'd9c34cf9-5645-4e04-bf92-51e5df708417');

const START = 0x23;
const FRAME_LENGTH = 12;
/** What each byte of a frame is mixed with: by the two lowest bits of the byte before it, and by its place. */
const KEYS = [
  [0x00, 0x18, 0x98, 0xf7, 0xa5, 0x3d, 0x0d, 0x29, 0x25, 0x50, 0x44, 0x46],
  [0x00, 0x45, 0x6e, 0x6a, 0x6f, 0x78, 0x20, 0x53, 0x2d, 0x31, 0x2e, 0x37],
  [0x00, 0x65, 0x78, 0x20, 0x54, 0x6f, 0x79, 0x73, 0x0a, 0x8e, 0x9d, 0xa3],
  [0x00, 0xc5, 0xd6, 0xe7, 0xf8, 0x0a, 0x32, 0x20, 0x6f, 0x62, 0x0d, 0x0a],
];
const keyFor = (previous: number, place: number) => KEYS[previous & 3]?.[place] ?? 0;

/** A frame with these ten bytes, scrambled. */
export function frame(body: readonly number[]): Uint8Array {
  const bytes = Uint8Array.from(withSum8([START, ...body]));
  for (let place = 1; place < bytes.length; place += 1) {
    const key = keyFor(bytes[place - 1] ?? 0, place);
    bytes[place] = (key ^ START ^ (bytes[place] ?? 0)) + key;
  }
  return bytes;
}

const isFrame = (data: Uint8Array) => data.length === FRAME_LENGTH && data[0] === START;

/** The frame as it was before it was scrambled; undefined when its sum is wrong. */
function unscrambled(data: Uint8Array): readonly number[] | undefined {
  const plain = Array.from(data, (byte, place) => {
    if (place === 0) return byte;
    const key = keyFor(data[place - 1] ?? 0, place);
    return ((byte - key) ^ START ^ key) & 0xff;
  });
  return withSum8(plain.slice(0, -1)).at(-1) === plain.at(-1) ? plain : undefined;
}

/** Speaks its own, plain language. */
const VISION = 'AC695X_1(BLE)';

function visionLevel(level: number): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set([0xaa, 0x01, 0x0a, 0x03, level, level > 0 ? 1 : 0]);
  return bytes;
}

const oneLevel = (level: number) => frame([0x5a, 0x00, 0x00, 0x01, 0x31, level, 0x00, 0x00, 0x00, 0x00]);
const twoLevels = (first: number, second: number) =>
  frame([0x5a, 0x00, 0x00, 0x01, 0x40, 0x03, first, second, 0x00, 0x00]);

/** A rotation has no direction (facts: protocols/galaku, doubts). */
function outputOf({ identifier, model }: DeviceContext): ProtocolHandler['output'] {
  if (identifier === VISION) return wholeDevice((level) => visionLevel(level(0)));
  if (motorPlaces(model).length < 2) return wholeDevice((level) => oneLevel(level(0)));
  return wholeDevice((level) => twoLevels(level(0), level(1)));
}

const CHARGE_REQUEST = frame([0x5a, 0x00, 0x00, 0x01, 0x13, 0x00, 0x00, 0x00, 0x00, 0x00]);
/** How long the toy may think about its charge, ms. */
const CHARGE_MS = 2000;

/** In a scrambled frame the first byte is always the same, and the charge is the fifth (facts: protocols/galaku, doubts). */
const chargeIn = (data: Uint8Array): number | undefined => (isFrame(data) ? unscrambled(data)?.[4] : data[0]);

export const galaku = defineProtocol({
  id: 'galaku',
  brand: 'Galaku',
  corrections: [
    'The battery level is unscrambled where it comes in a frame; the reference reads the first byte, which is the same in every frame.',
    'The rotating part of the Rhino Prostate Massager is driven like any second motor; the reference refuses it, and its stop as well.',
  ],
  links: [
    bluetooth({
      names: [
        'GX85',
        'GX07',
        'GX17',
        'GX21',
        'GX22',
        'GX16',
        'GX29',
        'GX23',
        'GX25',
        'GX26',
        'GK03',
        'GX39',
        'G321',
        'G304',
        'G336',
        'G331',
        'G326',
        'G335',
        'G341',
        'G355',
        'G349',
        'G407',
        'G204',
        'G171',
        'G12D',
        'G123',
        'G23A',
        'A073',
        'GLMT',
        'G901',
        'G912',
        'G20B',
        'K112',
        'G202',
        'K118',
        'K107',
        'G203',
        'TXHL',
        'TXMM',
        'TXKL',
        'K108',
        'K109',
        'KWL2',
        'TFHL',
        'TFMM',
        'TFKL',
        'K120',
        'K12A',
        'K12C',
        'LL18',
        'CYX2',
        'RC31',
        'MD19',
        'QD48',
        'BGSF',
        'BGQS',
        'AX05',
        'DT01',
        'BGZY',
        'A531',
        'YXSJ',
        'G317',
        'G312',
        'G302',
        'G320',
        'G314',
        'G228',
        'G315',
        'G307',
        'K311',
        'G339',
        'G354',
        'G12B',
        'G29C',
        'G29D',
        'GKML',
        'G348',
        'G913',
        'G213',
        'TFF1',
        'G310',
        'K113',
        'D358',
        'G322',
        'D402',
        'G40A',
        'G403',
        'G43A',
        'K12B',
        'QCVW',
        'QCSW',
        'QCPW',
        'SN80',
        'BGCD',
        'TFG1',
        'GK27',
        'GX27',
        'GK25',
        'AC695X_1(BLE)',
        'GX33',
        'WSXK',
      ],
      services: { '1000': { tx: '1001', rxblebattery: '1002' } },
    }),
  ],
  models: [
    otherwise('Galaku Device', standard, { id: 'c1766383-def6-4bd0-b6ce-1e8f993fa6ae' }),
    model('V415', 'Galaku Nebula', standard, { id: '53a117ec-0e2d-43ce-a77b-0ed4fbf82d07' }),
    model('GX85', 'Galaku Shana', standard, { id: '6c62e478-d684-4c3a-9d74-0860be907a8e' }),
    model('GX07', 'Galaku Miya', standard, { id: 'ccda61b7-8517-4d31-8ef6-a730b1a0ab9a' }),
    model('GX17', 'Galaku Capsule lipstick', standard, { id: '0f24a925-bad8-48ec-9a35-887f78bc967d' }),
    model('GX21', 'Galaku Vitality Cat', standard, { id: '9d8d0d14-1507-48ee-8b99-1b5cc6f4a67e' }),
    model('GX22', 'Galaku Phantom X', standard, { id: '22e21fb8-c399-490f-9680-5abe44c46bc9' }),
    model('GX16', 'Galaku Vitality Strawberry', standard, { id: 'c829fb46-4cf5-4034-bdea-2032e00a34c3' }),
    model('GX29', 'Galaku Little Magic Box', standard, { id: 'aaa2d14e-2b93-46e5-87a0-c622f6f9c82b' }),
    model('GX23', 'Galaku Little Whale', standard, { id: '859c82eb-9163-426c-90c4-4b567ff34e95' }),
    model('GX25', 'Galaku Happy Vibrator', standard, { id: 'fffd1a38-2ac8-470a-bffb-70360a4099ba' }),
    model('GX26', 'Galaku Xiaobao Beans', standard, { id: 'a2e6b3c3-8101-4ff7-8113-4d5c9641f557' }),
    model('GK03', 'Galaku Capsule Vibrator', standard, { id: '28e47ecf-6a79-48c0-acd1-82ee75955836' }),
    model('GX39', 'Galaku Ice cone miniAV stick', standard, { id: 'af836ee8-9c73-4759-80f4-d305a14e51c1' }),
    model('G321', 'Galaku mini ice cream cone', standard, { id: '9b6a27bd-75d6-42c7-9a71-7f95807eb9c4' }),
    model('G304', "Galaku Shia's Collar", standard, { id: 'a1042c91-cfa0-41b8-9afa-637599c076ac' }),
    model('G331', 'Galaku Octopus glans massager', standard, { id: '074ef604-51bf-4f0a-97ee-16508c582968' }),
    model('G326', 'Galaku Alice', standard, { id: 'ca21391e-6aa2-4480-a1a5-c138318bf44c' }),
    model('G335', 'Galaku Unicorn Butt Plug', standard, { id: 'd1a0cd58-1aa2-447c-bd7e-da471fdee5d8' }),
    model('G341', 'Galaku Ace', standard, { id: '398c32ab-6498-4358-a25f-8553916719fd' }),
    model('G355', 'Galaku Little cute turtle', standard, { id: '05dc7803-1513-48d9-9c2f-2719e8b71905' }),
    model('G349', 'Galaku Little Bullet', standard, { id: '5e8a289b-9f5f-4865-9f92-d7bd06c68950' }),
    model('G407', 'Galaku Joy Vibrator', standard, { id: '9cc769ed-e911-491b-b8ad-1a78ed8675fe' }),
    model('G204', 'Galaku Bowling', standard, { id: 'e213ecfd-d0f9-44e1-9c17-d3d78f7c6216' }),
    model('G171', 'Galaku Mixin Controller', standard, { id: '299b1c71-e7fc-426b-8d6f-0375685de6a8' }),
    model('G12D', 'Galaku Hua Chao Brush', standard, { id: 'aa6c0314-58bc-4b83-b9d7-5988151b0c53' }),
    model('G123', 'Galaku 花sai', standard, { id: 'ed5b32b5-79fa-4d74-8d44-3afc3e71fc38' }),
    model('G336', 'Galaku The Second Generation of Vitality Bird', standard, {
      id: '36d612d2-806c-49f5-85b6-0f291342ea34',
    }),
    model('G23A', 'Galaku Dream Vibration', standard, { id: '83521db1-be7a-4ca6-be82-fe218dac73db' }),
    model('A073', 'Galaku Joy Vibrator', standard, { id: 'd34943d6-709c-4972-97c8-ffa75c7ff005' }),
    model('GLMT', 'Galaku Rogue Rabbit', standard, { id: '587af267-9322-4ac6-afe6-8dcd4217ced4' }),
    model('G912', 'Galaku Donut', standard, { id: '25528b16-8cfa-45d5-b8bc-cd238f2a0416' }),
    model('G901', 'Galaku Suck the vibrator', standard, { id: '9593572e-e19d-4863-86ba-3e0542ad54fb' }),
    model('G20B', 'Galaku Ballet Vibrator', standard, { id: '1d5f2345-034e-4d41-93a7-3d0ef80933e0' }),
    model('K112', 'Galaku Donut', standard, { id: '52071636-ceb7-4f79-afb1-5d8af4dbf5a2' }),
    model('G202', 'Galaku Flirting Pen', standard, { id: 'd9abd771-c3bc-449a-8c4a-06938231111d' }),
    model('K118', 'Galaku Ball vibrator', standard, { id: 'bbb54012-bee5-451a-aea3-98f28ca695a9' }),
    model('K107', 'Galaku Cyberpunk Airplane Cup', standard, { id: '104e8fcf-db34-4006-9a27-183ca2b8aaf5' }),
    model('G203', 'Galaku Vitality Cute Pet', standard, { id: '48e98efa-7c01-4a8e-a0b5-f721799d78e0' }),
    model('TXHL', 'Galaku Little gourd vibrating egg', standard, { id: '76ad7e0f-fcbf-4c21-b4f9-c2affe73355a' }),
    model('TXMM', 'Galaku little kitten', standard, { id: '2c2a664d-851d-4686-b432-1e2eef36b713' }),
    model('TXKL', 'Galaku Little Dinosaur', standard, { id: '7ab1f6e5-ed53-463c-8379-40db8fa580b4' }),
    model('K108', 'Galaku Bell sucking', standard, { id: '43e3d3d0-0c9f-46c0-b44b-4d2739a43522' }),
    model('K109', 'Galaku Ring vibration', standard, { id: '7ce8bdb5-eebc-44e8-9369-b8a9633a0365' }),
    model('KWL2', 'Galaku Erection Booster', standard, { id: '9106168e-1758-424e-8713-7266b96cbf6d' }),
    model('TFHL', 'Galaku Gyoyo-G (meaning Yue-little gourd)', standard, {
      id: 'b56b1b77-0174-47f6-8429-06f83a7c2382',
    }),
    model('TFMM', 'Galaku Gyoyo (meaning joy)', standard, { id: 'c90795b9-355b-4cc3-b493-e63c92c4efe5' }),
    model('TFKL', 'Galaku Gyoyo (meaning joy)', standard, { id: 'f73faf1a-dc8d-47a6-ba00-435aec9fbfb1' }),
    model('K120', 'Galaku Pinky stick', standard, { id: '911b8708-8cc6-406b-8fca-f31dbecb8cbc' }),
    model('K12A', 'Galaku Little Turtle Stick', standard, { id: '03a0ede5-fb62-4f5c-a3e9-c821a9afbfbf' }),
    model('K12C', 'Galaku Xiao Xian Wan', standard, { id: 'd924b656-3e8e-4742-ab5e-cba345aa6c9b' }),
    model('LL18', 'Galaku Mitang', standard, { id: '761d7fc2-ba70-4093-8bf7-f3e3ee1d639e' }),
    model('CYX2', 'Secret Lover Simon', standard, {
      id: 'bdd69b72-0c3d-4c14-b923-accd305e9ccc',
      brand: 'Secret Lover',
    }),
    model('RC31', 'Secret Lover Betty', standard, {
      id: 'e17ab832-ca1b-430a-b03a-c053c268407e',
      brand: 'Secret Lover',
    }),
    model('MD19', 'Secret Lover Kevin', standard, {
      id: '546731c9-21c5-4bca-bb85-9fec1c3c627e',
      brand: 'Secret Lover',
    }),
    model('QD48', 'Adorime Wearable Egg Vibrator', standard, {
      id: 'f4cdbb77-f674-49df-9b76-75d460179c69',
      brand: 'Adorime',
    }),
    model('BGSF', 'Adorime Male Masturbator', standard, {
      id: 'c81608ec-36cc-4ca1-9a17-72e4e3ce020f',
      brand: 'Adorime',
    }),
    model('BGQS', 'Adorime Penis Vibrator', standard, { id: '0c62c632-fbf1-43f1-b3ab-bff41ea88c3a', brand: 'Adorime' }),
    model('AX05', 'Adorime Anal Vibrator', standard, { id: 'bce17a9d-1cfa-47e7-a6fd-6471896bb1d3', brand: 'Adorime' }),
    model('DT01', 'Adorime Chastity Cage', standard, { id: 'deb3f920-40f7-4595-92b1-8877b0ef0636', brand: 'Adorime' }),
    model('BGZY', 'Adorime Penis Helmet Vibrator', standard, {
      id: '67bc4304-d2c3-493f-aa57-de708361e615',
      brand: 'Adorime',
    }),
    model('A531', 'Adorime Pink Touch', standard, { id: '5cfdd204-e0dd-4ec5-b133-205bd6ce660a', brand: 'Adorime' }),
    model(
      'G317',
      'Galaku Zaku Aircraft Cup',
      oscillatorAndVibrator(
        'f427019a-a136-45a0-a866-dac460d8770c',
        '0fa679ef-eb23-4b10-a456-dd1f99ed7dee',
        '19ac04ae-9d77-4b3b-a706-5df8252569a7',
      ),
      { id: '58de185f-a52c-42e0-b06f-bb7a293a9d40' },
    ),
    model(
      'G312',
      'Galaku Mecha',
      oscillatorAndVibrator(
        '9a04b080-4956-499c-894d-d7538322160e',
        'a8a8f9c0-f406-4b80-8c8e-3ff1bf9bff72',
        '769865df-58b9-4d0f-8697-4ee78304a10c',
      ),
      { id: '8c3f6848-0c63-4a56-8f28-ffba313240e3' },
    ),
    model(
      'G302',
      'Galaku Little Devil',
      twoVibrators(
        'c09c7502-7e42-49be-8620-44bf0dda08af',
        'ccf2e0e7-4ade-4a9b-8b49-405653f72c7c',
        '22792e4e-bf84-42d4-a1ec-cbffddd3d777',
      ),
      { id: '1f53344c-173d-4a00-abb4-623969d7b174' },
    ),
    model(
      'G320',
      'Galaku Athena',
      oscillatorAndVibrator(
        'c86290fd-1271-45d3-98bf-bcd168a1948a',
        '70de4e79-4db7-45ee-a7c1-490cdf23bb33',
        'a6fb0d1b-9160-40ca-81a7-905776aeff83',
      ),
      { id: 'e8c6ef4f-b574-4fa3-8887-df3415368621' },
    ),
    model(
      'G314',
      'Galaku Vitality Octopus II',
      twoVibrators(
        '75943039-8932-4a1c-af26-d1f075e78c01',
        '05804a02-980d-4380-b407-a30f56477f8e',
        'a104dc8a-7759-4dd9-8113-d3b450b24658',
      ),
      { id: 'a8f4769e-945e-4f32-b2fb-1d15c6be62c6' },
    ),
    model(
      'G315',
      'Galaku Unicorn',
      twoVibrators(
        '02fda4c8-b86c-4131-8d9f-447534785404',
        'a21f8a77-22ce-47a3-b220-028f87d3a50d',
        'e85a8553-4f3c-49ba-ae88-929d0052e04d',
      ),
      { id: '9ca11ed6-aa8a-4506-a7f8-78f515075340' },
    ),
    model(
      'G307',
      'Galaku Queen Bee Gun',
      oscillatorAndVibrator(
        '3525faff-24d5-4b84-9b4d-b6e92f51f2f4',
        'c1150106-9f41-4a80-b30b-6015e1a7e80a',
        '57638eed-03e4-4279-8fc1-cc03a2d9066c',
      ),
      { id: '113cb4d3-f8a9-45b5-bf66-3e93e5209e4d' },
    ),
    model(
      'K311',
      'Galaku Freya',
      twoVibrators(
        'c52a581b-0838-4431-bd39-179628da18d4',
        'ba7de25e-d0fd-4431-afc5-e8b72431b025',
        '309ff7a2-aa2f-44e4-ace9-c1d485bf47ae',
      ),
      { id: '13e7fd6e-2dec-400e-80e5-908a088572fc' },
    ),
    model(
      'G339',
      'Galaku Rhino Prostate Massager',
      features(
        vibrate(100, { id: '75e8f6e5-a69b-48d4-937b-c202961b464f', description: 'vibrate' }),
        rotate(100, { id: '10007a9c-8e51-4d38-b55a-03e09954b0d2', description: 'rotate' }),
        charge('be8475dd-8928-447d-9e94-1e0543056b29'),
      ),
      { id: '5d47e890-6093-4eae-b7e8-e637dc82a2ea' },
    ),
    model(
      'G354',
      'Galaku Armoured-ONE',
      features(
        oscillate(100, { id: 'dc4348f2-7788-4b63-96f8-80ed74e4f9c2', description: 'Oscillate' }),
        vibrate(100, { id: 'e79abb39-74ab-46cc-9363-41637a43c885', description: 'vibrate' }),
        charge('23e5cc47-944a-427c-be33-8611fffc70c8'),
      ),
      { id: '1d9030a8-bfd2-4e49-8e8d-683c7776ae83' },
    ),
    model(
      'G12B',
      'Galaku Flower Season',
      twoVibrators(
        'e86333ca-254b-4c40-b448-eeb0e397e2f6',
        'f531ad54-4f1f-4fe6-91dd-bba265307fb5',
        'f989b7c6-ad5d-49fa-b103-2a21ff2213d5',
      ),
      { id: '7565ed2f-36c6-4210-830b-c916c4f8132b' },
    ),
    model(
      'G29C',
      "Galaku Little Rubik's Cube",
      twoVibrators(
        'd8b78598-520b-4d28-9340-1a51d918f31a',
        'ddc439b2-dc60-46bd-b6dc-4ce2b92783c0',
        '34bf9651-bbd6-475f-a2ea-536b04c5db62',
      ),
      { id: '8a41b478-7239-4412-b251-66dcb62f0e98' },
    ),
    model(
      'G29D',
      'Galaku Small powder cake',
      twoVibrators(
        '8dccfd7a-397e-450c-8911-31d2258506f5',
        '6031712c-95a0-457f-93b6-e24b8ab7d335',
        '7e0681c6-7206-41d0-97d2-f3e01d6c8de4',
      ),
      { id: 'fae6c568-0e7f-446f-9523-81964f51728c' },
    ),
    model(
      'GKML',
      'Galaku Milly',
      twoVibrators(
        '48936afe-dfda-4a35-bd45-1da66bdc020f',
        'f17eba7d-aab9-43d9-a621-4e5b3addd682',
        '67430820-ef54-4821-8d43-37b7ebc6702f',
      ),
      { id: '722fc3e9-8349-4659-b71b-9c77d437f695' },
    ),
    model(
      'G348',
      'Galaku Rhinoceros Back Court',
      twoVibrators(
        '8afa26c6-e525-4afc-84f7-a9602d82ddf9',
        'ed5039d6-24ea-4adb-becd-ab549aff67ce',
        '8b8b2df2-1f06-4649-b575-ae0abef990dc',
      ),
      { id: 'd546987d-311b-4db1-80d6-b8df1a06b275' },
    ),
    model(
      'G913',
      'Galaku Unicorn II',
      twoVibrators(
        'dff9df20-91d3-478f-b5dd-409db449d9ff',
        'f23839bb-69c4-4570-9eb0-ea387a1fa87f',
        '10d3c65c-e6b1-4802-b71f-5843bb6ae4bd',
      ),
      { id: '536ea0fc-ef97-40a1-be31-56f9cabd489e' },
    ),
    model(
      'G213',
      'Galaku Phantom',
      twoVibrators(
        '5e4c85dc-27df-45fa-a7cc-f2870596b7ed',
        'cb5581ba-2f77-49e3-bf0a-856639e045e1',
        'f8057621-5690-43fe-8cf9-aa2b1d4ceb07',
      ),
      { id: 'ee326d2c-8241-40b7-9ccd-3662a5901197' },
    ),
    model(
      'K113',
      'Galaku Unicorn II',
      twoVibrators(
        '5debcf2d-4e98-4b5f-88b0-45f4bcd3aaf1',
        '787e3d35-0ea2-407e-8b4b-ecb0680ddfa3',
        'c6d8ebc8-bba3-4aaa-b616-3758a6a84b06',
      ),
      { id: '568f5426-4d6d-4fed-b915-c4ead0dc2b70' },
    ),
    model(
      'G228',
      'Galaku Little Dolphin',
      twoVibrators(
        '484bcea7-f227-49f3-83f8-ab825c46e0f4',
        '4d68f7a8-2fd1-40f3-8d5f-b932b0fb5d8f',
        'f93f3c1d-8046-40f2-a4d3-4c5315c809e6',
      ),
      { id: 'b1a680ee-43ea-44a1-95f0-b287d9b87d07' },
    ),
    model(
      'G310',
      'Galaku Scepter AV Stick',
      twoVibrators(
        '525a328a-1fe1-4f54-be62-1aade3f4dcab',
        '0f5a8b59-1ba2-4e0f-9de4-272ee2fae908',
        '246cddf5-f04a-45e2-ba07-1f5354d15fdd',
      ),
      { id: '59723525-29b0-4cfe-b327-c4337e94cce7' },
    ),
    model(
      'TFF1',
      'Galaku F1 Aircraft Cup',
      twoVibrators(
        'e19f5460-6145-48b9-9151-c16765130341',
        'f44a3499-e077-41c5-93ba-56a840c8485b',
        '79874bf3-3055-4d5a-a6aa-ea183f434324',
      ),
      { id: 'f989e3e1-6df9-4ab1-a2a6-04aded3fe9a3' },
    ),
    model(
      'D358',
      'Galaku Classic vibration-absorbing AV state',
      twoVibrators(
        '98b72986-86e9-44dc-a48c-e4b64d5941c0',
        '907f514f-4cfa-4210-88c8-2ae602cade4b',
        '338f4e14-793b-4cb7-b26e-0ff47f2e72cc',
      ),
      { id: '3ff9c409-8790-4b06-af84-a0ddf103bf23' },
    ),
    model(
      'G322',
      'Galaku Unicorn',
      twoVibrators(
        'd61c7b5a-b021-43bf-a246-9b7dc193cf98',
        '64ecb833-2b8a-46c6-afac-28aa36d05580',
        '87973aa3-f77e-47b1-92dc-1a6b32bba5d5',
      ),
      { id: 'd3c966a9-9341-44b5-a54d-842402010dc5' },
    ),
    model(
      'D402',
      'Galaku New series of vibrators',
      twoVibrators(
        'daedd54d-0d62-434f-8408-d3d9f69cd151',
        '7ebb5f9d-e447-4b67-8b3a-997b46a5f2be',
        'b872a7d6-df4c-4d50-8e7b-57cc7102b151',
      ),
      { id: '9ccc2c45-2762-4005-9de1-f636b44d0e0e' },
    ),
    model(
      'G40A',
      'Galaku New series of vibrators',
      twoVibrators(
        '1954d249-a830-4c2f-9a54-73962b0a7f62',
        'b0a5e213-8e34-4868-9f93-477d707b555a',
        'f5555828-157d-44af-a6f3-61c184adc78b',
      ),
      { id: '8202daae-1d8f-468e-b772-31f6032e92ff' },
    ),
    model(
      'G403',
      'Galaku New series of vibrators',
      twoVibrators(
        '1db2e6ef-89a9-44a6-b4fe-858c583181cc',
        'af1c0858-6f69-49bd-81e0-2b5634cba141',
        '0acf4462-c96b-4dec-b283-d56fdeae3e09',
      ),
      { id: '5910e68c-1ed0-4dd1-b9b9-74bb2332d3b7' },
    ),
    model(
      'G43A',
      'Galaku New series of vibrators',
      twoVibrators(
        '9204650b-9e73-4423-9de1-94e87cf8cf7b',
        '3e533985-211f-4c4e-996e-6ee5999a8f7b',
        '01388799-5cdf-4127-824b-a51ae1c38e60',
      ),
      { id: '49ce5f25-f210-43cf-a20e-bb0879b89c63' },
    ),
    model(
      'K12B',
      'Galaku Little Turtle Stick',
      twoVibrators(
        '50c856df-a8d2-4840-bc3d-17f7bc2144e8',
        'cc865a89-7a1f-4d9c-ac03-8822ec1ab715',
        '9ecdcaa7-b228-4f67-b04b-a1ff3642ebe2',
      ),
      { id: 'ec43f998-0089-4bef-8a8d-d3ce49747fff' },
    ),
    model(
      'QCVW',
      'Kisstoy Lost (Vibrating)',
      twoVibrators(
        'cf8ed969-86d5-4597-850f-35c60cfc40e8',
        '13dd1aad-9102-46c9-b126-5293b5da88ad',
        '421f8bf8-6732-405a-b563-139e858bc4fb',
      ),
      { id: 'c61bdc8f-230b-4cc8-9474-c145ecba7682', brand: 'Kisstoy' },
    ),
    model(
      'QCSW',
      'Kisstoy Lost (Sucking)',
      twoVibrators(
        '02b1d882-d47e-4dc2-8062-91e9b6defdd4',
        '1e4691ca-fda3-40da-bad9-b2f7393d5554',
        '0b41e97c-17f9-475d-8a30-d8ed1f52cb67',
      ),
      { id: '287d283c-d1f6-4dd4-9b53-fc01adafed30', brand: 'Kisstoy' },
    ),
    model(
      'QCPW',
      'Kisstoy Lost (Insertable)',
      twoVibrators(
        '2d070dbf-a2ad-4072-b7ee-a13b278fe4a4',
        'cddbd1f6-227d-48e3-a1bc-74332b153a24',
        'ad753ac1-6c20-495a-bb0d-409b251fbe26',
      ),
      { id: '746b8d6f-41ba-433f-b225-b3bf98c7aec9', brand: 'Kisstoy' },
    ),
    model(
      'SN80',
      'Adorime G-spot Rabbit Dildo Vibrator',
      twoVibrators(
        '42efb235-b450-44a6-97fd-a98b3d9750ad',
        '76a8c59e-2001-4334-bacd-f436f6858e85',
        '47b24f11-bb92-4173-9123-80a330c76041',
      ),
      { id: '361c0746-f630-41d3-a0bf-f993e2259217', brand: 'Adorime' },
    ),
    model(
      'BGCD',
      'Adorime Backy',
      twoVibratorsInCapitals(
        '72c39683-55e5-418c-94fd-3733089b76a6',
        'dfabda24-3995-4160-9f00-1732fc38281d',
        'deb32910-37e0-4be7-8783-4dd5745be738',
      ),
      { id: '349e64b6-931f-4e1a-b69c-4f9652f0cf2c', brand: 'Adorime' },
    ),
    model(
      'YXSJ',
      'Adorime Cock Ring',
      twoVibratorsInCapitals(
        'ed25baca-3647-489d-96a8-9cf528dfbe34',
        '9ffd40ba-f94e-41e2-ae42-83fd29f9d6a1',
        '0b444666-695e-4ee3-a7a2-33f22259f80e',
      ),
      { id: '20bfb1be-613b-47de-ae68-a6e8be7f493d', brand: 'Adorime' },
    ),
    model(
      'TFG1',
      'Galaku Aurora Aircraft Cup',
      features(
        vibrate(100, { id: '2b5fdcd4-3b35-4939-b086-950a827141e1', description: 'vibrate' }),
        constrict(100, { id: '59498f0e-ad39-4701-9197-a5c7428b0acc', description: 'Suction Pump' }),
        charge('591ca427-79d4-4d6a-bf00-8596cd9cb493'),
      ),
      { id: '0d60d3a5-bad0-4df7-99ad-4bf4ee442c5d' },
    ),
    model(
      ['GK27', 'GX27'],
      'Galaku Cannon-GT',
      oneVibrator('ff51f8a4-4ac0-434c-b656-d94e0b2eec53', 'e0b9f2c7-68d9-4c7b-9327-6e0802973a44'),
      { id: '687bbb0e-b5a6-47d8-bca3-3395c510d996' },
    ),
    model(
      'GK25',
      'Galaku Phantom PLUS',
      oneVibrator('d8411669-9823-4755-afe4-969f7a4200cd', 'afb9c389-4624-4871-bfed-c19eccbcd3e3'),
      { id: '4169f6af-723c-437c-be39-d90508c95e0a' },
    ),
    model(
      'AC695X_1(BLE)',
      'Galaku Vision',
      oneVibrator('8626a95c-2ebd-43b4-a592-27282c6cc275', 'b680b236-52f4-4d8e-907e-78e71a0d23e9'),
      { id: '637fec12-7e76-4107-ba18-931046975976' },
    ),
    model(
      'GX33',
      'Galaku Dimension No. 1',
      oneVibrator('90351a28-a5c0-4b77-bd61-d5e667588cf1', 'ab7abe60-7733-4391-a61d-765655275261'),
      { id: '34c495ac-a36f-4d8c-9823-191895926d49' },
    ),
    model(
      'WSXK',
      'Galaku Starry Sky CUP',
      oneVibrator('80d6340d-70bd-40ba-87bd-014f034a3186', '1ef7a2d2-1725-4fd9-9e70-d8e0674ac17f'),
      { id: '938f9e14-3d1d-4778-821a-a1c17bb42936' },
    ),
  ],
  open(context) {
    const { link, model } = context;
    return {
      output: outputOf(context),
      async read({ type }) {
        if (type !== 'Battery') throw new DeviceError(`${model.name} is not able to tell its ${type}`);
        await link.subscribe('rxblebattery');
        const send = { endpoint: 'tx', data: CHARGE_REQUEST, withResponse: true };
        const level = await ask(context, { send, answerOn: 'rxblebattery', waitMs: CHARGE_MS }, chargeIn);
        if (level === undefined) throw new DeviceError(`${model.name} did not tell its charge within ${CHARGE_MS} ms`);
        return level;
      },
    };
  },
});
