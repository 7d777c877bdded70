import fc from 'fast-check';
import { LinkError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { decodeOrder, encodeOrder } from '../../../plugins/hardware-remote/order.js';
import type { Dialect, RemoteDevice } from '../../../plugins/hardware-remote/speech/dialect.js';
import { readFailure, readFrame } from '../../../plugins/hardware-remote/speech/frames.js';
import { version3 } from '../../../plugins/hardware-remote/speech/v3.js';
import { version4 } from '../../../plugins/hardware-remote/speech/v4.js';

const LIMITS = { maxDevices: 10 };
const NOTHING: ReadonlyMap<number, RemoteDevice> = new Map();

/** Runs it; whatever is thrown is one of ours. */
function onlyLinkErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(LinkError);
  }
}

/** Nearly right: fields of the protocol with values that may be anything. */
const nearly = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue()), fc.integer()));
const fields = nearly(['Id', 'Devices', 'DeviceIndex', 'DeviceName', 'DeviceFeatures', 'DeviceMessages', 'Reading']);

describe.each<[string, Dialect]>([
  ['4', version4],
  ['3', version3],
])('what a server of version %s says', (_name, dialect) => {
  it('is read or refused, whatever it is', () => {
    const names = fc.constantFrom('DeviceList', 'DeviceAdded', 'DeviceRemoved', dialect.readingName);
    fc.assert(
      fc.property(names, fc.oneof(fc.jsonValue(), fields), (name, body) => {
        onlyLinkErrors(() => dialect.devices(name, body, NOTHING, LIMITS));
        onlyLinkErrors(() => dialect.greeting(body));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('frames', () => {
  it('are read or refused, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) =>
        onlyLinkErrors(() => readFrame(text).map((message) => readFailure(message))),
      ),
      { numRuns: 1000 },
    );
  });
});

describe('orders of version 3', () => {
  const device = (StepCount: number) => {
    const actuator = (ActuatorType: string) => [{ FeatureDescriptor: '', ActuatorType, StepCount }];
    const list = dialectList(actuator);
    const found = version3.devices('DeviceList', list, NOTHING, LIMITS)?.get(0);
    if (!found) throw new Error('no device');
    return found;
  };
  const dialectList = (actuator: (type: string) => object[]) => ({
    Id: 1,
    Devices: [
      {
        DeviceIndex: 0,
        DeviceName: 'Old One',
        DeviceMessages: {
          ScalarCmd: actuator('Vibrate'),
          RotateCmd: actuator('Rotate'),
          LinearCmd: actuator('Position'),
        },
      },
    ],
  });
  const steps = fc.integer({ min: 1, max: 1000 });

  it('mean the same step at the other end, whether that rounds up or to the nearest', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (count, any) => {
        const value = any % (count + 1);
        const { fields } = device(count).output({ featureIndex: 0, type: 'Vibrate', value, duration: 0 });
        const [{ Scalar } = { Scalar: -1 }] = fields.Scalars as { Scalar: number }[];
        expect([Math.ceil(Scalar * count), Math.round(Scalar * count)]).toEqual([value, value]);
      }),
    );
  });

  it('mean the same position at the other end, whether that cuts off or rounds to the nearest', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (count, any) => {
        const value = any % (count + 1);
        const order = { featureIndex: 2, type: 'HwPositionWithDuration', value, duration: 5 } as const;
        const [{ Position } = { Position: -1 }] = device(count).output(order).fields.Vectors as { Position: number }[];
        expect([Math.trunc(Position * count), Math.round(Position * count)]).toEqual([value, value]);
      }),
    );
  });

  it('turn the way they are told', () => {
    fc.assert(
      fc.property(steps, fc.integer(), (count, any) => {
        const value = any % (count + 1);
        const { fields } = device(count).output({ featureIndex: 1, type: 'Rotate', value, duration: 0 });
        const [turn] = fields.Rotations as { Speed: number; Clockwise: boolean }[];
        const sign = turn?.Clockwise ? 1 : -1;
        expect(sign * Math.ceil((turn?.Speed ?? -1) * count) + 0).toBe(value + 0);
      }),
    );
  });
});

describe('packets for remote devices', () => {
  it('say the order they were made of', () => {
    const order = { featureIndex: 3, type: 'HwPositionWithDuration', value: 80, duration: 500 } as const;
    expect(decodeOrder(encodeOrder(order))).toEqual(order);
  });

  it('are an order or refused, whatever somebody writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (data) =>
        onlyLinkErrors(() => decodeOrder(data)),
      ),
    );
  });
});
