import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lovense } from '../../plugins/protocols/lovense.js';
import { boot } from '../support/boot.js';
import { DataFolder } from '../support/data-folder.js';
import { level } from '../support/messages.js';

const version = { major: 4 };
const EDGE = lovense.models.find(({ identifiers }) => identifiers.includes('P'));
const edge = { model: 'Lovense Edge', address: 'Here', messageGap: 0 };

/** The entry of a Lovense Edge, with limits for its two motors. */
const ownEdge = (limits: readonly object[], user: object = {}, baseId = EDGE?.id) => ({
  identifier: { protocol: 'lovense', address: 'Here', identifier: 'P' },
  config: {
    base_id: baseId,
    features: EDGE?.features.map(({ id }, at) => ({
      base_id: id,
      ...(limits[at] && { output: { vibrate: limits[at] } }),
    })),
    user_config: { index: 7, ...user },
  },
});

/** A gateway whose only device is that Edge, with a user device configuration. */
async function withUserConfig(content: object, devices: Parameters<typeof boot>[0] = {}) {
  const folder = await DataFolder.create();
  const file = join(folder.path, 'user.json');
  await writeFile(file, JSON.stringify({ version, user_configs: content }));
  const gateway = await boot({ devices: [edge], config: { devices: { userConfig: file } }, ...devices });
  return {
    gateway,
    [Symbol.asyncDispose]: () =>
      Promise.all([gateway[Symbol.asyncDispose](), folder[Symbol.asyncDispose]()]).then(() => {}),
  };
}

describe('devices.userConfig', () => {
  it('gives a device its index, its name and its limits', async () => {
    await using stage = await withUserConfig({
      devices: [ownEdge([{ value: [5, 15] }, { disabled: true }], { display_name: 'Mine' })],
    });
    const { gateway } = stage;
    const client = await gateway.connect();
    const list = JSON.stringify(client.take());
    expect(list).toContain('"DeviceIndex":7');
    expect(list).toContain('"DeviceDisplayName":"Mine"');
    expect(list).toContain('"Vibrate":{"Value":[0,10]}');
    expect(await client.ask(level(7, 0, 'Vibrate', 10))).toHaveProperty('Ok');
    expect(await client.ask(level(7, 0, 'Vibrate', 11))).toHaveProperty('Error');
    expect(await client.ask(level(7, 1, 'Vibrate', 1))).toHaveProperty('Error');
    expect((await gateway.toy('lovense-edge-1')).outputs.map((output) => output.level)).toEqual([15, 0]);
  });

  it.each([
    ['a range beyond that of the device', ownEdge([{ value: [0, 30] }]), /range/],
    ['another number of features', { ...ownEdge([]), config: { ...ownEdge([]).config, features: [] } }, /0 features/],
    ['another model', ownEdge([], {}, '00000000-0000-4000-8000-000000000000'), /another model/],
  ])('counts for nothing with %s, and says so', async (_what, entry, reason) => {
    await using stage = await withUserConfig({ devices: [entry] });
    const { gateway } = stage;
    const client = await gateway.connect();
    expect(JSON.stringify(client.take())).toContain('"Vibrate":{"Value":[0,20]}');
    expect(gateway.log.filter((line) => line.includes('devices.userConfig')).join()).toMatch(reason);
  });

  it('keeps a device out', async () => {
    await using stage = await withUserConfig({ devices: [ownEdge([], { deny: true })] });
    const client = await stage.gateway.connect();
    expect(JSON.stringify(client.take())).not.toContain('Lovense');
  });

  it('makes a device known by another name, as a model of its own', async () => {
    const { gateway } = await withUserConfig(
      {
        protocols: {
          lovense: {
            communication: [
              {
                btle: {
                  names: ['Strange'],
                  services: {
                    '6e400001-b5a3-f393-e0a9-e50e24dcca9e': {
                      tx: '6e400002-b5a3-f393-e0a9-e50e24dcca9e',
                      rx: '6e400003-b5a3-f393-e0a9-e50e24dcca9e',
                    },
                  },
                },
              },
            ],
            configurations: [
              { identifier: ['P'], name: 'My Edge', features: [{ index: 0, output: { vibrate: { value: [0, 5] } } }] },
            ],
          },
        },
      },
      { devices: [{ ...edge, model: 'My Edge', name: 'Strange' }] },
    );
    await using _ = gateway;
    const client = await gateway.connect();
    const list = JSON.stringify(client.take());
    expect(list).toContain('"DeviceName":"My Edge"');
    expect(list).toContain('"Vibrate":{"Value":[0,5]}');
  });
});

describe('a model with one of the features of a protocol', () => {
  it('has the motor that this feature has', async () => {
    const features = [{ index: 1, output: { vibrate: { value: [0, 3] } } }];
    await using stage = await withUserConfig(
      { protocols: { 'libo-shark': { configurations: [{ identifier: ['ShaYu'], name: 'My Shark', features }] } } },
      { devices: [{ model: 'My Shark', name: 'ShaYu', messageGap: 0 }] },
    );
    const { gateway } = stage;
    const client = await gateway.connect();
    await client.ask(level(0, 1, 'Vibrate', 3));
    expect((await gateway.toy('my-shark-1')).outputs).toMatchObject([
      { feature: 0, type: 'Vibrate', level: 0 },
      { feature: 1, type: 'Vibrate', level: 3 },
    ]);
    expect(await client.ask({ StopCmd: { DeviceIndex: 0 } })).toHaveProperty('Ok');
    expect((await gateway.toy('my-shark-1')).outputs).toMatchObject([{ level: 0 }, { level: 0 }]);
  });
});

