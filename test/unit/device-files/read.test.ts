import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../core/config/issues.js';
import { readDeviceFiles } from '../../../core/device-files/read.js';
import { protocols as builtin } from '../../../plugins/protocols/index.js';

const version = { major: 4, minor: 1 };
const id = (digit: number) => `0000000${digit}-0000-4000-8000-000000000000`;
const vibrator = (digit: number, most = 20) => ({ index: 0, id: id(digit), output: { vibrate: { value: [0, most] } } });
const btle = { btle: { names: ['Toy*'], services: { [id(9).toUpperCase()]: { tx: id(8) } } } };

describe('files of devices', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulsegate-devices-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const write = async (content: unknown) => {
    const path = join(folder, 'file.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
    return path;
  };
  const catalogue = async (protocols: unknown) => {
    const { tables, complaints } = await readDeviceFiles(await write({ version, protocols }), undefined, builtin);
    return { tables: tables.replacement ?? new Map(), complaints: complaints.map((line) => line.replace(folder, '')) };
  };
  const user = async (content: unknown) =>
    readDeviceFiles(undefined, await write({ version, user_configs: content }), builtin);

  it('are tables of links and models: a model without features of its own has those of the defaults', async () => {
    const { tables, complaints } = await catalogue({
      toy: {
        communication: [btle, { serial: { port: 'default', baud_rate: 9600 } }, { xinput: { exists: true } }],
        defaults: { name: 'Toy', id: id(1), protocol_variant: 'plain', message_gap_ms: 20, features: [vibrator(2)] },
        configurations: [
          { identifier: ['Toy A', 'Toy B'], name: 'Toy AB', id: id(3) },
          { identifier: ['Toy B'], name: 'Toy B', id: id(4), features: [vibrator(5, 7)], protocol_variant: 'other' },
        ],
      },
    });
    const own = { index: 0, description: '', inputs: {} };
    const standard = [{ ...own, id: id(2), outputs: { Vibrate: { value: [0, 20] } } }];
    expect(complaints).toEqual([]);
    expect(tables.get('toy')).toEqual({
      links: [
        { kind: 'bluetooth', names: ['Toy*'], services: { [id(9)]: { tx: id(8) } } },
        { kind: 'serial', port: 'default', baudRate: 9600 },
        { kind: 'xinput' },
      ],
      models: [
        { identifiers: [], name: 'Toy', id: id(1), variant: 'plain', messageGapMs: 20, features: standard },
        { identifiers: ['Toy A'], name: 'Toy AB', id: id(3), variant: 'plain', messageGapMs: 20, features: standard },
        {
          identifiers: ['Toy B'],
          name: 'Toy B',
          id: id(4),
          variant: 'other',
          messageGapMs: 20,
          features: [{ ...own, id: id(5), outputs: { Vibrate: { value: [0, 7] } } }],
        },
      ],
    });
  });

  it('lose no more than the entry that does not fit, and say where it stands and why', async () => {
    const feature = (content: object) => ({ identifier: ['X'], name: 'X', features: [{ index: 0, ...content }] });
    const { tables, complaints } = await catalogue({
      toy: {
        communication: [btle, { carrier_pigeon: {} }, { btle: { names: [], services: {} } }],
        defaults: { name: 'Toy', features: [vibrator(1)] },
        configurations: [
          { identifier: ['A'], name: 'A' },
          { identifier: ['B'] },
          { name: 'nameless' },
          feature({ output: { tickle: { value: [0, 1] } } }),
          feature({ output: { vibrate: { value: [5, 1] } } }),
          feature({ output: { hw_position_with_duration: { value: [0, 1] } } }),
          feature({ input: { thoughts: { value: [[0, 1]], command: ['Read'] } } }),
          { identifier: ['Y'], name: 'Y', features: [vibrator(2), vibrator(3)] },
        ],
      },
      other: 'nothing',
    });
    expect([...tables.keys()]).toEqual(['toy']);
    expect(tables.get('toy')?.models.map(({ name }: { name: string }) => name)).toEqual(['Toy', 'A']);
    expect(complaints.map((line) => line.replace(/^\/file\.json:\d+: protocols\./, ''))).toEqual([
      expect.stringMatching(/^toy\.communication\[1\].*; left out$/),
      expect.stringMatching(/^toy\.communication\[2\].*; left out$/),
      expect.stringMatching(/^toy\.configurations\[1\].*; left out$/),
      'toy.configurations[2]: a configuration without an identifier; left out',
      'toy.configurations[3].features: nobody knows an output "tickle"; left out',
      'toy.configurations[4].features: the range of vibrate ends before it begins; left out',
      'toy.configurations[5].features: hw_position_with_duration has no duration; left out',
      'toy.configurations[6].features: nobody knows an input "thoughts"; left out',
      'toy.configurations[7].features: there are two features with index 0; left out',
      expect.stringMatching(/^other: .*; left out$/),
    ]);
  });

  it('are refused as a whole when nothing can be made of them', async () => {
    const refusal = async (content: unknown) => {
      const error = await readDeviceFiles(await write(content), undefined, builtin).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConfigError);
      return String(error).replaceAll(folder, '');
    };
    expect(await refusal('{"version": ')).toMatch(/\/file\.json: found no JSON/);
    expect(await refusal({ version: { major: 3 }, protocols: {} })).toMatch(/\/file\.json:3: version\.major: /);
    expect(await refusal({ version, $schema: 'x' })).toMatch(/file\.json:1:1: protocols is missing$/);
    expect(await refusal([])).toMatch(/file\.json/);
    await expect(readDeviceFiles(join(folder, 'none.json'), undefined, builtin)).rejects.toThrow(/cannot be read/);
    await expect(readDeviceFiles(undefined, join(folder, 'none.json'), builtin)).rejects.toThrow(ConfigError);
    expect(await refusal(' '.repeat(16 * 1024 * 1024 + 1))).toMatch(/more than the/);
  });

  it('never fail in another way, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), fc.jsonValue(), async (protocols, extra) => {
        const content = {
          version,
          protocols: { toy: protocols, lovense: { configurations: [extra], defaults: extra } },
        };
        const { tables } = await readDeviceFiles(await write(content), undefined, builtin);
        expect(tables.replacement).toBeInstanceOf(Map);
        const { devices } = await user({ protocols: { toy: extra }, devices: [extra, protocols] });
        expect(devices).toBeInstanceOf(Array);
      }),
      { numRuns: 60 },
    );
  });

  it('of a person add names, models and settings of single devices', async () => {
    const { tables, devices, complaints } = await user({
      protocols: {
        toy: { communication: [btle], configurations: [{ identifier: ['Mine'], name: 'My toy', id: id(1) }] },
      },
      devices: [
        {
          identifier: { protocol: 'toy', address: 'Here', identifier: 'Mine' },
          config: {
            base_id: id(1).toUpperCase(),
            features: [
              {
                id: id(7),
                base_id: id(2),
                output: { hw_position_with_duration: { value: [10, 90], duration: [0, 500], reverse: true } },
              },
            ],
            user_config: { index: 3, allow: true, display_name: 'Dear', message_gap_ms: 40 },
          },
        },
        { identifier: { protocol: 'toy' } },
      ],
    });
    // Nothing is inherited here: such a model has the features it names.
    expect(tables.additions.get('toy')?.models).toEqual([
      { identifiers: ['Mine'], name: 'My toy', id: id(1), features: [] },
    ]);
    expect(devices).toEqual([
      {
        protocol: 'toy',
        address: 'Here',
        identifier: 'Mine',
        modelId: id(1),
        index: 3,
        allow: true,
        deny: false,
        displayName: 'Dear',
        messageGap: 40,
        features: [
          { id: id(2), limits: { HwPositionWithDuration: { range: [10, 90], duration: [0, 500], reversed: true } } },
        ],
      },
    ]);
    expect(complaints).toEqual([expect.stringMatching(/user_configs\.devices\[1\]/)]);
  });

  it.each([
    [{ base_id: undefined }, ': base_id is missing'],
    [{ base_id: undefined, features: undefined }, ': base_id and features are missing'],
    [{ base_id: 'none' }, '.base_id: found "none", expected text'],
    [{ features: [{ id: id(7) }] }, '.features[0]: base_id is missing'],
    [{ user_config: { index: -3, allow: true, deny: false } }, '.user_config.index: found -3, expected a whole number'],
  ])('say of a device with %j what is wrong, and nothing of keys that do no harm', async (wrong, sentence) => {
    const config = { id: id(3), base_id: id(1), name: 'Toy', features: [], user_config: { index: 0 }, ...wrong };
    const { complaints } = await user({ devices: [{ identifier: { protocol: 'toy', address: 'Here' }, config }] });
    expect(complaints).toEqual([expect.stringContaining(`user_configs.devices[0].config${sentence}`)]);
  });
});
