import { features, oscillate, position, rotateBothWays, timedPosition, vibrate } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { DataFolder } from '../../support/data-folder.js';
import { pulsegate, TestFolder } from '../../support/gateway-process.js';
import { level, move } from '../../support/messages.js';
import { RecordingProtocol } from '../../support/recording-protocol.js';

const EDGE = 'simulated:lovense-edge-1';
const HANDY = 'simulated:the-handy-1';
const BOTH = [{ model: 'Lovense Edge' }, { model: 'The Handy' }];
const REFUSED = { Error: { ErrorCode: 4 } };

/** The devices a client of version 4 is shown, by index. */
async function shown(folder: DataFolder, devices = BOTH): Promise<unknown> {
  await using gateway = await boot({ devices, config: folder.config });
  const client = await gateway.connect(4);
  const reply = await client.ask({ RequestDeviceList: {} });
  return reply.DeviceList?.Devices;
}

describe('displayName', () => {
  it('is shown to v3 and v4 clients besides the name of the model', async () => {
    await using folder = await DataFolder.withSettings({ address: EDGE, displayName: 'Blue one' });
    await using gateway = await boot({ devices: BOTH, config: folder.config });
    const names = { DeviceName: 'Lovense Edge', DeviceDisplayName: 'Blue one' };
    expect((await gateway.connect(4)).take()).toMatchObject([{ DeviceList: { Devices: { 0: names } } }]);
    expect((await gateway.connect(3)).take()[0]).toMatchObject({ DeviceAdded: names });
  });

  it('is left out for older clients and for devices that have none', async () => {
    await using folder = await DataFolder.withSettings({ address: EDGE, displayName: 'Blue one' });
    await using gateway = await boot({ devices: BOTH, config: folder.config });
    for (const version of [0, 1, 2] as const) {
      expect(JSON.stringify((await gateway.connect(version)).take())).not.toContain('DeviceDisplayName');
    }
    expect((await gateway.connect(3)).take()[1]?.DeviceAdded).not.toHaveProperty('DeviceDisplayName');
  });
});

describe('index', () => {
  it('is the one the owner gave, and the others go round it', async () => {
    await using folder = await DataFolder.withSettings({ address: HANDY, index: 0 });
    expect(await shown(folder)).toMatchObject({ 0: { DeviceName: 'The Handy' }, 1: { DeviceName: 'Lovense Edge' } });
  });

  it('beats what was learned before, and no device is lost over it', async () => {
    await using folder = await DataFolder.create();
    expect(await shown(folder)).toMatchObject({ 0: { DeviceName: 'Lovense Edge' }, 1: { DeviceName: 'The Handy' } });
    await folder.write(folder.settings, `devices: [{ address: "${HANDY}", index: 0 }]`);
    // The Edge is seen first, and had 0 until now. What the Handy had is still the Handy's.
    const now = { 0: { DeviceName: 'The Handy' }, 2: { DeviceName: 'Lovense Edge' } };
    expect(await shown(folder)).toMatchObject(now);
    await folder.write(folder.settings, 'devices: []');
    expect(await shown(folder), 'and is kept').toMatchObject(now);
  });
});

describe('allow and deny', () => {
  it.each<{ entries: readonly object[]; connected: readonly string[] }>([
    { entries: [], connected: ['Lovense Edge', 'The Handy'] },
    { entries: [{ address: EDGE, deny: true }], connected: ['The Handy'] },
    { entries: [{ address: EDGE, allow: true }], connected: ['Lovense Edge'] },
    { entries: [{ address: EDGE, allow: true, deny: true }], connected: [] },
    {
      entries: [
        { address: EDGE, allow: true },
        { address: HANDY, allow: true },
      ],
      connected: ['Lovense Edge', 'The Handy'],
    },
    { entries: [{ address: EDGE, allow: false }], connected: ['Lovense Edge', 'The Handy'] },
    { entries: [{ address: 'somebody else', allow: true }], connected: [] },
  ])('$entries: $connected', async ({ entries, connected }) => {
    await using folder = await DataFolder.withSettings(...entries);
    await using gateway = await boot({ devices: BOTH, config: folder.config });
    const client = await gateway.connect(3);
    await client.ask({ StartScanning: {} });
    await gateway.clock.advance(100);
    const reply = await client.ask({ RequestDeviceList: {} });
    expect(reply).toMatchObject({ DeviceList: { Devices: connected.map((DeviceName) => ({ DeviceName })) } });
    expect((await gateway.toy('the-handy-1')).connected).toBe(connected.includes('The Handy'));
  });
});

