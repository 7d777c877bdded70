import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protocols } from '../../../plugins/protocols/index.js';
import { NotSupportedYet, settingsFrom } from '../../conformance/user-config.js';

const PISTON_AXIS = '7c8d7a1d-9e2f-4a92-83f3-42a0840b90bd';
const pistonWith = (features: readonly object[], user: object = {}, identifier: object = {}) => ({
  user_configs: {
    devices: [
      {
        identifier: { address: 'Here', protocol: 'vorze-sa', identifier: 'VorzePiston', ...identifier },
        config: { features, user_config: { index: 3, allow: false, deny: false, ...user } },
      },
    ],
  },
});

describe("a community's user configuration as device settings (device-hardware §3.3)", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulsegate-config-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function settings(config: object) {
    const path = join(folder, 'config.json');
    await writeFile(path, JSON.stringify(config));
    return settingsFrom(path, protocols);
  }

  it('carries over what a person set', async () => {
    const output = {
      hw_position_with_duration: { value: [10, 90], duration: [0, 500], reverse: true, disabled: false },
    };
    const config = pistonWith([{ base_id: PISTON_AXIS, id: 'its own', output }], {
      display_name: 'Mine',
      message_gap_ms: 40,
      allow: true,
    });
    expect(await settings(config)).toEqual({
      devices: [
        {
          address: 'Here',
          protocol: 'vorze-sa',
          index: 3,
          displayName: 'Mine',
          messageGap: 40,
          allow: true,
          features: {
            0: { HwPositionWithDuration: { range: [10, 90], duration: [0, 500], reversed: true, disabled: false } },
          },
        },
      ],
    });
  });

  it('needs no more than address, protocol and index', async () => {
    const bare = { address: 'Here', protocol: 'vorze-sa', index: 3, features: {} };
    expect(await settings(pistonWith([{ base_id: PISTON_AXIS }]))).toEqual({ devices: [bare] });
    expect(await settings({ user_configs: {} })).toEqual({ devices: [] });
  });

  it.each([
    [
      'names of its own',
      { user_configs: { protocols: { 'tcode-v03': { communication: [] } } } },
      'adds names and models to tcode-v03',
    ],
    ['a protocol that is not there', pistonWith([], {}, { protocol: 'unheard-of' }), 'is about unheard-of'],
    [
      'a feature that is not there',
      pistonWith([{ base_id: 'x', output: { vibrate: { disabled: true } } }]),
      'is about a feature x',
    ],
    [
      'an output that is not there',
      pistonWith([{ base_id: PISTON_AXIS, output: { hover: {} } }]),
      'names an output type hover',
    ],
  ])('says what it is not able to do yet: %s', async (_what, config, sentence) => {
    const refused = expect(settings(config)).rejects;
    await refused.toThrow(NotSupportedYet);
    await expect(settings(config)).rejects.toThrow(sentence);
  });
});
