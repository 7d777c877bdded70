import {
  battery,
  bluetooth,
  button,
  byType,
  constrict,
  type DeviceOutput,
  defineProtocol,
  type FeaturePart,
  features,
  led,
  model,
  oscillate,
  perFeature,
  position,
  pressure,
  rotateBothWays,
  rssi,
  spray,
  timedPosition,
  vibrate,
} from 'pulsegate/plugin';

/**
 * A device that exists only as a definition and in simulation: one feature for everything the Buttplug protocol knows, so that
 * app developers and tests can try it all. Its packets are as plain as packets get; numbers are big endian.
 *
 * | Packet (endpoint)  | Bytes                                                     | Meaning                             |
 * | ------------------ | --------------------------------------------------------- | ----------------------------------- |
 * | Set (tx)           | `01`, feature, level (16 bits, signed)                    | the output has this level now       |
 * | Move (tx)          | `02`, feature, target (16 bits, signed), time (16 bits)   | reach the target in this many ms    |
 * | Reading (rx)       | `03`, feature, value (16 bits)                            | a sensor changed                    |
 */
const Opcode = { Set: 0x01, Move: 0x02, Reading: 0x03 } as const;

const bigEndian = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const set = ({ feature, value }: DeviceOutput) => [Opcode.Set, feature.index, ...bigEndian(value)];
const move = ({ feature, value, duration }: DeviceOutput) => [
  Opcode.Move,
  feature.index,
  ...bigEndian(value),
  ...bigEndian(Math.min(duration, 0xffff)),
];

const heaterAndCooler: FeaturePart = {
  description: 'Temperature, below 0 cools',
  outputs: { Temperature: { value: [-10, 10] } },
  inputs: {},
};

export const pulsegateTestbed = defineProtocol({
  id: 'pulsegate-testbed',
  brand: 'Pulsegate',
  links: [
    bluetooth({
      names: ['Pulsegate Testbed'],
      services: {
        '70a15e6a-7e00-4e57-9d0a-5b1c8f2d0001': {
          tx: '70a15e6a-7e00-4e57-9d0a-5b1c8f2d0002',
          rx: '70a15e6a-7e00-4e57-9d0a-5b1c8f2d0003',
        },
        '180f': { rxblebattery: '2a19' },
      },
    }),
  ],
  models: [
    model(
      'Pulsegate Testbed',
      'Pulsegate Testbed',
      features(
        vibrate(20, { description: 'Vibrator' }),
        rotateBothWays(20, { description: 'Rotator' }),
        oscillate(20, { description: 'Oscillator' }),
        constrict(5, { description: 'Air Pump' }),
        heaterAndCooler,
        led(100, { description: 'Light' }),
        spray(1, { description: 'Sprayer' }),
        position(100, { description: 'Positioner' }),
        timedPosition(100, 10_000, { description: 'Stroker' }),
        battery(),
        rssi({ description: 'Signal Strength' }),
        pressure([0, 1000], { description: 'Squeeze Sensor' }),
        button({ description: 'Button' }),
      ),
    ),
  ],
  open({ link }) {
    const subscribers = new Map<number, (value: number) => void>();
    const listener = link.on('notification', (endpoint, data) => {
      const [opcode, index, high, low] = data;
      if (endpoint !== 'rx' || opcode !== Opcode.Reading || index === undefined) return;
      if (high !== undefined && low !== undefined) subscribers.get(index)?.((high << 8) | low);
    });
    const level = perFeature(set);
    return {
      output: byType({
        Vibrate: level,
        Rotate: level,
        Oscillate: level,
        Constrict: level,
        Temperature: level,
        Led: level,
        Spray: level,
        Position: level,
        HwPositionWithDuration: perFeature(move),
      }),
      async subscribe({ feature }, report) {
        if (subscribers.size === 0) await link.subscribe('rx');
        subscribers.set(feature.index, report);
      },
      async unsubscribe({ feature }) {
        const known = subscribers.delete(feature.index);
        if (known && subscribers.size === 0) await link.unsubscribe('rx');
      },
      close: () => listener[Symbol.dispose](),
    };
  },
});
