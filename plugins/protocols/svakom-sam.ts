import {
  bluetooth,
  byType,
  constrict,
  type DeviceContext,
  defineProtocol,
  features,
  otherwise,
  perFeature,
  vibrate,
} from 'pulsegate/plugin';

/** What the vibrator is to do, in its packet before the level. */
interface Modes {
  readonly running: number;
  readonly off: number;
}
const NEWER: Modes = { running: 0x04, off: 0x00 };
const OLDER: Modes = { running: 0x05, off: 0x05 };

/** The generations look alike from outside; the newer ones have characteristics that the older ones lack. */
function modesOf({ link, log, model }: DeviceContext): Modes {
  if (link.endpoints.has('txmode')) return NEWER;
  if (!link.endpoints.has('firmware')) return OLDER;
  log.warn(`This ${model.name} vibrates at one speed only`);
  return NEWER;
}

export const svakomSam = defineProtocol({
  id: 'svakom-sam',
  brand: 'Svakom',
  links: [
    bluetooth({
      names: ['Sam Neo'],
      services: { ae00: { tx: 'ae01', rx: 'ae02', txmode: 'ae10' }, ffac: { firmware: 'ffb4' } },
    }),
  ],
  models: [
    otherwise(
      'Svakom Sam Neo',
      features(
        vibrate(10, { id: '260f221c-b861-4ee2-bd0f-17a0dd9a14ba' }),
        constrict(1, { id: 'cfdf5760-bce0-465c-a2c6-60c86fdd3c95' }),
      ),
      { id: 'd5fac59d-8e57-43a6-bcc9-61d06f6b8587' },
    ),
  ],
  async open(context) {
    const { running, off } = modesOf(context);
    await context.link.subscribe('rx');
    return {
      output: byType({
        Vibrate: perFeature(({ value }) => [0x12, 0x01, 0x03, 0x00, value > 0 ? running : off, value]),
        Constrict: perFeature(({ value }) => [0x12, 0x06, 0x01, value]),
      }),
    };
  },
});
