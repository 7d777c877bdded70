import {
  type Bytes,
  battery,
  bluetooth,
  byType,
  type Clock,
  type DeviceContext,
  DeviceError,
  defineProtocol,
  type FeatureDefinition,
  features,
  model,
  otherwise,
  type ProtocolHandler,
  packet,
  perFeature,
  timedPosition,
  vibrate,
} from 'pulsegate/plugin';
import { type Stroke, type Stroker, strokesBySpeed } from './strokes.js';

const TOP_POSITION = 99;

/**
 * The speed byte of a stroke. Limited to 99, the fastest the devices know: they ignore packets beyond it (facts:
 * protocols/kiiroo-v2, doubts).
 */
function strokeSpeed(distance: number, durationMs: number): number {
  const share = Math.min(distance / TOP_POSITION, 1);
  if (share === 0) return 0;
  const speed = 250 * ((durationMs * 90) / (share * 100)) ** -1.05;
  return Math.min(Math.trunc(speed * TOP_POSITION), 99);
}

/** How long a stroke takes at a speed, ms; nobody has told what speed 0 does, and it is taken for the slowest. */
const strokeMs = (speed: number, distance: number) =>
  ((Math.max(speed, 1) / TOP_POSITION / 250) ** -0.95 * (distance / TOP_POSITION) * 100) / 90;

/** A packet for each stroke of one device. */
export function strokes(clock: Clock, encode: (stroke: Stroke) => Bytes, { isHomed = false } = {}): Stroker {
  return strokesBySpeed(clock, { codeFor: strokeSpeed, durationAt: strokeMs, isHomed }, (stroke, { feature }) =>
    packet(feature.index, encode(stroke)),
  );
}

export function strokesAndVibration(clock: Clock, options?: { readonly isHomed: boolean }): ProtocolHandler {
  const stroker = strokes(clock, ({ place, code }) => [0x03, 0x00, code, place], options);
  return {
    ...stroker,
    output: byType({
      Vibrate: perFeature(({ value }) => [0x01, value]),
      HwPositionWithDuration: stroker.output,
    }),
  };
}

export function openKiirooV21({ link, clock }: DeviceContext): ProtocolHandler {
  return {
    ...strokesAndVibration(clock),
    async read({ type }) {
      if (type !== 'Battery') throw new DeviceError(`${link.name} is not able to tell its ${type}`);
      if (!link.endpoints.has('whitelist'))
        throw new DeviceError(`${link.name} has no status to read the battery from`);
      const status = await link.read('whitelist');
      const percent = status[5];
      if (status.length !== 20 || percent === undefined) {
        throw new DeviceError(`${link.name} answered the battery query with ${status.length} bytes instead of 20`);
      }
      return percent;
    },
  };
}

const vibrator = (featureId: string): FeatureDefinition[] => features(vibrate(100, { id: featureId }));

