import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { DeviceCard } from 'pulsegate/plugin';
import { describe, expect, it } from 'vitest';
import { exampleCards } from '../../support/mqtt/home-assistant.js';
import { complaints } from '../../support/mqtt/home-assistant-schema.js';
import { HomeAssistantStage } from '../../support/mqtt/home-assistant-stage.js';

const DAY_MS = 86_400_000;
const GATEWAY = 'pulsegate_kitchen_gateway';
const cards = await exampleCards();
const [edge, handy] = [cardOf('Lovense Edge'), cardOf('The Handy')];
const topicOf = ({ id }: DeviceCard) => `homeassistant/device/pulsegate_kitchen_${id}/config`;
const objectIdOf = ({ id }: DeviceCard) => `pulsegate_kitchen_${id}`;

function cardOf(name: string): DeviceCard {
  const card = cards.get(name);
  if (!card) throw new Error(`There is no ${name}`);
  return card;
}

/** The components of a device, as they are retained. */
function componentsOf(stage: HomeAssistantStage, card: DeviceCard): Record<string, object> {
  return JSON.parse(stage.broker.retained.get(topicOf(card)) ?? '{}').components;
}

describe('what is announced', () => {
  it('is the gateway, and every device as it connects, each in a form that Home Assistant takes', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    expect(stage.announced).toEqual([GATEWAY]);
    for (const card of cards.values()) stage.register.add(card);
    expect(stage.announced).toEqual([GATEWAY, ...[...cards.values()].map(objectIdOf)]);
    for (const [topic, payload] of stage.broker.retained) {
      if (topic.startsWith('homeassistant/')) expect(complaints(topic, payload)).toEqual([]);
    }
  });

  it('tells how many devices are connected', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    const counted = () => stage.broker.retained.get('pulsegate/kitchen/device-count');
    expect(counted()).toBe('0');
    stage.register.add(edge);
    stage.register.add(handy);
    expect(counted()).toBe('2');
    stage.register.remove(edge);
    expect(counted()).toBe('1');
  });

  it('is not what another server has, where the configuration says so; not even what was announced before', async () => {
    await using stage = await HomeAssistantStage.create();
    const theirs = { ...edge, id: 'remote-1a2b3c4d', protocol: 'remote', index: 9 };
    await stage.start();
    stage.register.add(theirs);
    expect(stage.announced).toEqual([GATEWAY, objectIdOf(theirs)]);
    await stage.restart({ remote: false });
    stage.register.add(theirs);
    stage.register.add(edge);
    stage.register.remove(theirs);
    expect(stage.announced).toEqual([GATEWAY, objectIdOf(edge)]);
  });

  it('is under the prefix of the configuration', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start({ discoveryPrefix: 'ha/discovery' });
    stage.register.add(edge);
    expect(stage.broker.retained.has(`ha/discovery/device/${objectIdOf(edge)}/config`)).toBe(true);
    expect([...stage.broker.retained.keys()].some((topic) => topic.startsWith('homeassistant'))).toBe(false);
  });

  it('leaves alone what others have under the same prefix', async () => {
    await using stage = await HomeAssistantStage.create();
    const others = ['pulsegate_kitchen-2_a', 'pulsegate_attic_b', 'zigbee2mqtt_bridge', 'pulsegate_kitchen'];
    for (const other of others) stage.broker.retained.set(`homeassistant/device/${other}/config`, '{}');
    stage.broker.retained.set('homeassistant/sensor/pulsegate_kitchen_x/config', '{}');
    stage.broker.retained.set('homeassistant/device/pulsegate_kitchen_stale/config', '{}');
    await stage.start();
    expect(stage.announced).toEqual([...others, GATEWAY]);
    expect(stage.broker.retained.has('homeassistant/sensor/pulsegate_kitchen_x/config')).toBe(true);
  });

  it('is not sent again while it is the same', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.register.add(edge);
    stage.broker.take();
    stage.register.remove(edge);
    stage.register.add(edge);
    stage.broker.lose();
    stage.broker.connect();
    await stage.restart();
    stage.register.add(edge);
    expect(stage.broker.take().filter(({ topic }) => topic.startsWith('homeassistant'))).toEqual([]);
  });

  it('follows a new name in place', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.register.add(edge);
    const before = stage.announced;
    const ids = Object.keys(componentsOf(stage, edge));
    stage.register.remove(edge);
    stage.register.add({ ...edge, displayName: 'Bunny' });
    expect(stage.announced).toEqual(before);
    expect(Object.keys(componentsOf(stage, edge))).toEqual(ids);
    expect(JSON.parse(stage.broker.retained.get(topicOf(edge)) ?? '').device.name).toBe('Bunny');
  });
});

