import { createHash } from 'node:crypto';
import {
  ask,
  battery,
  bluetooth,
  type DeviceContext,
  DeviceError,
  defineProtocol,
  features,
  model,
  motorPlaces,
  oscillate,
  otherwise,
  packet,
  rotate,
  vibrate,
} from 'pulsegate/plugin';
import { crc16Modbus } from './crc16-modbus.js';
import { repetition } from './repetition.js';

const twoVibrators = (first: string, second: string, level: string) =>
  features(vibrate(100, { id: first }), vibrate(100, { id: second }), battery({ id: level }));
const vibratorAndFinger = (first: string, second: string, level: string) =>
  features(
    vibrate(100, { id: first }),
    vibrate(100, { id: second, description: 'Finger-Tapping Motion' }),
    battery({ id: level }),
  );
const standard = features(
  vibrate(100, { id: 'b29ed0d1-5eab-41e0-bdb9-487b34f979e4' }),
  battery({ id: 'acfaa268-2fc3-4192-ac90-16d64f598999' }),
);

const START = Buffer.from([0x02, 0xa5, 0x5a, 0x55, 0xaa, 0xf0]);
const END = 0x03;
const TYPE = 0xb1;
const HANDSHAKE = 0x01;
const MOTORS = 0x03;
/** Start, counter, type, command and length come before the data; the end and a checksum after it. */
const HEADER_LENGTH = 11;
const FRAME_LENGTH = 14;

const SECRET = [0x8b, 0xe3, 0xfd, 0x04, 0x68, 0x35, 0x09, 0x86, 0x12, 0x1a, 0xbf, 0x03, 0x30, 0xe9, 0xe3, 0xc5];
const ACCEPTED = 0x9000;
const TOKEN_LENGTH = 16;
const SIGNATURE_LENGTH = 8;
/** How long the toy may think about each handshake, ms. */
const ANSWER_MS = [6000, 4000];
/** Strengths last for a few seconds. */
const REPEAT_MS = 500;

const uint16 = (value: number) => [(value >> 8) & 0xff, value & 0xff];

function frame(counter: number, command: number, data: readonly number[]): number[] {
  const content = [TYPE, command, ...uint16(data.length), ...data];
  return [...START, counter, ...content, END, ...uint16(crc16Modbus(content))];
}

/** Takes the first whole frame out of what has arrived, and returns its data; what cannot become a frame is dropped. */
function takeFrame(received: number[]): readonly number[] | undefined {
  for (;;) {
    const start = Buffer.from(received).indexOf(START);
    // The start itself may arrive in two parts.
    received.splice(0, start < 0 ? Math.max(0, received.length - START.length + 1) : start);
    if (start < 0 || received.length < HEADER_LENGTH) return undefined;
    const end = HEADER_LENGTH + Buffer.from(received).readUInt16BE(HEADER_LENGTH - 2);
    if (received.length < end + FRAME_LENGTH - HEADER_LENGTH) return undefined;
    if (received[end] === END) {
      return received.splice(0, end + FRAME_LENGTH - HEADER_LENGTH).slice(HEADER_LENGTH, end);
    }
    received.shift();
  }
}

type Reply = { readonly token: readonly number[] } | { readonly refusal: number };

/** Puts the toy's replies together; each notification brings a part. */
function replies(): (data: Uint8Array) => Reply | undefined {
  const received: number[] = [];
  return (data) => {
    received.push(...data);
    for (let reply = takeFrame(received); reply; reply = takeFrame(received)) {
      const [high, low, ...token] = reply;
      if (high === undefined || low === undefined) continue;
      const code = high * 0x100 + low;
      if (code !== ACCEPTED) return { refusal: code };
      if (token.length >= TOKEN_LENGTH) return { token: token.slice(0, TOKEN_LENGTH) };
    }
    return undefined;
  };
}

interface Handshake {
  readonly token: readonly number[];
  /** How many frames it took. */
  readonly frames: number;
}

