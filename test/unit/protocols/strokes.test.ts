import { describe, expect, it } from 'vitest';
import { fredorch } from '../../../plugins/protocols/fredorch.js';
import { kiirooV2 } from '../../../plugins/protocols/kiiroo-v2.js';
import { kiirooV3 } from '../../../plugins/protocols/kiiroo-v3.js';
import { kiirooV21 } from '../../../plugins/protocols/kiiroo-v21.js';
import { kiirooV21Initialized } from '../../../plugins/protocols/kiiroo-v21-initialized.js';
import { serveu } from '../../../plugins/protocols/serveu.js';
import { vorzeSa } from '../../../plugins/protocols/vorze-sa.js';
import { type FakeLink, openProtocol } from '../../support/protocol-harness.js';

const STROKE = 'HwPositionWithDuration';
const answer = (_endpoint: string, data: Uint8Array, link: FakeLink) => link.notify('rx', data);

describe('strokes that are told their speed', () => {
  it.each([
    ['fredorch', fredorch, 'YXlinksSPP', 0],
    ['kiiroo-v2', kiirooV2, 'Launch', 0],
    ['kiiroo-v21', kiirooV21, 'Titan1.1', 1],
    ['kiiroo-v21-initialized', kiirooV21Initialized, 'KEON', 0],
    ['kiiroo-v3', kiirooV3, 'KEON WIFI', 0],
    ['serveu', serveu, 'ServeU', 0],
    ['vorze-sa', vorzeSa, 'VorzePiston', 0],
  ])(
    'of %s go from where the last one went that set out, not from one that was replaced',
    async (_id, definition, name, feature) => {
      const open = () => openProtocol(definition, { name, answer });
      const [driver, fresh] = [await open(), await open()];
      const expected = [fresh.drive(feature, STROKE, 4, 300), fresh.drive(feature, STROKE, 15, 300)];
      expect(driver.order(feature, STROKE, 15, 300)).toHaveLength(1);
      expect(driver.drive(feature, STROKE, 4, 300)).toEqual(expected[0]);
      expect(driver.order(feature, STROKE, 2, 300)).toHaveLength(1);
      expect(driver.drive(feature, STROKE, 15, 300)).toEqual(expected[1]);
      // To where it is by then: no way at all.
      await driver.clock.advance(20_000);
      expect(driver.drive(feature, STROKE, 15, 300)).not.toEqual(expected[1]);
    },
  );
});