describe('a device that is away', () => {
  it('stays, through restarts and for as long as it is not forgotten', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.register.add(edge);
    stage.register.remove(edge);
    await stage.clock.advance(DAY_MS);
    expect(stage.announced).toContain(objectIdOf(edge));
    await stage.restart();
    await stage.clock.advance(DAY_MS);
    expect(stage.announced).toContain(objectIdOf(edge));
  });

  it('is told of anew when the broker has forgotten it', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.register.add(edge);
    await stage.stop();
    stage.broker.retained.clear();
    await stage.start();
    expect(stage.announced).toEqual([GATEWAY, objectIdOf(edge)]);
  });

  it('is shown with what the configuration says by now', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.register.add(edge);
    await stage.restart({ areas: { 'lovense *': 'Bedroom' }, serialNumber: false });
    const { device } = JSON.parse(stage.broker.retained.get(topicOf(edge)) ?? '');
    expect(device.suggested_area).toBe('Bedroom');
    expect(device).not.toHaveProperty('serial_number');
  });

  it('is forgotten when it has not been seen for long, and comes back when it is', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start({ forgetAfter: 30 });
    stage.register.add(edge);
    stage.register.add(handy);
    stage.register.remove(edge);
    await stage.clock.advance(29 * DAY_MS);
    expect(stage.announced).toContain(objectIdOf(edge));
    await stage.clock.advance(2 * DAY_MS);
    expect(stage.announced).toEqual([GATEWAY, objectIdOf(handy)]);
    await stage.restart({ forgetAfter: 30 });
    expect(stage.announced).toEqual([GATEWAY, objectIdOf(handy)]);
    stage.register.add(edge);
    expect(stage.announced).toContain(objectIdOf(edge));
  });

  it('is never forgotten where the configuration says so', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start({ forgetAfter: 0 });
    stage.register.add(edge);
    stage.register.remove(edge);
    await stage.clock.advance(3_000 * DAY_MS);
    expect(stage.announced).toContain(objectIdOf(edge));
  });

  describe('with removed: cleared', () => {
    const section = { removed: 'cleared', grace: 60_000 };

    it('goes after the grace time, and leaves nothing', async () => {
      await using stage = await HomeAssistantStage.create();
      await stage.start(section);
      stage.register.add(edge);
      stage.register.remove(edge);
      await stage.clock.advance(59_000);
      expect(stage.announced).toContain(objectIdOf(edge));
      await stage.clock.advance(2_000);
      expect(stage.announced).toEqual([GATEWAY]);
      await stage.stop();
      expect(await readFile(stage.file, 'utf8')).not.toContain(edge.id);
    });

    it('stays when it is back in time', async () => {
      await using stage = await HomeAssistantStage.create();
      await stage.start(section);
      stage.register.add(edge);
      stage.register.remove(edge);
      await stage.clock.advance(30_000);
      stage.register.add(edge);
      await stage.clock.advance(DAY_MS);
      expect(stage.announced).toContain(objectIdOf(edge));
    });

    it('has the grace time after a restart too', async () => {
      await using stage = await HomeAssistantStage.create();
      await stage.start(section);
      stage.register.add(edge);
      stage.register.add(handy);
      await stage.restart(section);
      stage.register.add(handy);
      expect(stage.announced).toContain(objectIdOf(edge));
      await stage.clock.advance(60_000);
      expect(stage.announced).toEqual([GATEWAY, objectIdOf(handy)]);
    });
  });
});