async function shakeHands(context: DeviceContext): Promise<Handshake> {
  const { link, model } = context;
  await link.subscribe('rx');
  const accept = replies();
  for (const [counter, waitMs] of ANSWER_MS.entries()) {
    const data = Uint8Array.from(frame(counter, HANDSHAKE, uint16(TOKEN_LENGTH)));
    const send = { endpoint: 'tx', data, withResponse: true };
    const reply = await ask(context, { send, answerOn: 'rx', waitMs }, accept);
    if (!reply) continue;
    if ('token' in reply) return { token: reply.token, frames: counter + 1 };
    throw new DeviceError(`${model.name} refused the handshake with code ${reply.refusal.toString(16)}`);
  }
  throw new DeviceError(`${model.name} did not answer the handshake`);
}

/** Runs for six seconds at this strength. */
const motor = (strength: number, index: number) => [(index << 4) | 0x01, 0x00, 0x05, 0x00, 0x3c, 0x00, 0x00, strength];

function motorsFrame(counter: number, strengths: readonly number[], token: readonly number[]): number[] {
  const motors = strengths.flatMap(motor);
  const signed = [TYPE, MOTORS, ...uint16(motors.length + SIGNATURE_LENGTH), ...motors, ...SECRET, ...token];
  const digest = createHash('md5').update(Uint8Array.from(signed)).digest();
  return frame(counter, MOTORS, [...motors, ...digest.subarray(0, SIGNATURE_LENGTH)]);
}

