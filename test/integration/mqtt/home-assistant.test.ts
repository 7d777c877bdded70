import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { definePlugin, MQTT_BROKER, PLUGIN_API, Type } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import homeAssistant from '../../../plugins/home-assistant/index.js';
import mqttTopics from '../../../plugins/mqtt-topics/index.js';
import { DataFolder } from '../../support/data-folder.js';
import { type LiveGateway, startLive, TESTBED } from '../../support/live-gateway.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { Home } from '../../support/mqtt/home-assistant-home.js';
import { complaints } from '../../support/mqtt/home-assistant-schema.js';
import { Mosquitto } from '../../support/mqtt/mosquitto.js';
import { notBuiltIn } from '../../support/mqtt/plugins.js';
import { retainedAt } from '../../support/mqtt/retained-at.js';
import { PATIENCE_MS } from '../../support/timing.js';

/** From a wish in Home Assistant to the device, and back, over real brokers. */

const soon = { interval: 5, timeout: PATIENCE_MS };
const GATEWAY = 'kitchen';

interface Start {
  readonly broker: string;
  readonly homeAssistant?: object;
  readonly topics?: object;
  readonly config?: Readonly<Record<string, object>>;
  readonly devices?: number;
}

/** A gateway with a testbed, and where a home finds its broker. */
async function startGateway({ broker, homeAssistant: section = {}, topics = {}, config = {}, devices = 1 }: Start) {
  let address: string | undefined;
  const probe = definePlugin({
    name: 'broker-probe',
    kind: 'transport',
    api: PLUGIN_API,
    description: 'Tells a test where the embedded broker listens',
    config: Type.Object({}),
    create: ({ use }) => ({
      start() {
        address = use(MQTT_BROKER).broker?.address;
      },
      stop() {},
    }),
  });
  const { plugins = {}, ...rest } = config;
  const live = await startLive({
    devices,
    plugins: [probe, ...notBuiltIn(mqttTopics, homeAssistant)],
    config: {
      ...rest,
      plugins: {
        'transport-mqtt': { gateway: GATEWAY, broker, settle: 0, reconnect: { maxDelay: 200 } },
        'mqtt-topics': topics,
        'home-assistant': { birth: { maxDelay: 50 }, ...section },
        ...plugins,
      },
    },
  });
  return { live, url: broker === 'embedded' ? `mqtt://${address}` : broker };
}

/** Runs `test` with a home on the gateway's broker, once it knows the testbed. */
async function atHome(start: Start, test: (home: Home, live: LiveGateway, url: string) => Promise<void>) {
  const { live, url } = await startGateway(start);
  await using _live = live;
  await using home = await Home.start(url);
  await home.has('number.pulsegate_testbed_vibration', `button.pulsegate_${GATEWAY}_stop_all`);
  await home.isSoonAvailable('number.pulsegate_testbed_vibration');
  await test(home, live, url);
  expect(home.complaints).toEqual([]);
}

/** Feature and full level of every output of the testbed. */
const NUMBERS = [
  ['vibration', 0, 20],
  ['rotation', 1, 20],
  ['oscillation', 2, 20],
  ['constriction', 3, 5],
  ['temperature', 4, 10],
  ['light', 5, 100],
  ['spray', 6, 1],
  ['position', 7, 100],
  ['timed_position', 8, 100],
] as const;

