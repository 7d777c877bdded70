import { ButtplugClient as ButtplugClientV3, fromJSON } from 'buttplug-v3';
import { ButtplugClient, DeviceOutput } from 'buttplug-v4';
import { connectAsync } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { type MqttConnectorOptions, mqttConnector } from '../../../plugins/transport-mqtt/connector/index.js';
import { type LiveGateway, TESTBED } from '../../support/live-gateway.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { somebody } from '../../support/mqtt/hand-client.js';
import { Mosquitto } from '../../support/mqtt/mosquitto.js';
import { GATEWAY, isUp, metricReaches, onEmbedded, onMosquitto, ROOT } from '../../support/mqtt/session-home.js';
import { decode } from '../../support/stop/outputs.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** `pulsegate/mqtt`, with the clients it is made for, on real brokers. */

const LOST = /^The connection to the MQTT broker is lost/;
const soon = { interval: 5, timeout: PATIENCE_MS };

/** A client of version 4, and why its sessions ended. */
async function connected(broker: MqttConnectorOptions['broker'], options: Partial<MqttConnectorOptions> = {}) {
  const connector = mqttConnector({ broker, gateway: GATEWAY, ...options });
  const reasons: unknown[] = [];
  connector.on('disconnect', (reason) => reasons.push(reason));
  const client = new ButtplugClient('connector test');
  await client.connect(connector);
  return {
    client,
    connector,
    reasons,
    async vibrate(live: LiveGateway): Promise<void> {
      for (const device of client.devices.values()) await device.runOutput(DeviceOutput.Vibrate.value(13));
      await live.simulated.reaches(TESTBED, 0, 13);
    },
    [Symbol.asyncDispose]: () => connector.disconnect(),
  };
}

const homes = { 'the embedded broker': onEmbedded, Mosquitto: onMosquitto };

for (const [name, start] of Object.entries(homes)) {
  const describeHome = start === onEmbedded ? describe : describeMosquitto;
  describeHome(`the connector on ${name}`, () => {
    it('brings buttplug 5 to the gateway, and stops its device when it leaves', async () => {
      await using home = await start();
      await using app = await connected(home.url);
      expect(app.client.serverInfo).toMatchObject({ serverName: 'Pulsegate', maxPingTime: 10_000 });
      await app.vibrate(home.live);
      await app.client.disconnect();
      await home.live.simulated.reaches(TESTBED, 0, 0);
      expect(app.client.connected).toBe(false);
      expect(app.reasons).toEqual(['The client disconnected']);
      await metricReaches(home.live, 'pulsegate_mqtt_sessions', 0);
    });

    it('brings buttplug 3 to the gateway', async () => {
      await using home = await start();
      const connector = mqttConnector({ broker: home.url, gateway: GATEWAY, parse: fromJSON });
      const client = new ButtplugClientV3('connector test');
      await client.connect(connector);
      const [device] = client.devices;
      await device?.vibrate(0.5);
      await home.live.simulated.reaches(TESTBED, 0, 10);
      expect(await device?.battery()).toBe(1);
      await client.disconnect();
      await home.live.simulated.reaches(TESTBED, 0, 0);
    });

    it('pings for the app, which hears nothing of that', async () => {
      await using home = await start({ section: { maxPingTime: 300 } });
      await using app = await connected(home.url);
      const heard: unknown[] = [];
      app.connector.on('message', (messages) => heard.push(messages));
      await app.vibrate(home.live);
      const before = heard.length;
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(app.client.connected).toBe(true);
      expect(heard).toHaveLength(before);
      expect((await home.live.simulated.output(TESTBED, 0)).level).toBe(13);
    });

    it('does not ping for an app that does so itself, or has stopped', async () => {
      await using home = await start({ section: { maxPingTime: 300 } });
      await using app = await connected(home.url, { ping: false });
      await app.vibrate(home.live);
      await home.live.simulated.reaches(TESTBED, 0, 0);
      await expect.poll(() => app.reasons, soon).toEqual(['The gateway has closed the session: ping missed']);
    });

    it('notices that its line is cut, and connects anew when asked to', async () => {
      await using home = await start();
      await using app = await connected(home.line.url);
      await app.vibrate(home.live);
      home.line.cut();
      await home.live.simulated.reaches(TESTBED, 0, 0);
      await expect.poll(() => app.reasons, soon).toEqual([expect.stringMatching(LOST)]);
      expect(app.client.connected).toBe(false);
      expect(() => app.connector.send({ Ping: { Id: 1 } })).toThrow('The connector is not connected');
      await app.client.connect(app.connector);
      await app.vibrate(home.live);
    });

    it('gives way to another app of the same name, and does not fight', async () => {
      await using home = await start();
      await using older = await connected(home.url, { client: 'app' });
      await older.vibrate(home.live);
      await using newer = await connected(home.url, { client: 'app' });
      await expect
        .poll(() => older.reasons, soon)
        .toEqual(['The gateway has closed the session: another session of this client has begun']);
      await newer.vibrate(home.live);
      expect(newer.reasons).toEqual([]);
    });

    it('works on a client that the app has anyway, and leaves that as it was', async () => {
      await using home = await start();
      await using mqtt = await somebody(home.url);
      const before = mqtt.listenerCount('message');
      await using app = await connected(mqtt);
      await app.vibrate(home.live);
      await app.client.disconnect();
      await home.live.simulated.reaches(TESTBED, 0, 0);
      expect(mqtt.connected).toBe(true);
      expect(mqtt.listenerCount('message')).toBe(before);
    });

    it('says when there is no gateway of that name', async () => {
      await using home = await start();
      await expect(connected(home.url, { gateway: 'attic', timeoutMs: 300 })).rejects.toThrow(
        'There is no gateway "attic" on this broker: pulsegate/attic/status does not say that it is online',
      );
    });
  });
}

