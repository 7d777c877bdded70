import { combined, features, perFeature, position, timedPosition, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';

describe('packets of features', () => {
  const [stroker] = features(combined(vibrate(10), position(100), timedPosition(100, 1000)));
  const [vibrator] = features(vibrate(10));
  const levels = { get: () => 0, at: () => 0, of: () => 0 };
  const slot = (feature: typeof stroker, type: 'Vibrate' | 'Position' | 'HwPositionWithDuration') => {
    if (!feature) throw new Error('There is no feature');
    return perFeature(() => [0])({ feature, type, value: 0, duration: 0 }, levels).map((write) => write.slot);
  };

  it('take the place of each other, and so do moves of both kinds', () => {
    expect(slot(vibrator, 'Vibrate')).toEqual([0]);
    expect(slot(stroker, 'Position')).toEqual(slot(stroker, 'HwPositionWithDuration'));
  });

  it('leave the stop of a motor in its place when the same feature is moved', () => {
    expect(slot(stroker, 'Vibrate')).not.toEqual(slot(stroker, 'Position'));
  });
});
