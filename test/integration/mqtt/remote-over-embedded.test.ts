import { describe, expect, it } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../../support/live-gateway.js';
import { CuttableProxy } from '../../support/mqtt/cuttable-proxy.js';
import { startBroker } from '../../support/mqtt/embedded-broker.js';
import { warningsOf } from '../../support/mqtt/gateway-says.js';
import { announced, clientOf, eventually, startHub, statusOf } from '../../support/remote/hub.js';

/** Devices of another gateway, by way of a broker that is inside a gateway: a third one, the one that has them, or the one that shows them. */

const VIBRATE = 0;

/** Settings of the connection; a short ping time, so that whoever is gone is missed soon. */
const on = (broker: string, gateway: string) => ({
  'transport-mqtt': { broker, gateway, settle: 0, maxPingTime: 2_000, reconnect: { maxDelay: 100 } },
});

const startRoom = (broker: string, gateway = 'kitchen') => startLive({ config: { plugins: on(broker, gateway) } });

/** It shows what there is; the room need not be there yet. */
const startHubOn = (broker: string, settings: object = { discover: true }) =>
  startHub({ settings, plugins: on(broker, 'hub'), devices: 0 });

/** What a hub has to be allowed as docs/mqtt.md says; and a room that may read this beside its own topics. */
function accounts(readable: readonly string[]) {
  const own = (name: string) => [`pulsegate/${name}/#`, 'homeassistant/#'];
  const sessions = 'pulsegate/+/clients/gateway_hub/#';
  return {
    kitchen: { password: 'kitchen-secret', publish: own('kitchen'), subscribe: [...own('kitchen'), ...readable] },
    hub: {
      password: 'hub-secret',
      publish: [...own('hub'), sessions],
      subscribe: [...own('hub'), 'pulsegate/+/status', sessions],
    },
  };
}

/** Settings of the connection of somebody who has such an account. */
const as = (name: string, url: string) => ({
  'transport-mqtt': { ...on(url, name)['transport-mqtt'], username: name, password: `${name}-secret` },
});

/** Where a gateway's own broker is. */
function portOf({ log }: LiveGateway): number {
  const [, port] = /MQTT clients are welcome on mqtt:\/\/[\d.]+:(\d+)/.exec(log.join('')) ?? [];
  return Number(port ?? expect.fail('It has no broker'));
}

const urlOf = (gateway: LiveGateway) => `mqtt://127.0.0.1:${portOf(gateway)}`;

/** A client of the hub drives the room's testbed to this level, and it is shown by its name. */
async function isDriven(hub: LiveGateway, room: LiveGateway, value: number) {
  const client = await clientOf(hub, 1);
  const [device] = await announced(client);
  expect(device).toMatchObject({ DeviceDisplayName: 'Kitchen: Pulsegate Testbed' });
  await client.output(device?.DeviceIndex ?? -1, VIBRATE, { Vibrate: { Value: value } });
  await room.simulated.reaches(TESTBED, VIBRATE, value);
  return client;
}

const shownOf = async (hub: LiveGateway) => (await statusOf(hub, 'kitchen'))?.devices;