export const honeyplaybox = defineProtocol({
  id: 'honeyplaybox',
  brand: 'Honey Play Box',
  corrections: [
    'Levels are repeated as long as anything is on; the reference goes on repeating that everything is off.',
  ],
  links: [
    bluetooth({
      names: [
        'JXT002',
        'HPB-393-1',
        'HPB-0520',
        'HONEY-835',
        'HPB-399',
        'HPB-398',
        'HPB-437',
        'HPB-296',
        'HPB-297',
        'HPB-376-1',
        'JXT001',
        'HPB-DDT003',
        'HPB-391',
        'HPB-472',
        'HPB-393',
        'HBP-JXT001',
      ],
      services: { ff12: { tx: 'ff03', rx: 'ff02' }, '180f': { rxblebattery: '2a19' } },
    }),
  ],
  models: [
    otherwise('Honey Play Box Device', standard, { id: '1eca1a4f-eeae-4da0-a9b6-a8dd1bc38f74' }),
    model('HPB-0520', 'Honey Play Box Pearl 2', standard, { id: 'da2a5051-be98-4c1b-b8a9-03836fadfd0e' }),
    model('HONEY-835', 'Honey Play Box Lili', standard, { id: '71f44e23-43b9-491b-9e7c-f38437619147' }),
    model('HPB-398', 'Honey Play Box Pleasure Pivot', standard, { id: 'c205e707-9561-4016-97aa-0bde609b0edc' }),
    model('HPB-296', 'Honey Play Box Anello', standard, { id: '0a9c43fb-2d58-4af9-aef2-60f48c6e7707' }),
    model('HBP-JXT001', 'Honey Play Box Puff', standard, { id: '0a9c43fb-2d58-4af9-aef2-60f48c6e7707' }),
    model(
      'JXT002',
      'Honey Play Box Vibrosa',
      twoVibrators(
        'a92be3ba-ac13-41b9-b199-4396c658208e',
        '609f4878-840b-4240-a3d4-08b687527bf6',
        'dff15849-789e-49ee-afdd-73099d606e1c',
      ),
      { id: 'af0ddeec-2e45-41d1-953d-9052dd960ffb' },
    ),
    model(
      'HPB-393',
      'Honey Play Box Oly',
      twoVibrators(
        '7b6fdb3a-578e-4af8-aa5f-fa6b0cc38b46',
        '76647712-0a86-4391-9812-c5a2c4717264',
        '372549a4-2665-4bc8-9aac-f5f993f96208',
      ),
      { id: 'aa161c35-4074-441d-8277-d56cf56f3610' },
    ),
    model(
      'HPB-393-1',
      'Honey Play Box Oly 2',
      twoVibrators(
        '7b6fdb3a-578e-4af8-aa5f-fa6b0cc38b46',
        '76647712-0a86-4391-9812-c5a2c4717264',
        '372549a4-2665-4bc8-9aac-f5f993f96208',
      ),
      { id: 'aa161c35-4074-441d-8277-d56cf56f3610' },
    ),
    model(
      'HPB-399',
      'Honey Play Box Cyrus',
      features(
        vibrate(100, { id: '6c0b2f97-df98-4469-807a-ae55aa46b420' }),
        oscillate(100, { id: '617a7f86-3d2d-45cb-ac63-6bb221ab3758' }),
        battery({ id: 'c963e21c-e25f-4580-9b54-15e7a2e1ba66' }),
      ),
      { id: '7d78a68f-5825-4726-9827-ddaac5a325b2' },
    ),
    model(
      'HPB-437',
      'Honey Play Box Fortexa',
      features(
        vibrate(100, { id: '952c04c1-29ef-40ae-bce2-3ca171245dc2', description: 'Finger-Tapping Motion' }),
        vibrate(100, { id: '4c68b1a3-4a87-41a0-ad83-792cc6ee7664' }),
        battery({ id: '81276f3c-73ec-4395-b192-55b65a91ed2a' }),
      ),
      { id: '4c007d74-ce06-4d33-b69f-aea6f4273ba4' },
    ),
    model(
      'HPB-297',
      'Honey Play Box Temp',
      vibratorAndFinger(
        'c83c1f8e-f187-4280-bea9-0353885c13cc',
        '1f7425be-4fe6-4452-8388-81b81bc9939f',
        '8a81f70c-9086-4ffa-be66-13bd33ad3d18',
      ),
      { id: '75d298b3-2ce2-4e1e-ae8d-856cde59f10f' },
    ),
    model(
      'HPB-376-1',
      'Honey Play Box Joi Thrust 2',
      features(
        rotate(100, { id: '24e11b02-ddb2-44f5-8bf4-0b1bf9a7f574', description: 'Tongue Motion' }),
        oscillate(100, { id: '0a576c3b-6e73-4c46-ae55-8a11e892d8fe' }),
        battery({ id: 'd57d944c-1031-464e-8489-d16e9bb26a93' }),
      ),
      { id: 'a413bfe8-d8a9-49b9-9f31-0c1b96bda69c' },
    ),
    model(
      'JXT001',
      'Honey Play Box Vibrosa Mini',
      twoVibrators(
        'ef04a42e-89a3-4a2b-95c3-545d17d35c37',
        '41cb0fc3-2d4f-47cd-82f4-c5db5d04303c',
        'a6e1a9b9-e4c3-489c-bfc2-52dd79828911',
      ),
      { id: '58253ea4-01b9-4b00-a6cd-b92264f34eb2' },
    ),
    model(
      'HPB-DDT003',
      'Honey Play Box Tressa',
      vibratorAndFinger(
        '0432c17b-c8e6-49d2-b9cf-681f151fe3b2',
        'ee368e93-ec17-46c2-a940-6cf0dca7cb11',
        '25b81d5c-1269-41ea-b893-9aef1751f726',
      ),
      { id: 'f2fb2c01-eb77-4e96-86f1-f3155674aac1' },
    ),
    model(
      'HPB-391',
      'Honey Play Box Trilux',
      vibratorAndFinger(
        'ff5a2649-b36d-443e-8f9c-fa6e4fe52d76',
        'fd880ea6-5841-4e22-9412-b7d98cfd22dc',
        '469140b6-e1ed-4c9b-9a0c-080c24cc0de5',
      ),
      { id: '2a4c4340-a135-4ea6-801e-2fb361beafaf' },
    ),
    model(
      'HPB-472',
      'Honey Play Box Melody',
      twoVibrators(
        '8057dc14-df15-4397-87be-85c593821780',
        'c19bb975-5fca-46cf-8f5b-f4037c42f8de',
        'faefd98f-47b9-4aa8-9455-eba7d80e039d',
      ),
      { id: '0eb9cc33-e2b7-4fd5-8a37-f17e5307f01f' },
    ),
  ],
  async open(context) {
    const { token, frames } = await shakeHands(context);
    const places = motorPlaces(context.model);
    let counter = frames;
    let strengths: readonly number[] = [];
    const next = () => {
      counter = (counter + 1) & 0xff;
      return packet('device', motorsFrame(counter, strengths, token), { withResponse: true });
    };
    const repeat = repetition(context, REPEAT_MS, next);
    return {
      // The last packet once more would have a number that is out of turn.
      keepalive: next,
      output(_order, levels) {
        // A rotation has no direction.
        strengths = places.map(levels.at);
        repeat(strengths.some((strength) => strength > 0));
        return [next()];
      },
    };
  },
});