export const kiirooV21 = defineProtocol({
  id: 'kiiroo-v21',
  brand: 'Kiiroo',
  links: [
    bluetooth({
      names: [
        'Titan1.1',
        'Cliona',
        'Pearl2.1',
        'Pearl2+',
        'Pearl 2+',
        'Pearl3',
        'Pearl 3',
        'OhMiBod 4.0',
        'OhMiBod LUMEN',
        'OhMiBod NEX2',
        'OhMiBod NEX3',
        'OhMiBod ESCA',
        'OhMiBod Foxy',
        'OhMiBod Chill Panty Vibe',
        'OhMiBod Sphinx',
        'Pulse Interactive',
        'Fuse1.1',
      ],
      services: {
        '1900': { whitelist: '1901', tx: '1902', rx: '1903' },
        'a0d70001-4c16-4ba7-977a-d394920e13a3': {
          tx: 'a0d70002-4c16-4ba7-977a-d394920e13a3',
          rx: 'a0d70003-4c16-4ba7-977a-d394920e13a3',
        },
      },
    }),
  ],
  models: [
    otherwise('Kiiroo V2.1 Device', [], { id: '189a4912-3c5b-4a0d-ab8b-d44ab6c97f0b' }),
    model(
      'Pearl2.1',
      'Kiiroo Pearl 2.1',
      features(
        vibrate(100, { id: 'ba4166e4-fba3-4eb9-90a2-5b281bb02f1e' }),
        battery({ description: 'battery Level', id: '61cf5ea0-f9d0-48f0-a337-f905fb89c2c3' }),
      ),
      { id: '1e922dde-c4f7-4ca9-96dd-d565135a184f' },
    ),
    model('Cliona', 'Kiiroo Cliona', vibrator('222c4e24-d5ee-48c3-bc9d-d3f86d666c2c'), {
      id: '232eab7f-e237-4683-a07f-e05e04b46360',
    }),
    model(['OhMiBod 4.0', 'OhMiBod ESCA'], 'OhMiBod Esca 2', vibrator('75940e97-626d-4016-87eb-2777c29aaec6'), {
      id: '8d19c7db-4547-4a8d-b4e4-c8bd2379bcd0',
    }),
    model(
      'Titan1.1',
      'Kiiroo Titan 1.1',
      features(
        vibrate(100, { id: 'a5a42b68-553c-4ba4-b68d-322c49d405bc' }),
        timedPosition(TOP_POSITION, 100_000, { id: 'b77ed4d9-9350-4868-8cb3-a6c48112f8b2' }),
      ),
      { id: '410c22ed-e0f8-4911-8e56-7f23b4e71bcc' },
    ),
    model('OhMiBod LUMEN', 'OhMiBod Lumen', vibrator('7d824538-bc5c-47d9-8d4d-8a503bf35284'), {
      id: '69ae3f47-bb0f-4761-a641-3fc68c7de630',
    }),
    model('OhMiBod NEX2', 'OhMiBod NEX|2', vibrator('ba1e86b4-9c6e-42d8-bff5-ac28628b3092'), {
      id: '73fb1747-2056-403b-a6fb-56c521886a93',
    }),
    model('OhMiBod NEX3', 'OhMiBod NEX|3', vibrator('9172bb5c-bbdc-4b56-a315-cb6b08bcb278'), {
      id: '00784de1-fb46-4c86-973e-dd12f01e9827',
    }),
    model(
      'Pulse Interactive',
      'Hot Octopuss Pulse Solo Interactive',
      features(vibrate(6, { id: 'b369b6d0-5d5d-40cd-bf7f-3cb7641e1ce7' })),
      { id: 'e44fdd29-b3a0-4d37-b9af-e732f7934a13' },
    ),
    model('Fuse1.1', 'OhMiBod Fuse 1.1', vibrator('0e0820e3-aeec-4df2-ae2a-b4bf82b9a823'), {
      id: 'd6675d9e-9ddb-41dc-a0e4-0b0d54fd29cb',
    }),
    model('OhMiBod Foxy', 'OhMiBod Foxy', vibrator('187e471d-3815-4dab-85bc-e81969f26d40'), {
      id: 'bdcf6cd9-cc98-46c3-97eb-78b70b2a00a4',
    }),
    model('OhMiBod Chill Panty Vibe', 'OhMiBod Chill', vibrator('75ed3cd9-8d21-4567-9816-71f7925dcce4'), {
      id: '50d6c107-7ddf-4adc-9de6-f9fd1e08cdcf',
    }),
    model('OhMiBod Sphinx', 'OhMiBod Sphinx', vibrator('6a78e124-8314-40ec-bcc4-45f10341eaf7'), {
      id: '15a13fb0-d287-4262-bf7a-26ae019d997b',
    }),
    model(['Pearl2+', 'Pearl 2+'], 'Kiiroo Pearl 2+', vibrator('69d4719c-2342-4d80-a8bc-70f5008b1628'), {
      id: '5ef95603-09d0-4d44-9714-a7100b319371',
    }),
    model(['Pearl3', 'Pearl 3'], 'Kiiroo Pearl 3', vibrator('b3b2cea4-5987-413f-b611-aa068c76c04c'), {
      id: '8fb6578e-bbbc-42d7-9c2e-7c813bd89f29',
    }),
  ],
  open: openKiirooV21,
});