describe('two gateways on the embedded broker of a third', () => {
  it('one shows the device of the other, drives it, and has it no more when the other ends', async () => {
    await using third = await startBroker();
    const url = `mqtt://127.0.0.1:${third.port}`;
    await using hub = await startHubOn(url);
    await using room = await startRoom(url);
    const client = await isDriven(hub, room, 13);
    await client.ask({ StopCmd: {} });
    await room.simulated.reaches(TESTBED, VIBRATE, 0);
    await client.output(0, VIBRATE, { Vibrate: { Value: 5 } });
    await room.simulated.reaches(TESTBED, VIBRATE, 5);
    await room.gateway.stop();
    await hub.simulated.connected(0);
    expect(await announced(client)).toEqual([]);
    await eventually(() => shownOf(hub)).toEqual([]);
    await using again = await startRoom(url);
    await hub.simulated.connected(1);
    // It is the same device to whoever drives it.
    await client.output(0, VIBRATE, { Vibrate: { Value: 6 } });
    await again.simulated.reaches(TESTBED, VIBRATE, 6);
    client.webSocket.close();
  });

  it('stop when the hub ends, and when its client does', async () => {
    await using third = await startBroker();
    const url = `mqtt://127.0.0.1:${third.port}`;
    await using room = await startRoom(url);
    await using hub = await startHubOn(url);
    const client = await isDriven(hub, room, 13);
    client.socket.destroy();
    await room.simulated.reaches(TESTBED, VIBRATE, 0);
    const other = await isDriven(hub, room, 7);
    await hub.gateway.stop();
    await room.simulated.reaches(TESTBED, VIBRATE, 0);
    await other.closed;
  });

  it('one that vanishes without a word takes its device along, and both are whole when it is back', async () => {
    await using third = await startBroker();
    await using way = await CuttableProxy.start(third.port);
    await using hub = await startHubOn(`mqtt://127.0.0.1:${third.port}`);
    await using room = await startRoom(way.url);
    const client = await isDriven(hub, room, 13);
    way.refuse();
    await hub.simulated.connected(0);
    await room.simulated.reaches(TESTBED, VIBRATE, 0);
    way.accept();
    await hub.simulated.connected(1);
    expect((await room.simulated.output(TESTBED, VIBRATE)).level).toBe(0);
    client.webSocket.close();
    const again = await isDriven(hub, room, 4);
    again.webSocket.close();
  });

  it('lose each other when the third ends, and nothing stays on', async () => {
    await using third = await startBroker();
    const url = `mqtt://127.0.0.1:${third.port}`;
    await using room = await startRoom(url);
    await using hub = await startHubOn(url);
    const client = await isDriven(hub, room, 13);
    await third.live.gateway.stop();
    await hub.simulated.connected(0);
    await room.simulated.reaches(TESTBED, VIBRATE, 0);
    client.webSocket.close();
  });

  it('need not be allowed more than their own topics, each other’s status and their sessions', async () => {
    await using third = await startBroker({ users: accounts(['pulsegate/+/status']) });
    const url = `mqtt://127.0.0.1:${third.port}`;
    await using room = await startLive({ config: { plugins: as('kitchen', url) } });
    await using hub = await startHub({ settings: { discover: true }, plugins: as('hub', url), devices: 1 });
    const client = await isDriven(hub, room, 13);
    client.webSocket.close();
    await room.simulated.reaches(TESTBED, VIBRATE, 0);
    expect(third.live.log.filter((line) => line.includes('may not'))).toEqual([]);
  });

  it('stop by the missing ping where they may not know each other’s status, and say what is missing', async () => {
    await using third = await startBroker({ users: accounts([]) });
    await using way = await CuttableProxy.start(third.port);
    await using room = await startLive({ config: { plugins: as('kitchen', `mqtt://127.0.0.1:${third.port}`) } });
    await using hub = await startHub({ settings: { discover: true }, plugins: as('hub', way.url), devices: 1 });
    const client = await isDriven(hub, room, 13);
    expect(warningsOf(room, 'does not let')).toEqual([
      'mqtt: The MQTT broker does not let this gateway subscribe to "pulsegate/hub/status"',
    ]);
    way.refuse();
    await room.simulated.reaches(TESTBED, VIBRATE, 0);
    client.webSocket.close();
  });
});

describe('a gateway on the embedded broker of the one that shows its device', () => {
  it.each([
    ['finds', { discover: true }],
    ['is told of', { remotes: [{ name: 'kitchen', gateway: 'kitchen' }] }],
  ])('which %s it: the device is driven, and is gone when its gateway ends', async (_how, settings) => {
    await using hub = await startHubOn('embedded', settings);
    await using room = await startRoom(urlOf(hub));
    const client = await isDriven(hub, room, 13);
    await room.gateway.stop();
    await hub.simulated.connected(0);
    await eventually(() => shownOf(hub)).toEqual([]);
    await using again = await startRoom(urlOf(hub));
    await hub.simulated.connected(1);
    expect((await again.simulated.output(TESTBED, VIBRATE)).level).toBe(0);
    await client.output(0, VIBRATE, { Vibrate: { Value: 3 } });
    await again.simulated.reaches(TESTBED, VIBRATE, 3);
    client.webSocket.close();
  });

  it('stops when that one ends', async () => {
    await using hub = await startHubOn('embedded');
    await using room = await startRoom(urlOf(hub));
    await isDriven(hub, room, 13);
    await hub.gateway.stop();
    await room.simulated.reaches(TESTBED, VIBRATE, 0);
  });
});

describe('a gateway that shows a device of the one whose embedded broker it is on', () => {
  it('drives it, and has it no more when that one ends, broker and all', async () => {
    await using room = await startRoom('embedded');
    await using hub = await startHubOn(urlOf(room));
    const client = await isDriven(hub, room, 13);
    const port = portOf(room);
    await room.gateway.stop();
    await hub.simulated.connected(0);
    await eventually(async () => (await statusOf(hub, 'kitchen'))?.state).not.toBe('connected');
    await using again = await startLive({
      config: { plugins: { ...on('embedded', 'kitchen'), 'mqtt-broker': { port } } },
    });
    await hub.simulated.connected(1);
    expect((await again.simulated.output(TESTBED, VIBRATE)).level).toBe(0);
    await client.output(0, VIBRATE, { Vibrate: { Value: 3 } });
    await again.simulated.reaches(TESTBED, VIBRATE, 3);
    client.webSocket.close();
  });

  it('stops it when it ends itself', async () => {
    await using room = await startRoom('embedded');
    await using hub = await startHubOn(urlOf(room));
    await isDriven(hub, room, 13);
    await hub.gateway.stop();
    await room.simulated.reaches(TESTBED, VIBRATE, 0);
  });
});
