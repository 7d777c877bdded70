import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDeviceFiles } from '../../../core/device-files/read.js';
import { INPUT_TYPES, OUTPUT_TYPES } from '../../../core/protocol/model.js';
import { protocols as builtin } from '../../../plugins/protocols/index.js';
import { openProtocol } from '../../support/protocol-harness.js';

const version = { major: 4 };
const snakeCase = (type: string) => type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
const output = (type: string, most = 9) => ({
  [snakeCase(type)]: { value: [0, most], ...(type === 'HwPositionWithDuration' && { duration: [0, 1000] }) },
});
const input = (type: string) => ({ [snakeCase(type)]: { value: [[0, 100]], command: ['Read'] } });
const everyOutput = Object.assign({}, ...OUTPUT_TYPES.map((type) => output(type)));
const everyInput = Object.assign({}, ...INPUT_TYPES.map(input));

describe('models of files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulsegate-types-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const file = async (content: object) => {
    const path = join(folder, 'file.json');
    await writeFile(path, JSON.stringify({ version, ...content }, null, 1));
    return path;
  };
  const inCatalogue = async (protocols: object) => {
    const { tables, complaints } = await readDeviceFiles(await file({ protocols }), undefined, builtin);
    return { tables: tables.replacement, complaints };
  };
  const inUserConfig = async (protocols: object) => {
    const { tables, complaints } = await readDeviceFiles(
      undefined,
      await file({ user_configs: { protocols } }),
      builtin,
    );
    return { tables: tables.additions, complaints };
  };
  const leten = {
    leten: {
      configurations: [
        {
          identifier: ['X'],
          name: 'X',
          features: [
            { index: 0, output: { ...output('Vibrate'), ...output('Oscillate') }, input: input('Battery') },
            { index: 3, output: output('Rotate'), input: { ...input('Button'), ...input('RSSI') } },
          ],
        },
      ],
    },
  };

  it.each([
    ['devices.catalogue', inCatalogue, 'protocols'],
    ['devices.userConfig', inUserConfig, 'user_configs\\.protocols'],
  ])(
    'lose what the handler of their protocol does not know, each with its place, and nothing else: %s',
    async (_key, read, top) => {
      const { tables, complaints } = await read(leten);
      const [model] = tables?.get('leten')?.models ?? [];
      expect(model?.features).toMatchObject([
        { index: 0, outputs: { Vibrate: { value: [0, 9] } }, inputs: { Battery: { commands: ['Read'] } } },
        { index: 3, outputs: {}, inputs: { RSSI: { commands: ['Read'] } } },
      ]);
      expect(model?.features.map(({ outputs, inputs }) => Object.keys({ ...outputs, ...inputs }))).toEqual([
        ['Vibrate', 'Battery'],
        ['RSSI'],
      ]);
      const line = (place: string, type: string) =>
        expect.stringMatching(
          new RegExp(
            `file\\.json:\\d+: ${top}\\.leten\\.configurations\\[0\\]\\.features${place}: .*no device .*${type}; left out$`,
          ),
        );
      expect(complaints).toEqual([
        line('\\[0\\]\\.output\\.oscillate', 'Oscillate'),
        line('\\[1\\]\\.output\\.rotate', 'Rotate'),
        line('\\[1\\]\\.input\\.button', 'Button'),
      ]);
    },
  );

  it('inherit the rest of the defaults, which are told of once', async () => {
    const { tables, complaints } = await inCatalogue({
      leten: {
        defaults: { name: 'D', features: [{ index: 0, output: { ...output('Vibrate'), ...output('Spray') } }] },
        configurations: [{ identifier: ['X'], name: 'X' }],
      },
    });
    const models = tables?.get('leten')?.models ?? [];
    expect(models.map(({ features }) => features.map(({ outputs }) => Object.keys(outputs)))).toEqual([
      [['Vibrate']],
      [['Vibrate']],
    ]);
    expect(complaints).toEqual([expect.stringMatching(/leten\.defaults\.features\[0\]\.output\.spray: /)]);
  });

  it('have whatever their file says where the protocol is not one of the gateway itself', async () => {
    const everything = { index: 0, output: everyOutput, input: everyInput };
    const { tables, complaints } = await inUserConfig({
      'of-a-plugin': { configurations: [{ identifier: ['X'], name: 'X', features: [everything] }] },
    });
    expect(complaints).toEqual([]);
    const [feature] = tables.get('of-a-plugin')?.models[0]?.features ?? [];
    expect(Object.keys(feature?.outputs ?? {})).toEqual([...OUTPUT_TYPES]);
    expect(Object.keys(feature?.inputs ?? {})).toEqual([...INPUT_TYPES]);
  });

  it.each(builtin.map((definition) => [definition.id, definition] as const))(
    'keep all that %s has',
    async (id, definition) => {
      const entry = ({ index, outputs, inputs }: (typeof definition.models)[number]['features'][number]) => ({
        index,
        output: Object.assign({}, ...Object.keys(outputs).map((type) => output(type))),
        input: Object.assign({}, ...Object.keys(inputs).map(input)),
      });
      const configurations = definition.models.map(({ name, features }, at) => ({
        identifier: [`${at}`],
        name,
        features: features.map(entry),
      }));
      const { tables, complaints } = await inUserConfig({ [id]: { configurations } });
      expect(complaints).toEqual([]);
      const typesOf = (models: (typeof definition)['models']) =>
        models.map(({ features }) =>
          features.map(({ outputs, inputs }) => [Object.keys(outputs), Object.keys(inputs)]),
        );
      expect(typesOf(tables.get(id)?.models ?? [])).toEqual(typesOf(definition.models));
    },
  );

  it.each(
    builtin.flatMap((definition) =>
      (definition.alsoDrives ?? []).map((type) => [definition.id, type, definition] as const),
    ),
  )('of %s may have %s, which its own do not have and its handler drives', async (id, type, definition) => {
    expect(definition.models.some(({ features }) => features.some(({ outputs }) => outputs[type]))).toBe(false);
    const features = [{ index: 0, output: output(type) }];
    const { tables, complaints } = await inUserConfig({
      [id]: { configurations: [{ identifier: ['X'], name: 'X', features }] },
    });
    expect(complaints).toEqual([]);
    const models = tables.get(id)?.models ?? [];
    const driver = await openProtocol({ ...definition, models }, { identifier: 'X' });
    const [most, none] = [driver.drive(0, type, 9), driver.drive(0, type, 0)];
    expect(most.length).toBe(1);
    expect(none.length).toBe(1);
    expect(most).not.toEqual(none);
  });

  it('of TCode may have vibrators beside their axis', async () => {
    const { tables, complaints } = await inUserConfig({
      'tcode-v03': {
        configurations: [
          {
            identifier: ['X'],
            name: 'X',
            features: [
              { index: 0, output: output('HwPositionWithDuration', 100) },
              { index: 1, output: { ...output('Vibrate', 99), ...output('Rotate') } },
            ],
          },
        ],
      },
    });
    expect(complaints).toEqual([expect.stringMatching(/features\[1\]\.output\.rotate: /)]);
    expect(tables.get('tcode-v03')?.models[0]?.features[1]?.outputs).toEqual({ Vibrate: { value: [0, 99] } });
  });
});
