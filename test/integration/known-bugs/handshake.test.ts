import { describe, expect, it } from 'vitest';
import { boot } from '../../support/boot.js';
import { level } from '../../support/messages.js';

const TESTBED = { devices: [{ model: 'Pulsegate Testbed', messageGap: 0 }] };
const failure = (Id: number, ErrorCode: number, text = /\w+ \w+/) => ({
  Error: { Id, ErrorCode, ErrorMessage: expect.stringMatching(text) },
});

describe('B2: commands before the handshake', () => {
  it('B2: are answered with code 1 and their Id, do nothing, and the connection lives on', async () => {
    await using gateway = await boot(TESTBED);
    const line = gateway.open();
    expect(await line.ask(level(0, 0, 'Vibrate', 9))).toEqual(failure(101, 1));
    expect(await line.ask({ Ping: { Id: 8 } })).toEqual(failure(8, 1));
    expect(line.closeReason).toBeUndefined();
    const hello = { RequestServerInfo: { ClientName: 'late', ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 } };
    expect(await line.ask(hello)).toMatchObject({ ServerInfo: { ProtocolVersionMajor: 4 } });
    expect((await gateway.toy('pulsegate-testbed-1')).packets).toEqual([]);
  });

  it('B2: a message after RequestServerInfo in the same frame is carried out', async () => {
    await using gateway = await boot();
    const line = gateway.open();
    line.tell({ Ping: { Id: 1 } }, { RequestServerInfo: { Id: 2, ClientName: 'x' } }, { Ping: { Id: 3 } });
    expect(line.take()).toEqual([failure(1, 1), { ServerInfo: expect.objectContaining({ Id: 2 }) }, { Ok: { Id: 3 } }]);
  });
});

describe('B3: a client that is newer than the server', () => {
  it.each([
    { what: 'by major version', fields: { ProtocolVersionMajor: 5, ProtocolVersionMinor: 0 } },
    { what: 'with fields nobody knows yet', fields: { ProtocolVersionMajor: 6, Colour: 'blue' } },
    { what: 'by MessageVersion', fields: { MessageVersion: 5 } },
  ])('B3: $what is told so with its Id, code 1 and both versions, and sent away', async ({ fields }) => {
    await using gateway = await boot(TESTBED);
    const line = gateway.open();
    const reply = await line.ask({ RequestServerInfo: { Id: 3, ClientName: 'from the future', ...fields } });
    const asked = Object.values(fields)[0];
    expect(reply).toEqual(failure(3, 1, new RegExp(`version ${asked}.*version 4`)));
    expect(line.closeReason).toMatchObject({ kind: 'policy' });
    expect(line.take()).toEqual([]);
  });

  it('B3: a newer minor version is welcome, and answered with 4.0', async () => {
    await using gateway = await boot();
    const line = gateway.open();
    const reply = await line.ask({
      RequestServerInfo: { ClientName: 'a bit newer', ProtocolVersionMajor: 4, ProtocolVersionMinor: 9 },
    });
    expect(reply).toMatchObject({ ServerInfo: { ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 } });
  });
});

describe('B4: the version of a session is the major version, else MessageVersion, else 0', () => {
  it.each([
    { fields: {}, version: 0 },
    { fields: { MessageVersion: 0 }, version: 0 },
    { fields: { MessageVersion: 2 }, version: 2 },
    { fields: { ProtocolVersionMajor: 1, ProtocolVersionMinor: 0 }, version: 1 },
    { fields: { ProtocolVersionMajor: 3, ProtocolVersionMinor: 0 }, version: 3 },
    { fields: { ProtocolVersionMajor: 2, MessageVersion: 3 }, version: 2 },
  ])('B4: $fields makes a session of version $version, in the shape of that version', async ({ fields, version }) => {
    await using gateway = await boot(TESTBED);
    const line = gateway.open();
    const reply = await line.ask({ RequestServerInfo: { ClientName: 'x', ...fields } });
    expect(reply).toMatchObject({ ServerInfo: { MessageVersion: version } });
    expect(reply.ServerInfo).not.toHaveProperty('ProtocolVersionMajor');
    // Later replies keep to it.
    expect(line.take()).toMatchObject([{ DeviceAdded: { Id: 0, DeviceIndex: 0 } }]);
    expect(await line.ask({ StopDeviceCmd: { DeviceIndex: 0 } })).toMatchObject({ Ok: {} });
    expect(await line.ask({ StopCmd: {} })).toMatchObject({ Error: { ErrorCode: 3 } });
  });

  it('B4: the old shape with MessageVersion 4 makes a session of version 4 that answers', async () => {
    await using gateway = await boot(TESTBED);
    const line = gateway.open();
    const reply = await line.ask({ RequestServerInfo: { ClientName: 'x', MessageVersion: 4 } });
    expect(reply).toMatchObject({ ServerInfo: { ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 } });
    expect(line.take()).toMatchObject([{ DeviceList: { Id: 0, Devices: { 0: {} } } }]);
    expect(await line.ask(level(0, 0, 'Vibrate', 3))).toMatchObject({ Ok: {} });
  });
});

describe('B5: device events and connections without a handshake', () => {
  it('B5: such a connection hears nothing, and hears of the device once it has done its handshake', async () => {
    await using gateway = await boot({ devices: [{ model: 'Pulsegate Testbed', present: 'on-scan' }] });
    const silent = gateway.open();
    const other = await gateway.connect(4);
    await other.ask({ StartScanning: {} });
    await gateway.clock.advance(100);
    expect(other.take()).toMatchObject([{ DeviceList: { Devices: { 0: {} } } }, { ScanningFinished: {} }]);
    expect(silent.frames).toEqual([]);
    await silent.ask({ RequestServerInfo: { ClientName: 'slow starter', MessageVersion: 3 } });
    expect(silent.take()).toMatchObject([{ DeviceAdded: { Id: 0, DeviceIndex: 0 } }]);
  });
});

describe('B10 (DESIGN.md, "On connect"): what is connected is told right after ServerInfo', () => {
  it.each([0, 1, 2, 3] as const)('B10: a client of version %i gets one DeviceAdded per device', async (version) => {
    await using gateway = await boot({ devices: [{ model: 'Lovense Edge' }, { model: 'The Handy' }] });
    const client = await gateway.connect(version);
    expect(client.frames.map((text) => Object.keys(JSON.parse(text)[0])[0])).toEqual([
      'ServerInfo',
      'DeviceAdded',
      'DeviceAdded',
    ]);
    expect(client.take()).toMatchObject([{ DeviceAdded: { DeviceIndex: 0 } }, { DeviceAdded: { DeviceIndex: 1 } }]);
    // Asking for the list later names the same devices, and pushes nothing again.
    const list = await client.ask({ RequestDeviceList: {} });
    expect(list).toMatchObject({ DeviceList: { Devices: [{ DeviceIndex: 0 }, { DeviceIndex: 1 }] } });
    expect(client.take()).toEqual([]);
  });

  it('B10: a client of version 4 gets one DeviceList with Id 0', async () => {
    await using gateway = await boot({ devices: [{ model: 'Lovense Edge' }, { model: 'The Handy' }] });
    const client = await gateway.connect(4);
    expect(client.take()).toMatchObject([
      { DeviceList: { Id: 0, Devices: { 0: { DeviceName: 'Lovense Edge' }, 1: { DeviceName: 'The Handy' } } } },
    ]);
  });

  it.each([0, 3, 4] as const)('B10: without devices nothing is pushed to a client of version %i', async (version) => {
    await using gateway = await boot();
    const client = await gateway.connect(version);
    expect(client.take()).toEqual([]);
  });
});
