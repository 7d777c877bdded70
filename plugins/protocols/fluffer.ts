import { createHash, randomBytes } from 'node:crypto';
import {
  type Advertisement,
  aes128,
  ask,
  bluetooth,
  type DeviceContext,
  DeviceError,
  type DeviceLevels,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  packet,
  rotateBothWays,
  vibrate,
} from 'pulsegate/plugin';

const COMPANY = 0x684a;
const CIPHER = aes128('jdk#Flu%y6fer32f');
/** How long a device may think about the handshake, ms. */
const ANSWER_MS = 3000;

const encrypted = (bytes: readonly number[]): Uint8Array => CIPHER.encrypt(Uint8Array.from(bytes));

const ACCEPTED = Buffer.from([0xa5, 0x01, 0x01, 0x00]);
const START = [0x82, 0x0e, 0x02, 0x00, 0x01];
const STILL_HERE = [0x80, 0x02, 0x00];

/** What the device advertises about itself, from the company id on; nothing, or at least three bytes. */
function advertised({ manufacturerData }: Advertisement): readonly number[] {
  const data = manufacturerData?.get(COMPANY);
  return data && data.length > 0 ? [COMPANY & 0xff, COMPANY >> 8, ...data] : [];
}

/** Random bytes, and a digest of them together with what the device advertises: proof that somebody knows how. */
function greeting(own: readonly number[]): number[] {
  const key = (own[1] ?? 0) ^ (own[2] ?? 0);
  const mixed = own.slice(3, 7).map((byte) => (byte === 0 || byte === key ? byte : byte ^ key));
  const salt = randomBytes(4);
  const digest = createHash('sha256').update(salt).update(Uint8Array.from(mixed)).digest();
  return [0xa5, 0x01, 0x08, ...salt, ...digest.subarray(0, 4)];
}

async function shakeHands(context: DeviceContext): Promise<void> {
  const own = advertised(context.advertisement);
  await context.link.subscribe('rx');
  if (own.length === 0) return;
  const send = { endpoint: 'tx', data: encrypted(greeting(own)) };
  const answer = await ask(context, { send, answerOn: 'rx', waitMs: ANSWER_MS }, (data) => data);
  if (!answer) throw new DeviceError(`${context.model.name} did not answer the handshake within ${ANSWER_MS} ms`);
  if (!isAcceptance(answer)) throw new DeviceError(`${context.model.name} refused the handshake`);
  await context.link.write('tx', encrypted(START), { withResponse: false });
}

function isAcceptance(answer: Uint8Array): boolean {
  const plain = CIPHER.decrypt(answer);
  return plain !== undefined && ACCEPTED.equals(plain);
}

/** A byte: a level, or a level anticlockwise from 101 on. */
const byteFor = (index: number, levels: DeviceLevels) => levels.at(index) + (levels.get(index, 'Rotate') < 0 ? 100 : 0);

const standard = features(vibrate(100, { id: 'eb0cb449-d936-4456-a50e-04fe1b170164' }));

export const fluffer = defineProtocol({
  id: 'fluffer',
  brand: 'Fluffer',
  links: [
    bluetooth({
      names: ['fake_name_as_we_must_match_fluffer_manufacturer_data'],
      manufacturerData: [{ company: 26698 }],
      services: {
        '53300031-0060-4bd4-bbe5-a6920e4c5663': {
          tx: '53300032-0060-4bd4-bbe5-a6920e4c5663',
          rx: '53300033-0060-4bd4-bbe5-a6920e4c5663',
        },
      },
    }),
  ],
  models: [
    otherwise('Fluffer Device', standard, { id: 'dbea3a1a-117c-4302-bd72-f3c226e91d53' }),
    model('FDGTHING', 'Fluffer G-Thing', standard, { id: '4044bbd4-6a87-4dd8-b773-00d7cdbeebe2' }),
    model('FDG2G', 'Fluffer G2G', standard, { id: '1a30c04a-3305-4d59-bd0b-410a2bbc31ca' }),
    model('FDPR', 'Fluffer Rock Hard Power Ring', standard, { id: 'f0ccd408-ad3e-4eaf-a2e0-b686cb8f3687' }),
    model(
      ['MBO', 'MB Controller'],
      'MotorBunny Classic (Fluffer version)',
      features(
        vibrate(100, { id: 'd3f05e7a-a436-4ede-bce9-8ff56d1978d0' }),
        rotateBothWays(100, { id: '52642901-8704-4db6-ae20-7111101cab86' }),
      ),
      { id: 'c469ba54-e0c1-43dc-b8b1-851b7792bf04', brand: 'Motorbunny' },
    ),
    model(
      ['MBB', 'MB Link 201'],
      'MotorBunny Buck (Fluffer version)',
      features(
        vibrate(100, { id: '79c128d3-a135-4958-8beb-6b6cc8578ece' }),
        oscillate(100, { id: '7f6b1af7-3e7c-4e59-a7a6-d940d83978aa' }),
      ),
      { id: 'eaf53618-90c7-4208-b225-1776093b9556', brand: 'Motorbunny' },
    ),
  ],
  keepalive: { kind: 'packet', write: { endpoint: 'tx', data: encrypted(STILL_HERE), withResponse: false } },
  async open(context) {
    await shakeHands(context);
    return {
      output: (_order, levels) => [
        packet('device', encrypted([0x82, 0x0f, 0x05, 0x00, byteFor(0, levels), byteFor(1, levels), 0x00, 0x00])),
      ],
    };
  },
});