function drivesEverything(broker: () => string): void {
  it.each(NUMBERS)('sets %s, and shows it', async (name, feature, most) => {
    await atHome({ broker: broker() }, async (home, live) => {
      const entity = `number.pulsegate_testbed_${name}`;
      await home.setValue(entity, 100);
      await live.simulated.reaches(TESTBED, feature, most);
      await home.reaches(entity, '100');
      await home.setValue(entity, 0);
      await live.simulated.reaches(TESTBED, feature, 0);
      await home.reaches(entity, '0');
    });
  });

  it('turns the other way below 0', async () => {
    await atHome({ broker: broker() }, async (home, live) => {
      await home.setValue('number.pulsegate_testbed_rotation', -50);
      await live.simulated.reaches(TESTBED, 1, -10);
      await home.reaches('number.pulsegate_testbed_rotation', '-50');
    });
  });

  it.each([
    ['the button of the device', 'button.pulsegate_testbed_stop'],
    ['the button of the gateway', `button.pulsegate_${GATEWAY}_stop_all`],
  ])('stops with %s', async (_name, button) => {
    await atHome({ broker: broker() }, async (home, live) => {
      await home.setValue('number.pulsegate_testbed_vibration', 50);
      await live.simulated.reaches(TESTBED, 0, 10);
      await home.press(button);
      await live.simulated.reaches(TESTBED, 0, 0);
      await home.reaches('number.pulsegate_testbed_vibration', '0');
    });
  });

  it('lets go of a level that nobody sets again', async () => {
    await atHome({ broker: broker(), homeAssistant: { hold: 300 } }, async (home, live) => {
      await home.setValue('number.pulsegate_testbed_vibration', 50);
      await live.simulated.reaches(TESTBED, 0, 10);
      await live.simulated.reaches(TESTBED, 0, 0);
      await home.reaches('number.pulsegate_testbed_vibration', '0');
    });
  });

  it('shows readings, the button and the gateway', async () => {
    await atHome({ broker: broker() }, async (home, live) => {
      await expect.poll(() => Number(home.state('sensor.pulsegate_testbed_battery')), soon).toBeGreaterThan(0);
      await expect.poll(() => Number(home.state('sensor.pulsegate_testbed_signal_strength')), soon).toBeLessThan(0);
      await live.simulated.sense(TESTBED, 11, 500);
      await home.reaches('sensor.pulsegate_testbed_pressure', '50');
      await live.simulated.sense(TESTBED, 12, 1);
      await home.reaches('binary_sensor.pulsegate_testbed_button_held', 'ON');
      await live.simulated.sense(TESTBED, 12, 0);
      await home.reaches('binary_sensor.pulsegate_testbed_button_held', 'OFF');
      await expect.poll(() => home.events('event.pulsegate_testbed_button'), soon).toEqual(['press', 'release']);
      await home.reaches(`binary_sensor.pulsegate_${GATEWAY}_connection`, 'ON');
      await home.reaches(`sensor.pulsegate_${GATEWAY}_connected_devices`, '1');
    });
  });

  it('turns a scan on and off', async () => {
    await atHome({ broker: broker() }, async (home) => {
      const scanning = `switch.pulsegate_${GATEWAY}_scanning`;
      await home.reaches(scanning, 'OFF');
      await home.turn(scanning, 'ON');
      await home.turn(scanning, 'OFF');
      await home.reaches(scanning, 'OFF');
    });
  });
}

describe('Home Assistant on the embedded broker', () => {
  drivesEverything(() => 'embedded');
});

