import { battery, bluetooth, defineProtocol, features, otherwise, pressure, unsupported } from 'pulsegate/plugin';

interface Subscription {
  readonly report: (value: number) => void;
  last?: number;
}

/** Where each feature's reading (16 bits, big endian) is in a notification. */
const READING_AT: ReadonlyMap<number, number> = new Map([
  [0, 3],
  [1, 5],
]);

export const kgoalBoost = defineProtocol({
  id: 'kgoal-boost',
  brand: 'kGoal',
  links: [
    bluetooth({
      names: ['Boost'],
      services: {
        '180f': { rxblebattery: '2a19' },
        '8e7c6065-7656-17ad-1b41-b53d1a548e0d': { rxpressure: '10c2be2d-d2d5-b7a8-5f42-e2468c9ebbf5' },
      },
    }),
  ],
  models: [
    otherwise(
      'KGoal Boost',
      features(
        pressure([0, 2000], { description: 'Pressure (Normalized)', id: 'a5998ca1-c33e-4739-8203-0d6050b215bf' }),
        pressure([0, 2000], { description: 'Pressure (Raw)', id: 'da5ae965-a607-467a-bb62-c09d8e438205' }),
        battery({ id: '59d2de82-3acf-4316-982f-c2b570afd297' }),
      ),
      { id: '1835b668-d778-4552-b75a-95053e06cd5c' },
    ),
  ],
  open({ link, log }) {
    const subscriptions = new Map<number, Subscription>();
    // One listener for the whole connection, so that no reading is doubled and none is lost (facts: protocols/kgoal-boost,
    // doubts).
    const listener = link.on('notification', (endpoint, data) => {
      if (endpoint !== 'rxpressure') return;
      if (data.length < 7) {
        log.debug({ bytes: data.length }, 'A pressure reading was too short');
        return;
      }
      const readings = new DataView(data.buffer, data.byteOffset, data.byteLength);
      for (const [index, subscription] of subscriptions) {
        const value = readings.getUint16(READING_AT.get(index) ?? 3);
        if (value === subscription.last) continue;
        subscription.last = value;
        subscription.report(value);
      }
    });
    return {
      output: unsupported,
      async subscribe({ feature }, report) {
        if (subscriptions.size === 0) await link.subscribe('rxpressure');
        subscriptions.set(feature.index, { report });
      },
      async unsubscribe({ feature }) {
        const known = subscriptions.delete(feature.index);
        if (known && subscriptions.size === 0) await link.unsubscribe('rxpressure');
      },
      close: () => listener[Symbol.dispose](),
    };
  },
});
