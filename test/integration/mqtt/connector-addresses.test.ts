import { ButtplugClient, DeviceOutput } from 'buttplug-v4';
import { type MqttConnectorOptions, mqttConnector } from 'pulsegate/mqtt';
import { expect, it } from 'vitest';
import { type LiveGateway, startLive, TESTBED } from '../../support/live-gateway.js';
import { Authority } from '../../support/mqtt/certificates.js';
import { CuttableProxy } from '../../support/mqtt/cuttable-proxy.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { type Door, openDoor, type Scheme } from '../../support/mqtt/mosquitto-door.js';
import { GATEWAY, isUp, metricReaches } from '../../support/mqtt/session-home.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** `pulsegate/mqtt` at every kind of address, and with both versions of MQTT. */

const soon = { interval: 5, timeout: PATIENCE_MS };
/** As Mosquitto logs them, by the number in the packet. */
const LOGGED = { 4: 'p2', 5: 'p5' } as const;

/** A gateway on a Mosquitto, and a line there for apps that can be cut. */
interface Home extends AsyncDisposable {
  readonly live: LiveGateway;
  readonly door: Door;
  readonly line: CuttableProxy;
  readonly authority: Authority;
  /** Where apps go, by way of the line. */
  readonly url: string;
  /** What they need for that. */
  readonly tls: Pick<MqttConnectorOptions, 'ca'>;
}

async function start(scheme: Scheme): Promise<Home> {
  await using stack = new AsyncDisposableStack();
  const authority = stack.use(await Authority.create('home'));
  const isSecure = scheme === 'mqtts' || scheme === 'wss';
  const server = isSecure ? { server: await authority.issue('server') } : {};
  const door = stack.use(await openDoor({ scheme, ...server }));
  const line = stack.use(await CuttableProxy.start(door.port));
  const live = stack.use(
    await startLive({
      config: { plugins: { 'transport-mqtt': { gateway: GATEWAY, settle: 0, broker: door.broker.url } } },
    }),
  );
  await isUp(live);
  const kept = stack.move();
  return {
    live,
    door,
    line,
    authority,
    url: `${scheme}://127.0.0.1:${line.port}`,
    tls: isSecure ? { ca: authority.certificate } : {},
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function connected(options: Pick<MqttConnectorOptions, 'broker'> & Partial<MqttConnectorOptions>) {
  const connector = mqttConnector({ gateway: GATEWAY, ...options });
  const reasons: unknown[] = [];
  connector.on('disconnect', (reason) => reasons.push(reason));
  const client = new ButtplugClient('connector test');
  await client.connect(connector);
  return {
    client,
    reasons,
    async vibrate(value: number): Promise<void> {
      for (const device of client.devices.values()) await device.runOutput(DeviceOutput.Vibrate.value(value));
    },
    [Symbol.asyncDispose]: () => connector.disconnect(),
  };
}

for (const scheme of ['mqtt', 'mqtts', 'ws', 'wss'] as const) {
  for (const protocolVersion of [4, 5] as const) {
    describeMosquitto(`the connector at ${scheme}:// with MQTT ${protocolVersion === 5 ? '5' : '3.1.1'}`, () => {
      it('shakes hands, shows the devices, drives one and stops it', async () => {
        await using home = await start(scheme);
        const { live, url: broker, tls } = home;
        await using app = await connected({ broker, protocolVersion, clientId: 'the-app', ...tls });
        expect(home.door.broker.said).toMatch(new RegExp(`as the-app \\(${LOGGED[protocolVersion]},`));
        expect(app.client.serverInfo).toMatchObject({ serverName: 'Pulsegate', maxPingTime: 10_000 });
        expect(Array.from(app.client.devices.values(), ({ name }) => name)).toEqual(['Pulsegate Testbed']);
        await app.vibrate(13);
        await live.simulated.reaches(TESTBED, 0, 13);
        await app.client.stopAllDevices();
        await live.simulated.reaches(TESTBED, 0, 0);
        await app.vibrate(7);
        await live.simulated.reaches(TESTBED, 0, 7);
        await app.client.disconnect();
        await live.simulated.reaches(TESTBED, 0, 0);
        expect(app.reasons).toEqual(['The client disconnected']);
        await metricReaches(live, 'pulsegate_mqtt_sessions', 0);
      });

      it('is missed at once when its line breaks, and what it drove stops; it comes back as another session', async () => {
        await using home = await start(scheme);
        const { live, url: broker, tls } = home;
        {
          await using app = await connected({ broker, protocolVersion, ...tls });
          await app.vibrate(13);
          await live.simulated.reaches(TESTBED, 0, 13);
          home.line.cut();
          await live.simulated.reaches(TESTBED, 0, 0);
          await expect
            .poll(() => app.reasons, soon)
            .toEqual([expect.stringMatching(/^The connection to the MQTT broker is lost/)]);
        }
        await using again = await connected({ broker, protocolVersion, ...tls });
        await again.vibrate(5);
        await live.simulated.reaches(TESTBED, 0, 5);
      });
    });
  }
}

for (const scheme of ['mqtts', 'wss'] as const) {
  describeMosquitto(`the connector at ${scheme}://`, () => {
    it('does not believe a broker that nobody vouches for, unless it is told to', async () => {
      await using home = await start(scheme);
      await using stranger = await Authority.create('stranger');
      const { url: broker } = home;
      await expect(connected({ broker, ca: stranger.certificate })).rejects.toThrow(
        /^No connection to the MQTT broker: .*certificate/,
      );
      await using app = await connected({ broker, ca: stranger.certificate, rejectUnauthorized: false });
      await app.vibrate(13);
      await home.live.simulated.reaches(TESTBED, 0, 13);
    });

    it('shows a certificate of its own where it has one', async () => {
      await using authority = await Authority.create('home');
      const server = await authority.issue('server');
      await using door = await openDoor({ scheme, server, clients: authority });
      const section = { gateway: GATEWAY, settle: 0, broker: door.broker.url };
      await using live = await startLive({ config: { plugins: { 'transport-mqtt': section } } });
      await isUp(live);
      const ca = authority.certificate;
      await expect(connected({ broker: door.url, ca })).rejects.toThrow('No connection to the MQTT broker');
      await using app = await connected({ broker: door.url, ca, ...authority.identify('app') });
      await app.vibrate(13);
      await live.simulated.reaches(TESTBED, 0, 13);
    });
  });
}
