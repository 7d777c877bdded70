import { DeviceError } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import { builtinCatalogue } from '../../support/simulation.js';
import { type RangedOutput, SlowDevice } from '../../support/slow-device.js';

const catalogue = await builtinCatalogue();
const table = protocols
  .filter(({ status }) => status !== 'recognised')
  .map((definition) => [definition.id, definition] as const);

const beyond = ({ value: [least, most] }: RangedOutput) => [
  least - 1,
  most + 1,
  2 * most + 1,
  -1e9,
  1e9,
  least + 0.5,
  most - 0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

describe.each(table)('every output of %s', (_id, definition) => {
  it('refuses what is no step of its range, and sends nothing for it', async () => {
    for (const model of definition.models) {
      const slow = await SlowDevice.open(catalogue, definition, model, { latency: 0, messageGap: 0 });
      // Some models are for devices whose names nobody knows.
      if (!slow) continue;
      const { clock, device } = slow;
      await clock.advance(1000);
      const about = JSON.stringify(device.outputs);
      const { made } = slow;
      for (const output of slow.outputs) {
        for (const value of beyond(output)) {
          expect(() => slow.order(output, value, 100), `${model.name} ${output.type} ${value}`).toThrow(DeviceError);
        }
        if (output.value[0] === 0) expect(() => slow.order(output, -output.value[1], 100)).toThrow(DeviceError);
      }
      await clock.advance(1000);
      expect(slow.made).toBe(made);
      expect(JSON.stringify(device.outputs)).toBe(about);
      device.close('the test has ended');
    }
  });
});
