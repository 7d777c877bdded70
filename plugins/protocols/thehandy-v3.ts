import {
  ask,
  bluetooth,
  byType,
  type DeviceContext,
  defineProtocol,
  features,
  model,
  otherwise,
  perFeature,
  timedPosition,
  vibrate,
} from 'pulsegate/plugin';
import { bool, embedded, float, uint32 } from './protobuf.js';

const BATTERY_GET = 710;
const CAPABILITIES_GET = 713;
const MOVE_IN_TIME = 744;
const VIBRATE = 900;
const VIBRATE_STOP = 901;

/** One request in its wrapper. */
const request = (id: number, kind: number, ...parameters: readonly (readonly number[])[]) =>
  Uint8Array.from([...uint32(1, 1), ...embedded(2, uint32(2, id), embedded(kind, ...parameters))]);

const ANSWER_MS = 2000;
const FREQUENCY_HZ = 100;

/** Nothing of the answers is needed, and a device that keeps silent or refuses can be driven all the same. */
async function greet(context: DeviceContext): Promise<void> {
  await context.link.subscribe('rx');
  for (const [place, kind] of [BATTERY_GET, CAPABILITIES_GET].entries()) {
    const send = { endpoint: 'tx', data: request(place + 1, kind) };
    const answer = await ask(context, { send, answerOn: 'rx', waitMs: ANSWER_MS }, (data) => data);
    if (!answer) context.log.debug({ request: kind }, 'A greeting was not answered');
  }
}

const standard = features(timedPosition(100, 100_000, { id: 'ccbbda59-cf58-477e-b1b2-e0897c4bb0ce' }));
// Users found the Bluetooth default too slow.
const messageGapMs = 50;

export const thehandyV3 = defineProtocol({
  id: 'thehandy-v3',
  brand: 'The Handy',
  corrections: [
    'A device that does not answer when greeted is driven all the same: the reference engine waits for its answers for ever.',
    'Where a link has to be kept alive, the packet for that is a complete message; the reference engine leaves out the wrapper that the device needs to understand it.',
  ],
  links: [
    bluetooth({
      names: ['OHD_hw0_*', 'OHD_hw1_*', 'OHD_hw2_*', 'OHD_hw3_*', 'OHD_hw4_*'],
      services: {
        '77834d26-40f7-11ee-be56-0242ac120002': {
          tx: '77835032-40f7-11ee-be56-0242ac120002',
          rx: '77835410-40f7-11ee-be56-0242ac120002',
        },
      },
    }),
  ],
  models: [
    otherwise('The Handy (FW4+)', standard, { id: 'ccbbda59-cf58-477e-b1b2-e0897c4bb0ce', messageGapMs }),
    model('hw4', 'The Handy 2 Pro', standard, { id: '156b5088-94f4-4522-a2d3-f1c665755307', messageGapMs }),
    model('hw3', 'The Handy 2 Standard', standard, { id: '21686593-c4b8-4772-bc7b-d8986689f394', messageGapMs }),
    model('hw1', 'The Oh!', features(vibrate(100, { id: 'e63c0735-ac52-4e4d-adf9-d272a46e53ed' })), {
      id: 'b6ea38ac-ce2c-4fa0-a24f-7f0fc6a23951',
      messageGapMs,
    }),
  ],
  // In its wrapper, without which it is no message (facts: protocols/thehandy-v3, doubts).
  keepalive: {
    kind: 'packet',
    write: { endpoint: 'tx', data: request(1, CAPABILITIES_GET), withResponse: true },
  },
  async identify({ advertisement: { name } }) {
    const [, hardware, serial] = name.split('_');
    return hardware !== undefined && serial !== undefined ? hardware : 'unknown';
  },
  async open(context) {
    await greet(context);
    // Only told apart from each other: answers are not looked at.
    let id = 1;
    const next = (kind: number, ...parameters: readonly (readonly number[])[]) => {
      id += 1;
      return request(id, kind, ...parameters);
    };
    const confirmed = { withResponse: true };
    return {
      output: byType({
        HwPositionWithDuration: perFeature(
          ({ value, duration }) => next(MOVE_IN_TIME, float(1, value / 100), uint32(2, duration), bool(3, true)),
          confirmed,
        ),
        Vibrate: perFeature(
          ({ value }) =>
            value === 0 ? next(VIBRATE_STOP) : next(VIBRATE, float(1, value / 100), uint32(2, FREQUENCY_HZ)),
          confirmed,
        ),
      }),
    };
  },
});