describe('a component that is gone', () => {
  const withoutBattery = { ...edge, features: edge.features.filter(({ inputs }) => !inputs.Battery) };

  it('is named with nothing but its platform, and then left out', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.register.add(edge);
    await stage.restart();
    stage.register.add(withoutBattery);
    expect(componentsOf(stage, edge)).toMatchObject({ '2_battery': { platform: 'sensor' }, '0_vibrate': {} });
    expect(complaints(topicOf(edge), stage.broker.retained.get(topicOf(edge)) ?? '')).toEqual([]);
    await stage.clock.advance(5_000);
    expect(Object.keys(componentsOf(stage, edge))).toEqual(['0_vibrate', '1_vibrate', 'stop']);
  });

  it('is not left out before Home Assistant could hear it', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.register.add(edge);
    await stage.stop();
    stage.broker.lose();
    await stage.start();
    stage.register.add(withoutBattery);
    await stage.clock.advance(60_000);
    stage.broker.connect();
    expect(componentsOf(stage, edge)).toHaveProperty('2_battery', { platform: 'sensor' });
    await stage.clock.advance(5_000);
    expect(componentsOf(stage, edge)).not.toHaveProperty('2_battery');
  });

  it('is remembered by a gateway that ends meanwhile', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.register.add(edge);
    stage.register.add(withoutBattery);
    await stage.clock.advance(1_000);
    await stage.restart();
    expect(componentsOf(stage, edge)).toHaveProperty('2_battery', { platform: 'sensor' });
    await stage.clock.advance(5_000);
    expect(componentsOf(stage, edge)).not.toHaveProperty('2_battery');
  });

  it('comes back whole', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.register.add(edge);
    stage.register.add(withoutBattery);
    stage.register.add(edge);
    await stage.clock.advance(60_000);
    expect(componentsOf(stage, edge)).toHaveProperty('2_battery.device_class', 'battery');
  });
});

describe('Home Assistant’s birth', () => {
  const reannounced = async (stage: HomeAssistantStage) => {
    stage.broker.take();
    await stage.clock.advance(3_000);
    return stage.broker.take().map(({ topic }) => topic);
  };

  it('has everything announced once more, within the time of the configuration', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.register.add(edge);
    stage.broker.say('homeassistant/status', 'online');
    stage.broker.say('homeassistant/status', 'online');
    expect(await reannounced(stage)).toEqual([
      `homeassistant/device/${GATEWAY}/config`,
      topicOf(edge),
      'pulsegate/kitchen/device-count',
    ]);
  });

  it.each([
    ['its will', 'homeassistant/status', 'offline', false],
    ['a birth of long ago', 'homeassistant/status', 'online', true],
    ['another topic', 'home/status', 'online', false],
    ['junk', 'homeassistant/status', '\0'.repeat(10_000), false],
  ])('is not %s', async (_name, topic, payload, retain) => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.broker.say(topic, payload, retain);
    expect(await reannounced(stage)).toEqual([]);
  });

  it('is where and what the configuration says', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start({ birth: { topic: 'ha/born', payload: 'hello', maxDelay: 100 } });
    stage.broker.say('homeassistant/status', 'online');
    expect(await reannounced(stage)).toEqual([]);
    stage.broker.say('ha/born', 'hello');
    expect(await reannounced(stage)).toContain(`homeassistant/device/${GATEWAY}/config`);
  });

  it('is not answered by a gateway that has ended', async () => {
    await using stage = await HomeAssistantStage.create();
    await stage.start();
    stage.broker.say('homeassistant/status', 'online');
    await stage.stop();
    expect(await reannounced(stage)).toEqual([]);
    expect(stage.clock.waiting).toBe(0);
  });
});

describe('the file', () => {
  it('is not there before a broker has been told anything', async () => {
    await using stage = await HomeAssistantStage.create();
    stage.broker.lose();
    await stage.start();
    stage.register.add(edge);
    await stage.stop();
    expect(await readdir(stage.folder)).toEqual([]);
    await stage.start();
    stage.register.add(edge);
    stage.broker.connect();
    await stage.stop();
    expect(await readFile(stage.file, 'utf8')).toContain(edge.id);
  });

  it.each([
    ['no JSON', '{'],
    ['another form', '{"devices":[{"device":{"id":7}}]}'],
    ['a platform that does not exist', '{"devices":[],"components":{"a":{"b":"toaster"}}}'],
    ['nothing', ''],
  ])('is set aside when it is %s', async (_name, content) => {
    await using stage = await HomeAssistantStage.create();
    await writeFile(stage.file, content);
    await stage.start();
    stage.register.add(edge);
    expect(stage.announced).toEqual([GATEWAY, objectIdOf(edge)]);
    await stage.stop();
    const [, aside = ''] = (await readdir(stage.folder)).toSorted();
    expect(aside).toMatch(/^home-assistant\.json\.damaged-/);
    expect(await readFile(`${stage.folder}/${aside}`, 'utf8')).toBe(content);
    expect(stage.log.some((line) => line.includes('is damaged'))).toBe(true);
    expect(await readFile(stage.file, 'utf8')).toContain(edge.id);
  });
});
