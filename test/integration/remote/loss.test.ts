import { describe, expect, it } from 'vitest';
import { startLive, TESTBED } from '../../support/live-gateway.js';
import { announced, clientOf, eventually, remoteTo, startHub, startPair, statusOf } from '../../support/remote/hub.js';
import { ScriptedServer, vibrator } from '../../support/remote/scripted-server.js';

const VIBRATE = 0;

describe('when the remote is gone', () => {
  it('its devices are gone here, and come back with the index they had', async () => {
    const bedroom = await startLive();
    await using hub = await startHub({
      own: [{ model: 'Pulsegate Testbed' }],
      remotes: [remoteTo('bedroom', bedroom)],
    });
    const client = await clientOf(hub, 2);
    const names = async () =>
      (await announced(client)).map(
        ({ DeviceIndex, DeviceDisplayName = 'own' }) => `${DeviceIndex} ${DeviceDisplayName}`,
      );
    const before = await names();
    expect(before.sort()).toEqual(['0 own', '1 Bedroom: Pulsegate Testbed'].sort());
    const { port } = bedroom;
    await bedroom[Symbol.asyncDispose]();
    await hub.simulated.connected(1);
    expect(await statusOf(hub, 'bedroom')).toMatchObject({
      state: expect.stringMatching(/waiting|connecting/),
      devices: [],
    });
    expect(await hub.metric('pulsegate_remote_connected\\{remote="bedroom"\\}')).toBe(0);
    await using again = await startLive({ config: { http: { port } } });
    await hub.simulated.connected(2);
    expect((await names()).sort()).toEqual(before.sort());
    expect(hub.log.filter((line) => line.includes('remote lost'))).toHaveLength(1);
    await client.output(1, VIBRATE, { Vibrate: { Value: 4 } });
    await again.simulated.reaches(TESTBED, VIBRATE, 4);
    client.webSocket.close();
  });

  it('an order that nobody could take is not carried out later', async () => {
    await using server = await ScriptedServer.start({ devices: vibrator() });
    await using hub = await startHub({ remotes: [{ name: 'bedroom', url: server.url }] });
    const client = await clientOf(hub, 1);
    await client.output(0, 0, { Vibrate: { Value: 7 } });
    await eventually(() => server.all('OutputCmd')).toHaveLength(1);
    for (const socket of server.sockets) socket.terminate();
    await eventually(() => server.all('RequestDeviceList').length).toBe(2);
    await hub.simulated.connected(1);
    // What it may still do from before is stopped, and nothing else is sent.
    await eventually(() => server.all('OutputCmd')).toHaveLength(2);
    expect(server.all('OutputCmd').at(-1)).toMatchObject({ Command: { Vibrate: { Value: 0 } } });
    client.webSocket.close();
  });

  it('a remote that falls silent is lost after the time it has for an answer', async () => {
    await using server = await ScriptedServer.start({ devices: vibrator(), maxPingTime: 10_000 });
    await using hub = await startHub({
      remotes: [{ name: 'bedroom', url: server.url }],
      settings: { heartbeat: 100, answerTimeout: 300 },
    });
    await eventually(() => server.all('Ping').length).toBeGreaterThan(1);
    server.answer = () => undefined;
    await hub.simulated.connected(0);
    await eventually(async () => (await statusOf(hub, 'bedroom'))?.state).not.toBe('connected');
    expect(hub.log.some((line) => line.includes('it gave no sign of life for 300 ms'))).toBe(true);
  });

  it('a frozen WebSocket is noticed without a ping of the protocol', async () => {
    await using server = await ScriptedServer.start({ devices: vibrator() });
    await using hub = await startHub({
      remotes: [{ name: 'bedroom', url: server.url }],
      settings: { heartbeat: 100, answerTimeout: 300 },
    });
    for (const socket of server.sockets) socket.pause();
    await hub.simulated.connected(0);
    expect(server.all('Ping')).toEqual([]);
  });

  it('pings as often as the remote wants', async () => {
    await using bedroom = await startLive({ config: { server: { maxPingTime: 400 } } });
    await using hub = await startHub({ remotes: [remoteTo('bedroom', bedroom)], settings: { heartbeat: 60_000 } });
    const client = await clientOf(hub, 1);
    await client.output(0, VIBRATE, { Vibrate: { Value: 4 } });
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 4);
    const pings = async () => await bedroom.metric('pulsegate_messages_total');
    const before = await pings();
    await eventually(pings).toBeGreaterThan(before + 4);
    expect(await bedroom.metric('pulsegate_pings_missed_total')).toBe(0);
    expect((await bedroom.simulated.output(TESTBED, VIBRATE)).level).toBe(4);
    client.webSocket.close();
  });
});

describe('when this gateway is gone', () => {
  it('what it drove stops at the other end', async () => {
    await using pair = await startPair();
    const { bedroom, hub, client } = pair;
    await client.output(0, VIBRATE, { Vibrate: { Value: 12 } });
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 12);
    await hub.gateway.stop();
    await bedroom.simulated.reaches(TESTBED, VIBRATE, 0);
    expect(bedroom.log.some((line) => line.includes('client left: pulsegate-remote/1'))).toBe(true);
  });

  it('what it drove stops at the other end when it has lost the way', async () => {
    await using server = await ScriptedServer.start({ devices: vibrator() });
    await using hub = await startHub({ remotes: [{ name: 'bedroom', url: server.url }] });
    const client = await clientOf(hub, 1);
    await client.output(0, 0, { Vibrate: { Value: 7 } });
    await eventually(() => server.all('OutputCmd')).toHaveLength(1);
    await hub.gateway.stop();
    // The stop is sent before the connection ends.
    await eventually(() => server.all('OutputCmd').at(-1)).toMatchObject({ Command: { Vibrate: { Value: 0 } } });
    await eventually(() => server.sockets.every(({ readyState }) => readyState === 3)).toBe(true);
  });
});

describe('a device of a remote', () => {
  it('that the remote loses is gone here, and is back when it is back there', async () => {
    await using pair = await startPair();
    const { bedroom, hub } = pair;
    await bedroom.simulated.drop(TESTBED, 0.3);
    await hub.simulated.connected(0);
    await hub.simulated.connected(1);
  });

  it('that is described in another way from now on is another one here', async () => {
    await using server = await ScriptedServer.start({ devices: vibrator() });
    await using hub = await startHub({ remotes: [{ name: 'bedroom', url: server.url }] });
    const client = await clientOf(hub, 1);
    server.say(JSON.stringify([{ DeviceList: { Id: 0, Devices: vibrator(0, 'Rabbit') } }]));
    await eventually(async () => (await announced(client)).map(({ DeviceName }) => DeviceName)).toEqual(['Rabbit']);
    expect((await announced(client))[0]?.DeviceIndex).toBe(1);
    server.say(JSON.stringify([{ DeviceList: { Id: 0, Devices: vibrator() } }]));
    await eventually(async () => (await announced(client))[0]?.DeviceIndex).toBe(0);
    client.webSocket.close();
  });
});