describe('a model with a range below 0', () => {
  it('has two directions where it rotates, and one where it does not', async () => {
    const both = { value: [-255, 255] };
    const features = [
      { index: 0, output: { vibrate: both } },
      { index: 1, output: { rotate: both } },
    ];
    await using stage = await withUserConfig(
      { protocols: { luvmazer: { configurations: [{ identifier: ['TKLM-W001-BT'], name: 'My Magic', features }] } } },
      { devices: [{ model: 'My Magic', name: 'TKLM-W001-BT', messageGap: 0 }] },
    );
    const { gateway } = stage;
    const client = await gateway.connect();
    const list = JSON.stringify(client.take());
    expect(list).toContain('"Vibrate":{"Value":[0,255]}');
    expect(list).toContain('"Rotate":{"Value":[-255,255]}');
    expect(await client.ask(level(0, 0, 'Vibrate', -200))).toHaveProperty('Error');
    expect(await client.ask(level(0, 1, 'Rotate', -200))).toHaveProperty('Ok');
    const toy = await gateway.toy('my-magic-1');
    expect(toy.packets.map(({ hex }) => hex)).toEqual(['a00f000064c8']);
    expect(toy.outputs.map((output) => output.level)).toEqual([0, 200]);
  });
});

/** One simulated device of a model that a person has added to this protocol, and the lines about what was left out of it. */
async function withOwnModel(protocol: string, deviceModel: object, name: string) {
  const stage = await withUserConfig(
    { protocols: { [protocol]: { configurations: [{ name: 'Mine', ...deviceModel }] } } },
    { devices: [{ model: 'Mine', protocol, name, messageGap: 0 }] },
  );
  await stage.gateway.clock.advance(5000);
  return { ...stage, leftOut: stage.gateway.log.filter((line) => line.includes('left out')) };
}

describe('a model with what its protocol does not know', () => {
  it('goes without that, and says so; the rest is driven', async () => {
    await using stage = await withOwnModel(
      'leten',
      {
        identifier: ['T528-LT'],
        features: [
          { index: 0, output: { vibrate: { value: [0, 25] }, oscillate: { value: [0, 25] } } },
          { index: 1, output: { constrict: { value: [0, 3] } } },
        ],
      },
      'T528-LT',
    );
    const { gateway, leftOut } = stage;
    const client = await gateway.connect();
    const list = JSON.stringify(client.take());
    expect(list).toContain('"DeviceName":"Mine"');
    expect(list).not.toMatch(/Oscillate|Constrict/);
    expect(await client.ask(level(0, 0, 'Oscillate', 5))).toHaveProperty('Error');
    expect(await client.ask(level(0, 1, 'Constrict', 1))).toHaveProperty('Error');
    expect(await client.ask(level(0, 0, 'Vibrate', 7))).toHaveProperty('Ok');
    await gateway.clock.advance(100);
    const [toy] = await gateway.toys();
    expect(toy?.outputs).toEqual([{ feature: 0, type: 'Vibrate', level: 7 }]);
    expect(leftOut).toEqual([
      expect.stringMatching(
        /user\.json:1: .*leten\.configurations\[0\]\.features\[0\]\.output\.oscillate: .*Oscillate; left out/,
      ),
      expect.stringMatching(
        /user\.json:1: .*leten\.configurations\[0\]\.features\[1\]\.output\.constrict: .*Constrict; left out/,
      ),
    ]);
  });

  it('has a signal strength all the same, which is no battery', async () => {
    const read = (name: string, range: readonly number[]) => ({ [name]: { value: [range], command: ['Read'] } });
    await using stage = await withOwnModel(
      'kiiroo-v21',
      {
        identifier: ['Cliona'],
        features: [
          { index: 0, output: { vibrate: { value: [0, 100] } } },
          { index: 1, input: { ...read('rssi', [-128, 0]), ...read('depth', [0, 100]) } },
        ],
      },
      'Cliona',
    );
    const client = await stage.gateway.connect();
    const ask = (Type: string) => client.ask({ InputCmd: { DeviceIndex: 0, FeatureIndex: 1, Type, Command: 'Read' } });
    expect(JSON.stringify(await ask('RSSI'))).toMatch(/"RSSI":\{"Value":-[4-7]\d\}/);
    expect(await ask('Depth')).toHaveProperty('Error');
    expect(stage.leftOut).toEqual([expect.stringMatching(/features\[1\]\.input\.depth: /)]);
  });
});

describe('devices.catalogue', () => {
  it('takes the place of the built-in tables, and leaves their handlers', async () => {
    await using folder = await DataFolder.create();
    const file = join(folder.path, 'devices.json');
    const lovenseOnly = {
      communication: [
        {
          btle: {
            names: ['LVS-*'],
            services: {
              '6e400001-b5a3-f393-e0a9-e50e24dcca9e': {
                tx: '6e400002-b5a3-f393-e0a9-e50e24dcca9e',
                rx: '6e400003-b5a3-f393-e0a9-e50e24dcca9e',
              },
            },
          },
        },
      ],
      defaults: { name: 'Some Lovense', features: [{ index: 0, output: { vibrate: { value: [0, 9] } } }] },
    };
    await writeFile(
      file,
      JSON.stringify({ version, protocols: { lovense: lovenseOnly, unheard: { communication: [] } } }),
    );
    const devices = [{ ...edge, model: 'Some Lovense' }, { model: 'Pulsegate Testbed' }];
    await using gateway = await boot({ devices, config: { devices: { catalogue: file } } });
    const client = await gateway.connect();
    const list = JSON.stringify(client.take());
    expect(list).toContain('"DeviceName":"Some Lovense"');
    expect(list).toContain('"Vibrate":{"Value":[0,9]}');
    expect(list).toContain('Pulsegate Testbed');
    expect(list).not.toContain('Satisfyer');
    expect(gateway.log.join()).toContain('unheard');
  });
});
