import { expect, it } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../../support/live-gateway.js';
import { CuttableProxy } from '../../support/mqtt/cuttable-proxy.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { somebody } from '../../support/mqtt/hand-client.js';
import { Mosquitto } from '../../support/mqtt/mosquitto.js';
import { announced, clientOf, eventually, startHub, statusOf } from '../../support/remote/hub.js';
import type { WireClient } from '../../support/wire-client.js';

const VIBRATE = 0;
const BATTERY = 9;
const BUTTON = 12;

/** A short ping time, so that whoever is gone is missed soon. */
const on = (url: string, gateway: string, maxPingTime = 2000) => ({
  'transport-mqtt': { broker: url, gateway, settle: 0, maxPingTime, reconnect: { maxDelay: 100 } },
});
const startRoom = (url: string, gateway: string, maxPingTime?: number) =>
  startLive({ config: { plugins: on(url, gateway, maxPingTime) } });
const startHubOn = (url: string, options: { remotes?: object[]; discover?: boolean; devices: number }) =>
  startHub({
    remotes: options.remotes ?? [],
    devices: options.devices,
    settings: { discover: options.discover ?? false },
    plugins: on(url, 'hub'),
  });

async function indexOf(client: WireClient, displayName: string): Promise<number> {
  const found = (await announced(client)).find(({ DeviceDisplayName }) => DeviceDisplayName === displayName);
  if (!found) throw new Error(`There is no ${displayName}`);
  return found.DeviceIndex;
}

const levelOf = async (room: LiveGateway) => (await room.simulated.output(TESTBED, VIBRATE)).level;