describeMosquitto('Home Assistant on Mosquitto', () => {
  it('has all again when broker and gateway were away', async () => {
    await using broker = await Mosquitto.start();
    await atHome({ broker: broker.url }, async (home, live) => {
      const before = await broker.retained('homeassistant/#');
      expect(before.size).toBe(2);
      await home.setValue('number.pulsegate_testbed_vibration', 50);
      await live.simulated.reaches(TESTBED, 0, 10);
      await broker.restart();
      await live.simulated.reaches(TESTBED, 0, 0);
      await expect
        .poll(() => broker.retained('homeassistant/#'), { interval: 20, timeout: PATIENCE_MS })
        .toEqual(before);
      await home.isSoonAvailable('number.pulsegate_testbed_vibration');
    });
  });

  it('is told once more what the broker holds already, when it says that it has started', async () => {
    await using broker = await Mosquitto.start();
    await atHome({ broker: broker.url }, async (home) => {
      const before = home.announced.length;
      await using again = await Home.start(broker.url);
      await again.has('number.pulsegate_testbed_vibration');
      await expect.poll(() => home.announced.length, soon).toBe(before + 2);
    });
  });

  it('shows a toy that drops out as away after the grace time, and as there when it is back', async () => {
    await using broker = await Mosquitto.start();
    const times = { homeAssistant: { grace: 100 }, topics: { grace: 100 } };
    await atHome({ broker: broker.url, ...times }, async (home, live) => {
      const entity = 'number.pulsegate_testbed_vibration';
      await live.simulated.drop(TESTBED, 1);
      await home.isSoonAvailable(entity, false);
      expect(home.entities.has(entity)).toBe(true);
      await home.isSoonAvailable(entity);
    });
  });

  it('is rid of a toy after the grace time where the configuration says so, and has it again when it is back', async () => {
    await using broker = await Mosquitto.start();
    const times = { homeAssistant: { grace: 100, removed: 'cleared' }, topics: { grace: 100, removed: 'cleared' } };
    await atHome({ broker: broker.url, ...times }, async (home, live, url) => {
      const entity = 'number.pulsegate_testbed_vibration';
      await live.simulated.drop(TESTBED, 2);
      await home.hasNot(entity);
      expect([...(await retainedAt(url, 'homeassistant/#')).keys()]).toEqual([
        'homeassistant/device/pulsegate_kitchen_gateway/config',
      ]);
      await expect.poll(() => retainedAt(url, 'pulsegate/kitchen/devices/#'), soon).toEqual(new Map());
      await home.has(entity);
      await home.isSoonAvailable(entity);
    });
  });

  it('is spared what is stale or junk among the gateway’s own, and nobody else’s is touched', async () => {
    await using broker = await Mosquitto.start();
    const own = ['pulsegate_kitchen_stale', 'pulsegate_kitchen_gateway', 'pulsegate_kitchen_'];
    const others = ['pulsegate_kitchen-2_gateway', 'pulsegate_attic_gateway', 'zigbee2mqtt_bridge', 'junk'];
    const topicOf = (objectId: string) => `homeassistant/device/${objectId}/config`;
    const theirs = [...others.map(topicOf), 'homeassistant/status', 'homeassistant/sensor/pulsegate_kitchen_x/config'];
    const other = await connectAsync(broker.url);
    const junk = [Buffer.from('{'), Buffer.alloc(100_000, '['), Buffer.from([0, 255, 254])];
    for (const [place, topic] of [...own.map(topicOf), ...theirs].entries()) {
      await other.publishAsync(topic, junk[place % junk.length] ?? '', { retain: true, qos: 1 });
    }
    await other.endAsync();
    const { live } = await startGateway({ broker: broker.url });
    await using _live = live;
    await expect
      .poll(
        async () => [...(await broker.retained('homeassistant/#')).keys()].filter((topic) => !theirs.includes(topic)),
        soon,
      )
      .toEqual([expect.stringContaining('pulsegate_kitchen_gateway'), expect.stringContaining('pulsegate-testbed')]);
    expect([...(await broker.retained('homeassistant/#')).keys()]).toEqual(expect.arrayContaining(theirs));
    const config = (await broker.retained('homeassistant/#')).get(topicOf('pulsegate_kitchen_gateway')) ?? '';
    expect(complaints(topicOf('pulsegate_kitchen_gateway'), config)).toEqual([]);
  });

  it('keeps a toy that sleeps while the gateway starts anew, and shows it as away', async () => {
    await using broker = await Mosquitto.start();
    await using folder = await DataFolder.create();
    const start = { broker: broker.url, homeAssistant: { state: join(folder.path, 'home-assistant.json') } };
    const entity = 'number.pulsegate_testbed_vibration';
    await using home = await Home.start(broker.url);
    {
      await using _first = (await startGateway(start)).live;
      await home.has(entity);
      await home.isSoonAvailable(entity);
    }
    await home.isSoonAvailable(entity, false);
    const asleep = { config: { plugins: { 'hardware-simulated': { devices: [] } } }, devices: 0 };
    await using _second = (await startGateway({ ...start, ...asleep })).live;
    await home.reaches(`sensor.pulsegate_${GATEWAY}_connected_devices`, '0');
    await home.isSoonAvailable(`button.pulsegate_${GATEWAY}_stop_all`);
    // Nothing of the toy is at the broker but that Home Assistant is to remember it.
    await expect.poll(() => retainedAt(broker.url, 'pulsegate/kitchen/devices/#'), soon).toEqual(new Map());
    expect(home.entities.has(entity)).toBe(true);
    expect(home.isAvailable(entity)).toBe(false);
  });
});
