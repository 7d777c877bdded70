import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Booted, boot } from '../../support/boot.js';
import { exchange, failure, ok, VERSIONS } from './support.js';

/** RequestServerInfo in every shape (server-behaviour §2; B2 to B5). */

let gateway: Booted;
beforeAll(async () => {
  gateway = await boot({ config: { server: { name: 'Front room' } }, maxPingTimeMs: 1000 });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const common = { Id: 3, MaxPingTime: 1000, ServerName: 'Front room' };
const old = {
  MajorVersion: expect.any(Number),
  MinorVersion: expect.any(Number),
  BuildVersion: expect.any(Number),
};
const serverInfo: Readonly<Record<number, object>> = {
  0: { ...common, ...old, MessageVersion: 0 },
  1: { ...common, ...old, MessageVersion: 1 },
  2: { ...common, MessageVersion: 2 },
  3: { ...common, MessageVersion: 3 },
  4: { ...common, ProtocolVersionMajor: 4, ProtocolVersionMinor: 0 },
};

const ask = (fields: string) => `[{"RequestServerInfo":{"Id":3,${fields}}}]`;
const NAME = '"ClientName":"A client"';

describe('the version is the major version, else MessageVersion, else 0, in either shape (B4)', () => {
  it.each<[string, number]>([
    [NAME, 0],
    [`${NAME},"MessageVersion":0`, 0],
    [`${NAME},"MessageVersion":1`, 1],
    [`${NAME},"MessageVersion":2`, 2],
    [`${NAME},"MessageVersion":3`, 3],
    [`${NAME},"MessageVersion":4`, 4],
    [`${NAME},"ProtocolVersionMajor":0,"ProtocolVersionMinor":0`, 0],
    [`${NAME},"ProtocolVersionMajor":1,"ProtocolVersionMinor":0`, 1],
    [`${NAME},"ProtocolVersionMajor":2,"ProtocolVersionMinor":0`, 2],
    [`${NAME},"ProtocolVersionMajor":3,"ProtocolVersionMinor":0`, 3],
    [`${NAME},"ProtocolVersionMajor":4,"ProtocolVersionMinor":0`, 4],
    [`${NAME},"ProtocolVersionMajor":4`, 4],
    [`${NAME},"ProtocolVersionMajor":2,"ProtocolVersionMinor":0,"MessageVersion":3`, 2],
    [`"ProtocolVersionMinor":0,"ProtocolVersionMajor":4,${NAME}`, 4],
    [`${NAME},"MessageVersion":3.0`, 3],
    ['"ClientName":"","MessageVersion":1', 1],
    [`"ClientName":"${'ü\\u0000\\ud800'.repeat(1000)}","MessageVersion":1`, 1],
  ])('%s', async (fields, version) => {
    const client = gateway.open();
    const answers = await exchange(gateway, client, ask(fields));
    expect(answers).toStrictEqual([{ ServerInfo: serverInfo[version] }]);
    // The version answered is the version spoken.
    const list = await exchange(gateway, client, '[{"RequestDeviceList":{"Id":4}}]');
    expect(list).toEqual([{ DeviceList: { Id: 4, Devices: version === 4 ? {} : [] } }]);
    expect(await client.ask({ StopAllDevices: { Id: 5 } })).toEqual(version === 4 ? failure(3, 5) : ok(5));
    expect(await client.ask({ StopCmd: { Id: 6 } })).toEqual(version === 4 ? ok(6) : failure(3, 6));
  });

  it.each([0, 1, 7, 4_294_967_295])('v4 with minor version %i is answered 4.0 (messages §2.3)', async (minor) => {
    const client = gateway.open();
    const fields = `${NAME},"ProtocolVersionMajor":4,"ProtocolVersionMinor":${minor}`;
    expect(await exchange(gateway, client, ask(fields))).toStrictEqual([{ ServerInfo: serverInfo[4] }]);
  });

  it('MaxPingTime is the transport’s', async () => {
    await using patient = await boot();
    const client = patient.open();
    expect(await exchange(patient, client, ask(NAME))).toMatchObject([{ ServerInfo: { MaxPingTime: 0 } }]);
  });
});

describe('a client newer than the server (B3)', () => {
  it.each([
    [`${NAME},"ProtocolVersionMajor":5,"ProtocolVersionMinor":0`, 5],
    [`${NAME},"ProtocolVersionMajor":4294967295,"ProtocolVersionMinor":0`, 4_294_967_295],
    [`${NAME},"MessageVersion":5`, 5],
    [`${NAME},"MessageVersion":3,"ProtocolVersionMajor":12`, 12],
    // What a newer shape may look like is not known; what makes it newer is.
    [`"Client":{"Name":"A client"},"ProtocolVersionMajor":6,"Features":[]`, 6],
  ])('%s: code 1 naming both versions, then the end', async (fields, version) => {
    const client = gateway.open();
    const answers = await exchange(gateway, client, `${ask(fields)}`);
    expect(answers).toEqual([failure(1, 3, new RegExp(`\\b${version}\\b.*\\b4\\b`))]);
    expect(client.closeReason).toMatchObject({ kind: 'policy' });
    expect(await exchange(gateway, client, ask(NAME))).toEqual([]);
  });

  it('nothing after it in the frame is read', async () => {
    const client = gateway.open();
    const text = `[{"RequestServerInfo":{"Id":3,${NAME},"MessageVersion":9}},{"RequestServerInfo":{"Id":4,${NAME}}}]`;
    expect(await exchange(gateway, client, text)).toEqual([failure(1, 3)]);
  });
});

describe('before the handshake', () => {
  it.each([
    ['Ping', '[{"Ping":{"Id":9}}]', 1, 9],
    ['a command', '[{"OutputCmd":{"Id":9}}]', 1, 9],
    ['an unknown message', '[{"Nonsense":{"Id":9}}]', 1, 9],
    ['a message without a usable Id', '[{"Ping":{"Id":0}}]', 1, 0],
    ['no JSON', 'hello', 3, 0],
    ['no message', '[5]', 3, 0],
    ['an empty array', '[]', 3, 0],
    ['a handshake without a name', '[{"RequestServerInfo":{"Id":9}}]', 3, 9],
    ['a handshake with a null name', '[{"RequestServerInfo":{"Id":9,"ClientName":null}}]', 3, 9],
    ['a handshake with an extra field', '[{"RequestServerInfo":{"Id":9,"ClientName":"x","Extra":1}}]', 3, 9],
    ['a handshake with __proto__', '[{"RequestServerInfo":{"Id":9,"ClientName":"x","__proto__":{}}}]', 3, 9],
    ['a negative version', '[{"RequestServerInfo":{"Id":9,"ClientName":"x","MessageVersion":-1}}]', 3, 9],
    ['a fractional version', '[{"RequestServerInfo":{"Id":9,"ClientName":"x","MessageVersion":2.5}}]', 3, 9],
    ['a null version', '[{"RequestServerInfo":{"Id":9,"ClientName":"x","MessageVersion":null}}]', 3, 9],
    ['a version that is a text', '[{"RequestServerInfo":{"Id":9,"ClientName":"x","ProtocolVersionMajor":"4"}}]', 3, 9],
    ['an infinite version', '[{"RequestServerInfo":{"Id":9,"ClientName":"x","ProtocolVersionMajor":1e999}}]', 3, 9],
    ['a handshake without an Id', '[{"RequestServerInfo":{"ClientName":"x"}}]', 3, 0],
    ['a handshake with Id 0', '[{"RequestServerInfo":{"Id":0,"ClientName":"x"}}]', 3, 0],
    ['a handshake that is null', '[{"RequestServerInfo":null}]', 3, 0],
  ])('%s is refused, and the handshake is still open (B1, B2)', async (_what, text, code, id) => {
    const client = gateway.open();
    expect(await exchange(gateway, client, text)).toEqual([failure(code, id)]);
    expect(client.closeReason).toBeUndefined();
    const answers = await exchange(gateway, client, ask(`${NAME},"MessageVersion":3`));
    expect(answers).toStrictEqual([{ ServerInfo: serverInfo[3] }]);
  });

  it('an empty text frame is ignored', async () => {
    const client = gateway.open();
    expect(await exchange(gateway, client, '')).toEqual([]);
    expect(await exchange(gateway, client, ask(NAME))).toStrictEqual([{ ServerInfo: serverInfo[0] }]);
  });

  it('a frame may hold the handshake and more; what stands before it is refused (B1, B2, B43)', async () => {
    const client = gateway.open();
    const text = `[{"Ping":{"Id":1}},{"RequestServerInfo":{"Id":3,${NAME},"MessageVersion":3}},{"Ping":{"Id":2}}]`;
    expect(await exchange(gateway, client, text)).toEqual([failure(1, 1), { ServerInfo: serverInfo[3] }, ok(2)]);
  });

  it('nothing is said of devices that come, and the handshake tells them once (B5)', async () => {
    await using busy = await boot({ devices: [{ model: 'Lovense Edge', present: 'on-scan' }] });
    const early = busy.open();
    const scanning = await busy.connect(4);
    expect(await scanning.ask({ StartScanning: { Id: 1 } })).toEqual(ok(1));
    await busy.clock.advance(100);
    expect(early.take()).toEqual([]);
    const answers = await exchange(busy, early, ask(`${NAME},"MessageVersion":3`));
    expect(answers).toMatchObject([{ ServerInfo: {} }, { DeviceAdded: { DeviceIndex: 0, Id: 0 } }]);
  });
});

describe.each(VERSIONS)('a second RequestServerInfo in a v%i session', (version) => {
  it.each([
    NAME,
    `${NAME},"MessageVersion":1`,
    `${NAME},"ProtocolVersionMajor":4,"ProtocolVersionMinor":0`,
    `${NAME},"ProtocolVersionMajor":9,"ProtocolVersionMinor":0`,
  ])('%s is code 1, and the session goes on as it was (messages §8)', async (fields) => {
    const client = await gateway.connect(version);
    const list = await client.ask({ RequestDeviceList: { Id: 4 } });
    expect(await exchange(gateway, client, ask(fields))).toEqual([failure(1, 3)]);
    expect(client.closeReason).toBeUndefined();
    expect(await client.ask({ RequestDeviceList: { Id: 4 } })).toEqual(list);
  });

  it('two of them in the first frame: the first counts', async () => {
    const client = gateway.open();
    const request = (id: number, asked: number) => ({
      RequestServerInfo: { Id: id, ClientName: 'twice', MessageVersion: asked },
    });
    const text = JSON.stringify([request(3, version), request(5, 3 - (version % 4))]);
    expect(await exchange(gateway, client, text)).toEqual([{ ServerInfo: serverInfo[version] }, failure(1, 5)]);
  });
});
