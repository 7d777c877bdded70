import { bluetooth, defineProtocol, features, model, motorPlaces, otherwise, packet, vibrate } from 'pulsegate/plugin';

const ALL = 0;
const FIRST = 1;
const SECOND = 2;

const oneMotor = (featureId: string) => features(vibrate(127, { id: featureId }));
const twoMotors = features(
  vibrate(127, { id: '716bdae7-2075-4e8a-a2cb-d37b6fc35a5b' }),
  vibrate(127, { id: 'ce0315b0-9918-4769-af8e-6ec6258d0e1a' }),
);

/** In the slot of its motor; the packet for all motors stands in both. */
const speed = (motor: number, value: number) =>
  packet(motor === SECOND ? 1 : 0, [0xf3, motor, value], {
    withResponse: true,
    ...(motor === ALL && { alsoSlots: [1] }),
  });

export const lovehoneyDesire = defineProtocol({
  id: 'lovehoney-desire',
  brand: 'Lovehoney',
  links: [bluetooth({ names: ['PROSTATE VIBE', 'KNICKER VIBE', 'LOVE EGG'], services: { ff00: { tx: 'ff01' } } })],
  models: [
    otherwise('Lovehoney Device', twoMotors, { id: 'fabcaab7-a38b-4c24-bf36-2ca4905a1e49' }),
    model('PROSTATE VIBE', 'Lovehoney Desire Prostate Vibrator', twoMotors, {
      id: 'd7aa359d-a9f0-40b1-8e20-b55e8ef809c0',
    }),
    model('KNICKER VIBE', 'Lovehoney Desire Knicker Vibrator', oneMotor('5e192f37-2beb-4e21-b182-ff113642f465'), {
      id: '439c5fe2-3e8d-4917-bcd7-8f24824d854b',
    }),
    model('LOVE EGG', 'Lovehoney Desire Love Egg', oneMotor('980c9d39-e0bc-45d9-8d41-3e95af348d6c'), {
      id: '00d4e759-900d-4c37-b6a3-ce446bb8f590',
    }),
  ],
  open({ model }) {
    const hasSecond = motorPlaces(model).length > 1;
    return {
      output(_order, levels) {
        const [first, second] = [levels.at(0), levels.at(1)];
        if (!hasSecond || first === second) return [speed(ALL, first)];
        return [speed(FIRST, first), speed(SECOND, second)];
      },
    };
  },
});