describeMosquitto('the connector', () => {
  it('notices that the gateway has left the broker', async () => {
    await using home = await onMosquitto();
    await using app = await connected(home.url);
    await app.vibrate(home.live);
    home.gatewayLine.refuse();
    await expect.poll(() => app.reasons, soon).toEqual([`The gateway "${GATEWAY}" is offline`]);
    await home.live.simulated.reaches(TESTBED, 0, 0);
    await expect(app.connector.connect()).rejects.toThrow(`The gateway "${GATEWAY}" is offline`);
    home.gatewayLine.accept();
    await isUp(home.live);
    await app.client.connect(app.connector);
    await app.vibrate(home.live);
  });

  it('gets in while the gateway still ignores what may be late', async () => {
    await using home = await onMosquitto({ section: { settle: 1_000 } });
    await using app = await connected(home.url);
    await app.vibrate(home.live);
  });

  it('says when a broker cannot be reached', async () => {
    await using broker = await Mosquitto.start();
    await broker.kill();
    await expect(connected(broker.url)).rejects.toThrow(/^No connection to the MQTT broker: .*ECONNREFUSED/);
  });

  it('says when a broker does not answer', async () => {
    await using broker = await Mosquitto.start();
    broker.pause();
    await expect(connected(broker.url, { timeoutMs: 300 })).rejects.toThrow(/MQTT broker/);
    broker.resume();
  });

  it('says when a broker does not know it', async () => {
    await using broker = await Mosquitto.start({ users: { home: 'secret' } });
    await expect(connected(broker.url, { username: 'home', password: 'wrong' })).rejects.toThrow(/Not authorized/i);
  });

  it('can be left while it still connects', async () => {
    await using broker = await Mosquitto.start();
    const connector = mqttConnector({ broker: broker.url, gateway: GATEWAY });
    const connecting = connector.connect();
    await connector.disconnect();
    await expect(connecting).rejects.toThrow('The client disconnected');
    expect(connector.Connected).toBe(false);
  });

  it('leaves when messages of the gateway are missing, and its device stops', async () => {
    await using home = await onMosquitto();
    await using other = await somebody(home.url);
    const downs: string[] = [];
    other.on('message', (topic) => downs.push(topic));
    await other.subscribeAsync(`${ROOT}/clients/+/+/down`);
    await using app = await connected(home.url);
    await app.vibrate(home.live);
    await other.publishAsync(downs[0] ?? '', '40 [{"Ok":{"Id":1}}]', { qos: 1 });
    await expect.poll(() => app.reasons, soon).toEqual(['Messages of the gateway are missing']);
    await home.live.simulated.reaches(TESTBED, 0, 0);
  });

  it('hears what is sent twice once, and nothing that was retained', async () => {
    await using home = await onMosquitto();
    await using other = await somebody(home.url);
    const downs: string[] = [];
    other.on('message', (topic) => downs.push(topic));
    await other.subscribeAsync(`${ROOT}/clients/+/+/down`);
    await using app = await connected(home.url);
    const heard: unknown[] = [];
    app.connector.on('message', (messages) => heard.push(messages));
    for (const payload of ['1 []', '2 [{"Ok":{"Id":1}}]', 'junk', '-1 []']) {
      await other.publishAsync(downs[0] ?? '', payload, { qos: 1 });
    }
    await app.vibrate(home.live);
    expect(heard).toEqual([[{ Ok: { Id: expect.any(Number) } }]]);
  });

  it('lets a client of the app’s send nothing of a session after a reconnect', async () => {
    await using home = await onMosquitto({ section: { maxPingTime: 600 } });
    const mqtt = await connectAsync(home.line.url, { reconnectPeriod: 20 });
    await using _end = { [Symbol.asyncDispose]: () => mqtt.endAsync(true) };
    await using app = await connected(mqtt);
    await app.vibrate(home.live);
    home.line.block();
    app.connector.send({ OutputCmd: { Id: 77, DeviceIndex: 0, FeatureIndex: 1, Command: { Rotate: { Value: 5 } } } });
    home.line.cut();
    home.line.unblock();
    await expect.poll(() => app.reasons, soon).toEqual([expect.stringMatching(LOST)]);
    await expect.poll(() => mqtt.connected, soon).toBe(true);
    await home.live.simulated.reaches(TESTBED, 0, 0);
    await metricReaches(home.live, 'pulsegate_mqtt_sessions', 0);
    expect(await rotations(home.live)).toEqual([]);
  });

  it('notices that nobody answers any more, and answers what the app has asked', async () => {
    await using home = await onMosquitto({ section: { maxPingTime: 600 } });
    await using app = await connected(home.line.url);
    await app.vibrate(home.live);
    home.line.block();
    const asked = app.client.stopAllDevices();
    await expect(asked).rejects.toThrow('No answer, and none will come: The gateway does not answer');
    expect(app.reasons).toEqual(['The gateway does not answer']);
    await home.live.simulated.reaches(TESTBED, 0, 0);
  });

  it.each(['v3', 'v4'])('leaves no promise of the client open when the session ends (%s)', async (version) => {
    await using home = await onMosquitto();
    const connector = mqttConnector({
      broker: home.line.url,
      gateway: GATEWAY,
      ...(version === 'v3' && { parse: fromJSON }),
    });
    const client = version === 'v3' ? new ButtplugClientV3('test') : new ButtplugClient('test');
    await client.connect(connector);
    home.line.block();
    const asked = client.startScanning();
    home.line.cut();
    await expect(asked).rejects.toThrow('No answer, and none will come: The connection to the MQTT broker is lost');
  });
});

/** Packets that turned the device. */
async function rotations({ simulated }: LiveGateway) {
  const { packets } = await simulated.state(TESTBED);
  return packets
    .map(({ time, hex }) => decode(Date.parse(time), hex))
    .filter(({ feature, level }) => feature === 1 && level !== 0);
}

describe('the options of the connector', () => {
  it.each([
    [{ gateway: 'a/b' }, '"a/b" is not the name of a gateway'],
    [{ gateway: '+' }, '"+" is not the name of a gateway'],
    [{ client: 'a b' }, '"a b" is not a name for a client'],
    [{ baseTopic: 'home/#' }, '"home/#" is not a topic'],
    [{ baseTopic: '' }, '"" is not a topic'],
  ])('are refused at once: %j', (wrong, text) => {
    expect(() => mqttConnector({ broker: 'mqtt://127.0.0.1', gateway: GATEWAY, ...wrong })).toThrow(text);
  });
});
