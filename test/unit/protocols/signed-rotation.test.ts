import { DeviceError, features, model, rotateBothWays, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { aneros } from '../../../plugins/protocols/aneros.js';
import { protocols } from '../../../plugins/protocols/index.js';
import { openProtocol } from '../../support/protocol-harness.js';
import { toyOf } from '../../support/toy-of-model.js';

/** Tables from files may have a rotation turn both ways that the built-in ones have turn one way. */

describe('a rotation whose range begins below 0', () => {
  const rotating = protocols
    .filter(({ status }) => status !== 'recognised')
    .flatMap((definition) =>
      definition.models.flatMap((model) =>
        model.features
          .filter(({ outputs }) => outputs.Rotate)
          .map(
            (feature) =>
              [`${definition.id}: ${model.name}, feature ${feature.index}`, definition, model, feature] as const,
          ),
      ),
    );

  it.each(rotating)('runs as fast one way as the other: %s', async (_name, definition, model, feature) => {
    const high = feature.outputs.Rotate?.value[1] ?? 0;
    const signed = { ...feature, outputs: { ...feature.outputs, Rotate: { value: [-high, high] as const } } };
    const features = model.features.map((each) => (each === feature ? signed : each));
    const { driver, toy } = await toyOf(definition, model, features);
    const turnsBothWays = (feature.outputs.Rotate?.value[0] ?? 0) < 0;
    const speed = () => toy.level(feature.index, 'Rotate');
    for (const level of new Set([high, Math.ceil(high / 2), 1])) {
      driver.drive(feature.index, 'Rotate', -level);
      // Some protocols have the other direction for any rotation; a motor that has none runs all the same.
      expect.soft(turnsBothWays ? [-level] : [-level, level], `${-level}`).toContain(speed());
      driver.drive(feature.index, 'Rotate', 0);
      expect.soft(Math.abs(speed()), 'stopped').toBe(0);
      driver.drive(feature.index, 'Rotate', level);
      expect.soft(speed(), `${level}`).toBe(level);
      driver.drive(feature.index, 'Rotate', 0);
      expect.soft(Math.abs(speed()), 'stopped').toBe(0);
    }
    driver.close();
  });
});

describe('a level that a protocol has no byte for', () => {
  it('is refused, and 0 is not', async () => {
    const wide = model('wide', 'Wide', features(rotateBothWays(127), vibrate(1000)));
    const driver = await openProtocol({ ...aneros, models: [wide] }, { name: 'wide' });
    expect(driver.drive(0, 'Rotate', 127)).toEqual(['f1 7f']);
    expect(() => driver.order(0, 'Rotate', -1)).toThrow(DeviceError);
    expect(driver.drive(1, 'Vibrate', 255)).toEqual(['f2 ff']);
    expect(() => driver.order(1, 'Vibrate', 256)).toThrow(DeviceError);
    expect(driver.stop()).toEqual(['f1 00', 'f2 00']);
  });
});