describeMosquitto('gateways on one broker', () => {
  it('show their devices in a hub that names one of them', async () => {
    await using broker = await Mosquitto.start();
    await using kitchen = await startRoom(broker.url, 'kitchen');
    await using hub = await startHubOn(broker.url, { remotes: [{ name: 'cook', gateway: 'kitchen' }], devices: 1 });
    const client = await clientOf(hub, 1);
    expect((await announced(client))[0]).toMatchObject({ DeviceDisplayName: 'Cook: Pulsegate Testbed' });
    expect(await statusOf(hub, 'cook')).toMatchObject({ address: 'mqtt:kitchen', state: 'connected', spec: 4 });
    await client.output(0, VIBRATE, { Vibrate: { Value: 13 } });
    await kitchen.simulated.reaches(TESTBED, VIBRATE, 13);
    const battery = { DeviceIndex: 0, FeatureIndex: BATTERY, Type: 'Battery', Command: 'Read' };
    expect((await client.ask({ InputCmd: battery })).InputReading).toMatchObject({ FeatureIndex: BATTERY });
    const button = { DeviceIndex: 0, FeatureIndex: BUTTON, Type: 'Button', Command: 'Subscribe' };
    expect(await client.ask({ InputCmd: button })).toHaveProperty('Ok');
    await kitchen.simulated.sense(TESTBED, BUTTON, 1);
    await client.event((message) => 'InputReading' in message);
    await client.ask({ StopCmd: {} });
    await kitchen.simulated.reaches(TESTBED, VIBRATE, 0);
    await eventually(async () => (await statusOf(hub, 'cook'))?.latencyMs).not.toBeNull();
    client.webSocket.close();
  });

  it('are found by a hub; one that vanishes takes its devices along and disturbs nobody', async () => {
    await using broker = await Mosquitto.start();
    await using way = await CuttableProxy.start(broker.port);
    await using kitchen = await startRoom(broker.url, 'kitchen');
    await using attic = await startRoom(way.url, 'attic');
    await using hub = await startHubOn(broker.url, { discover: true, devices: 2 });
    const client = await clientOf(hub, 2);
    const [inKitchen, inAttic] = [
      await indexOf(client, 'Kitchen: Pulsegate Testbed'),
      await indexOf(client, 'Attic: Pulsegate Testbed'),
    ];
    await client.output(inKitchen, VIBRATE, { Vibrate: { Value: 5 } });
    await client.output(inAttic, VIBRATE, { Vibrate: { Value: 6 } });
    await kitchen.simulated.reaches(TESTBED, VIBRATE, 5);
    await attic.simulated.reaches(TESTBED, VIBRATE, 6);
    way.refuse();
    await hub.simulated.connected(1);
    await attic.simulated.reaches(TESTBED, VIBRATE, 0);
    expect(await levelOf(kitchen)).toBe(5);
    await client.output(inKitchen, VIBRATE, { Vibrate: { Value: 9 } });
    await kitchen.simulated.reaches(TESTBED, VIBRATE, 9);
    way.accept();
    await hub.simulated.connected(2);
    expect(await indexOf(client, 'Attic: Pulsegate Testbed')).toBe(inAttic);
    expect(await levelOf(attic)).toBe(0);
    await client.output(inAttic, VIBRATE, { Vibrate: { Value: 7 } });
    await attic.simulated.reaches(TESTBED, VIBRATE, 7);
    expect((await statusOf(hub, 'attic'))?.state).toBe('connected');
    client.webSocket.close();
  });

  it('stop what the hub drives when the hub has lost the broker, and when it ends', async () => {
    await using broker = await Mosquitto.start();
    await using way = await CuttableProxy.start(broker.port);
    await using kitchen = await startRoom(broker.url, 'kitchen', 500);
    await using hub = await startHubOn(way.url, { discover: true, devices: 1 });
    const client = await clientOf(hub, 1);
    await client.output(0, VIBRATE, { Vibrate: { Value: 5 } });
    await kitchen.simulated.reaches(TESTBED, VIBRATE, 5);
    way.refuse();
    await hub.simulated.connected(0);
    await kitchen.simulated.reaches(TESTBED, VIBRATE, 0);
    way.accept();
    await hub.simulated.connected(1);
    await client.output(0, VIBRATE, { Vibrate: { Value: 8 } });
    await kitchen.simulated.reaches(TESTBED, VIBRATE, 8);
    await hub.gateway.stop();
    await kitchen.simulated.reaches(TESTBED, VIBRATE, 0);
    client.webSocket.close();
  });

  it('stop and are gone when the broker dies, and come back with it', async () => {
    await using broker = await Mosquitto.start();
    await using kitchen = await startRoom(broker.url, 'kitchen');
    await using hub = await startHubOn(broker.url, { discover: true, devices: 1 });
    const client = await clientOf(hub, 1);
    for (const value of [5, 6]) {
      await client.output(0, VIBRATE, { Vibrate: { Value: value } });
      await kitchen.simulated.reaches(TESTBED, VIBRATE, value);
      await broker.kill();
      await kitchen.simulated.reaches(TESTBED, VIBRATE, 0);
      await hub.simulated.connected(0);
      await broker.restart();
      await hub.simulated.connected(1);
      expect(await levelOf(kitchen)).toBe(0);
    }
    client.webSocket.close();
  });

  it('that all show all show each device once', async () => {
    await using broker = await Mosquitto.start();
    const start = (name: string) =>
      startHub({
        own: [{ model: 'Pulsegate Testbed' }],
        settings: { discover: true },
        plugins: on(broker.url, name),
      });
    await using kitchen = await start('kitchen');
    await using attic = await startHub({
      own: [{ model: 'Pulsegate Testbed' }],
      settings: { discover: true },
      plugins: on(broker.url, 'attic'),
      devices: 2,
    });
    await kitchen.simulated.connected(2);
    const client = await clientOf(attic, 2);
    expect((await announced(client)).map(({ DeviceDisplayName = 'own' }) => DeviceDisplayName).sort()).toEqual([
      'Kitchen: Pulsegate Testbed',
      'own',
    ]);
    client.webSocket.close();
  });

  it('take no notice of gateways that are none', async () => {
    await using broker = await Mosquitto.start();
    await using kitchen = await startRoom(broker.url, 'kitchen');
    await using hub = await startHubOn(broker.url, { discover: true, devices: 1 });
    await using stranger = await somebody(broker.url);
    for (const name of ['Not A Name', 'ghost', 'hub', 'x'.repeat(200), 'kitchen/deep']) {
      await stranger.publishAsync(`pulsegate/${name}/status`, 'online', { retain: true });
    }
    await stranger.publishAsync('pulsegate/junk/status', Buffer.alloc(100_000, 0xff), { retain: true });
    await eventually(async () => (await statusOf(hub, 'ghost'))?.state).toBe('connecting');
    const names = ((await (await fetch(`${hub.origin}/api/remotes`)).json()) as { name: string }[]).map(
      ({ name }) => name,
    );
    expect(names.sort()).toEqual(['ghost', 'kitchen']);
    const client = await clientOf(hub, 1);
    await client.output(0, VIBRATE, { Vibrate: { Value: 5 } });
    await kitchen.simulated.reaches(TESTBED, VIBRATE, 5);
    client.webSocket.close();
  });
});
