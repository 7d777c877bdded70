import {
  bluetooth,
  defineProtocol,
  describeError,
  features,
  otherwise,
  type Timer,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

/** How often a level other than 0 is sent again, ms. */
const REFRESH_MS = 300;
const CONFIRMED = { withResponse: true };

export const xuanhuan = defineProtocol({
  id: 'xuanhuan',
  brand: 'Xuanhuan',
  links: [bluetooth({ names: ['QUXIN'], services: { fffe: { tx: 'fe02' } } })],
  models: [
    otherwise('Xuanhuan Masturbator', features(vibrate(10, { id: 'b52a4a37-3eae-40da-a4c2-abe546934900' })), {
      id: '60b567f2-8b50-4673-a295-6dda343a7029',
    }),
  ],
  open({ link, clock, log, signal }) {
    let refreshing: Timer | undefined;
    const rest = () => refreshing?.cancel();
    signal.addEventListener('abort', rest, { once: true });

    async function refresh(data: Uint8Array): Promise<void> {
      try {
        await link.write('tx', data, CONFIRMED);
      } catch (error) {
        rest();
        log.debug({ reason: describeError(error) }, 'The level is no longer refreshed');
      }
    }

    return {
      output: wholeDevice(([speed = 0]) => {
        const data = Uint8Array.of(0x03, 0x02, 0x00, speed);
        rest();
        if (speed > 0) refreshing = clock.every(REFRESH_MS, () => void refresh(data));
        return data;
      }, CONFIRMED),
    };
  },
});
