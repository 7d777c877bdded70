import type { Message } from './boot.js';

/** Messages that many tests send. */

/** An OutputCmd of one level. */
export const level = (DeviceIndex: number, FeatureIndex: number, type: string, Value: number): Message => ({
  OutputCmd: { DeviceIndex, FeatureIndex, Command: { [type]: { Value } } },
});

/** An OutputCmd of one timed move. */
export const move = (DeviceIndex: number, FeatureIndex: number, Value: number, Duration: number): Message => ({
  OutputCmd: { DeviceIndex, FeatureIndex, Command: { HwPositionWithDuration: { Value, Duration } } },
});

/** An InputCmd. */
export const input = (DeviceIndex: number, FeatureIndex: number, Type: string, Command: string): Message => ({
  InputCmd: { DeviceIndex, FeatureIndex, Type, Command },
});