describe('outputs', () => {
  const DEVICE = 'simulated:device-1';
  const device = features(vibrate(20), rotateBothWays(20), timedPosition(100, 9000), position(100), oscillate(20));

  async function bootDevice(folder: DataFolder) {
    const protocol = new RecordingProtocol({ Device: device });
    const gateway = await boot({ devices: [{ model: 'Device' }], plugins: [protocol.plugin], config: folder.config });
    return { gateway, protocol, client: await gateway.connect(4) };
  }

  it('disabled: is hidden and refuses every command, whoever sends it; the rest works', async () => {
    await using folder = await DataFolder.withSettings({
      address: DEVICE,
      features: { 0: { Vibrate: { disabled: true } } },
    });
    const { gateway, protocol, client } = await bootDevice(folder);
    await using _gateway = gateway;
    expect(client.take()).toMatchObject([
      { DeviceList: { Devices: { 0: { DeviceFeatures: { 0: { FeatureIndex: 0, Output: {} } } } } } },
    ]);
    expect(await client.ask(level(0, 0, 'Vibrate', 1))).toMatchObject(REFUSED);
    const old = await gateway.connect(0);
    expect(await old.ask({ SingleMotorVibrateCmd: { DeviceIndex: 0, Speed: 1 } })).toMatchObject(REFUSED);
    expect(protocol.take()).toEqual([]);
    expect(await client.ask(level(0, 4, 'Oscillate', 1))).toMatchObject({ Ok: {} });
  });

  it('disabled: is stopped all the same; it may run from before', async () => {
    await using folder = await DataFolder.withSettings({
      address: DEVICE,
      features: { 0: { Vibrate: { disabled: true } } },
    });
    const { gateway, protocol, client } = await bootDevice(folder);
    await using _gateway = gateway;
    await client.ask({ StopCmd: { DeviceIndex: 0, FeatureIndex: 0 } });
    expect(protocol.take()).toEqual(['0 Vibrate 0']);
  });

  it('reversed: positions are mirrored, rotation turns the other way, levels stay', async () => {
    const reversed = { reversed: true };
    await using folder = await DataFolder.withSettings({
      address: DEVICE,
      features: {
        0: { Vibrate: reversed },
        1: { Rotate: reversed },
        2: { HwPositionWithDuration: reversed },
        3: { Position: reversed },
      },
    });
    const { gateway, protocol, client } = await bootDevice(folder);
    await using _gateway = gateway;
    await client.ask(level(0, 0, 'Vibrate', 5));
    await client.ask(level(0, 1, 'Rotate', 5));
    await client.ask(level(0, 1, 'Rotate', -20));
    await client.ask(move(0, 2, 30, 500));
    await client.ask(level(0, 3, 'Position', 100));
    expect(protocol.take()).toEqual([
      '0 Vibrate 5',
      '1 Rotate -5',
      '1 Rotate 20',
      '2 HwPositionWithDuration 70 in 500',
      '3 Position 0',
    ]);
  });

  it('an entry that names the protocol wins over one that does not', async () => {
    await using folder = await DataFolder.withSettings(
      { address: DEVICE, displayName: 'Any' },
      { address: DEVICE, protocol: 'recording', displayName: 'Of this protocol' },
      { address: DEVICE, protocol: 'lovense', displayName: 'Of another' },
    );
    const { gateway, client } = await bootDevice(folder);
    await using _gateway = gateway;
    expect(client.take()).toMatchObject([
      { DeviceList: { Devices: { 0: { DeviceDisplayName: 'Of this protocol' } } } },
    ]);
  });
});

describe('a settings file with mistakes', () => {
  const WRONG = [
    'devices:',
    '  - address: aa:bb',
    '    displayName: Fine',
    '  - address: cc:dd',
    '    features:',
    '      0:',
    '        Vibrate: { range: [2, lots] }',
    '    indx: 3',
    '',
  ].join('\n');

  it('keeps the gateway from starting: limits that cannot be read must not be silently off', async () => {
    await using folder = await DataFolder.create();
    await folder.write(folder.settings, WRONG);
    const starting = boot({ devices: BOTH, config: folder.config });
    await expect(starting).rejects.toThrow(/devices\.yml:7: devices\[1\]\.features\.0\.Vibrate\.range/);
    await expect(boot({ config: folder.config })).rejects.toThrow(
      /devices\.yml:8: devices\[1\]\.indx: .*did you mean "index"/,
    );
  });

  it('is one line per mistake with file and line, and exit code 2, on the command line', async () => {
    await using folder = await TestFolder.create();
    await folder.write('devices.yml', WRONG);
    const file = await folder.write('p.yml', { http: { port: 0 }, devices: { settings: './devices.yml' } });
    const { code, stderr } = await pulsegate(['start', '--config', file], folder.path);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/devices\.yml:7: .*range/),
      expect.stringMatching(/devices\.yml:8: .*indx/),
    ]);
  });

  it.each([
    { what: 'no YAML', text: 'devices: [', place: /devices\.yml:\d+/ },
    { what: 'a list instead of sections', text: '- address: x', place: /devices\.yml:1/ },
    { what: 'an entry without an address', text: 'devices:\n  - index: 1\n', place: /devices\.yml:2.*address/ },
    { what: 'a negative index', text: 'devices:\n  - address: x\n    index: -1\n', place: /devices\.yml:3.*index/ },
    {
      what: 'an unknown output',
      text: 'devices:\n  - address: x\n    features: { 0: { Vibrat: {} } }\n',
      place: /devices\.yml:3.*Vibrat/,
    },
  ])('$what is a mistake too', async ({ text, place }) => {
    await using folder = await DataFolder.create();
    await folder.write(folder.settings, text);
    await expect(boot({ config: folder.config })).rejects.toThrow(place);
  });

  it('a file that the configuration names and that is not there is a mistake, and not no limits at all', async () => {
    await using folder = await DataFolder.create();
    const devices = { settings: folder.settings };
    await expect(boot({ config: { devices } })).rejects.toThrow(/devices\.settings: .*not there/);
  });

  it.each([
    { what: 'no file', text: undefined },
    { what: 'an empty file', text: '' },
    { what: 'a file with comments only', text: '# later\n' },
    { what: 'an empty list', text: 'devices: []\n' },
  ])('$what is fine', async ({ text }) => {
    await using folder = await DataFolder.create();
    if (text !== undefined) await folder.write(folder.settings, text);
    expect(await shown(folder)).toMatchObject({ 0: { DeviceName: 'Lovense Edge' }, 1: { DeviceName: 'The Handy' } });
  });
});
