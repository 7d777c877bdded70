import type { Sensor } from '../actuators.js';
import type { Range } from '../model.js';

/**
 * v3's schema wants sensor data in 0…255. A wider range (pressure) is announced as 0…255 and scaled to it; a narrower one is
 * passed on as it is.
 */
export function sensorRange(sensor: Sensor): Range {
  const [low, high] = sensor.range;
  return low >= 0 && high <= 255 ? sensor.range : [0, 255];
}

export function sensorData(sensor: Sensor, value: number): number[] {
  const [low, high] = sensor.range;
  const clamped = Math.min(Math.max(value, low), high);
  if (low >= 0 && high <= 255) return [clamped];
  // A range of a single value has no width to divide by.
  return [Math.round(((clamped - low) / Math.max(high - low, 1)) * 255)];
}
