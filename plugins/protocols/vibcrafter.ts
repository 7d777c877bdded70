import { createHash, randomInt } from 'node:crypto';
import {
  aes128,
  ascii,
  ask,
  bluetooth,
  type DeviceContext,
  DeviceError,
  defineProtocol,
  features,
  model,
  otherwise,
  readText,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

const CIPHER = aes128('jdk#Cra%f5Vib28r');
/** How long a device may think about each step of the handshake, ms. */
const ANSWER_MS = 3000;
/** A device that goes on asking after so many answers will never be content. */
const MOST_STEPS = 5;

const encrypted = (text: string) => CIPHER.encrypt(ascii(text));

function decrypted(data: Uint8Array): string | undefined {
  const plain = CIPHER.decrypt(data);
  return plain && readText(plain);
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const randomWord = (length: number) => Array.from({ length }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');

const CHALLENGE = /^[A-Za-z0-9]{4}:([A-Za-z0-9]+);$/;
/** Four hexadecimal digits: proof that somebody knows how. */
const proof = (challenge: string) => createHash('sha256').update(challenge).digest('hex').slice(0, 4);

async function shakeHands(context: DeviceContext): Promise<void> {
  const { link, model } = context;
  await link.subscribe('rx');
  let word = randomWord(6);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const send = { endpoint: 'tx', data: encrypted(`Auth:${word};`) };
    const answer = await ask(context, { send, answerOn: 'rx', waitMs: ANSWER_MS }, (data) => data);
    if (!answer) throw new DeviceError(`${model.name} did not answer the handshake within ${ANSWER_MS} ms`);
    const text = decrypted(answer);
    if (text === 'OK;') return;
    const challenge = CHALLENGE.exec(text ?? '')?.[1];
    if (challenge === undefined) throw new DeviceError(`${model.name} refused the handshake`);
    word = proof(challenge);
  }
  throw new DeviceError(`${model.name} refused the handshake: it goes on asking`);
}

const twoDigits = (level: number) => String(level).padStart(2, '0');

const standard = features(
  vibrate(99, { id: '343a8e18-b76c-4482-b048-32d762bf87c9' }),
  vibrate(99, { id: 'd92a031e-bd0d-4815-a0bd-6c59566dcce2' }),
);

export const vibcrafter = defineProtocol({
  id: 'vibcrafter',
  brand: 'VibCrafter',
  corrections: [
    'Every packet carries both motors, so of those that wait only the newest is sent: an older one could bring back a motor just stopped.',
    'The handshake has a time limit: the reference engine waits for ever.',
  ],
  links: [
    bluetooth({
      names: ['be gentle', 'Janna', 'Hayden', 'Nidalee'],
      services: {
        '53300051-0060-4bd4-bbe5-a6920e4c5663': {
          tx: '53300052-0060-4bd4-bbe5-a6920e4c5663',
          rx: '53300053-0060-4bd4-bbe5-a6920e4c5663',
        },
      },
    }),
  ],
  models: [
    otherwise('VibCrafter Device', standard, { id: 'a44eef0e-b412-44d0-9545-a4b7b0298514' }),
    model('be gentle', 'VibCrafter Harlow', standard, { id: '687972b8-e52d-4ce8-8b16-b6d24585915b' }),
    model('Hayden', 'VibCrafter Hayden', standard, { id: '4006a4fd-2a7a-417e-b64a-66f43ba28b9e' }),
    model('Nidalee', 'VibCrafter Nidalee', standard, { id: '3e1e3e00-771b-4657-8450-6e314eed24b3' }),
    model('Janna', 'VibCrafter Janna', features(vibrate(99, { id: '51e20287-006c-4dc9-941a-346b8f960715' })), {
      id: 'cb0756c3-111c-463b-a575-edc9204af528',
    }),
  ],
  async open(context) {
    await shakeHands(context);
    // The packet is the whole toy's: in slots of their own, one that still waits could bring back a motor just stopped.
    return {
      output: wholeDevice((level) => encrypted(`MtInt:${twoDigits(level(0))}${twoDigits(level(1))};`)),
    };
  },
});
