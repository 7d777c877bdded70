import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { builtinSections } from '../../../core/builtin-plugins.js';
import { loadConfig } from '../../../core/config/load.js';
import { LogFeed } from '../../../core/logging/log-feed.js';
import { createLogger } from '../../../core/logging/logger.js';
import { BrokerDoor } from '../../../core/mqtt/broker.js';
import { MqttDoor } from '../../../core/mqtt/door.js';
import { MqttTransport } from '../../../plugins/transport-mqtt/transport.js';
import { FakeClock } from '../../support/fake-clock.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { Mosquitto } from '../../support/mqtt/mosquitto.js';
import { PATIENCE_MS } from '../../support/timing.js';

const soon = { interval: 5, timeout: PATIENCE_MS };

/** The configuration of a gateway with this section for the connection. */
const load = (section: object, cwd = tmpdir()) =>
  loadConfig({
    env: {},
    cwd,
    inline: { plugins: { 'transport-mqtt': section } },
    builtins: builtinSections,
    pluginSchema: async () => undefined,
  });

describe('the address of a broker', () => {
  it.each(['embedded', 'mqtt://host', 'mqtts://host:8883', 'ws://host/mqtt', 'wss://[::1]:443/a/b?c=d'])(
    'may be %s',
    async (broker) => {
      expect((await load({ broker })).config.plugins['transport-mqtt']?.config).toMatchObject({ broker });
    },
  );

  it.each(['mqtt://home:hunter2@host:1883', 'mqtts://home@host', 'ws://:hunter2@host'])(
    'has no password in it: %s',
    async (broker) => {
      const refused = await load({ broker }).catch((error: Error) => error);
      expect(refused).toBeInstanceOf(Error);
      if (!(refused instanceof Error)) return;
      expect(refused.message).toContain('a user name and a password belong into username and password');
      expect(refused.message).not.toContain('hunter2');
    },
  );

  it.each(['', 'host', 'http://host', 'mqtt://', 'mqtt:// host', 'embedded '])('is not %j', async (broker) => {
    await expect(load({ broker })).rejects.toThrow('plugins.transport-mqtt.broker');
  });
});

it.each([
  [{ maxPingTime: 0 }, 'maxPingTime'],
  [{ gateway: 'Kitchen' }, 'gateway'],
  [{ gateway: 'a/b' }, 'gateway'],
  [{ baseTopic: 'a/#' }, 'baseTopic'],
  [{ baseTopic: '$SYS' }, 'baseTopic'],
])('refuses %j', async (section, key) => {
  await expect(load(section)).rejects.toThrow(`plugins.transport-mqtt.${key}`);
});

/** The plugin by itself, on a clock that is moved by hand. */
async function start(folder: string, section: object) {
  const { config } = await load({ state: join(folder, 'mqtt.json'), reconnect: { maxDelay: 100 }, ...section }, folder);
  const clock = new FakeClock();
  const door = new MqttDoor();
  const log = createLogger({ level: 'silent', format: 'json', feed: new LogFeed() });
  const transport = new MqttTransport({
    config: Object(config.plugins['transport-mqtt']?.config),
    hostname: 'Küche_PC.local',
    door,
    broker: new BrokerDoor(),
    sessions: { open: () => expect.fail('nobody connects') },
    metrics: new Registry(),
    clock,
    log,
  });
  await transport.start();
  const client = () => door.client ?? expect.fail('there is no client');
  return { clock, client, [Symbol.asyncDispose]: () => transport.stop() };
}

async function dataFolder() {
  const path = await mkdtemp(join(tmpdir(), 'pulsegate-mqtt-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

describe('the name of a gateway', () => {
  it('is that of the machine at the first start, and is remembered', async () => {
    await using folder = await dataFolder();
    {
      await using first = await start(folder.path, {});
      expect(first.client().gateway).toBe('k-che-pc-local');
    }
    const state = JSON.parse(await readFile(join(folder.path, 'mqtt.json'), 'utf8'));
    await writeFile(join(folder.path, 'mqtt.json'), JSON.stringify({ ...state, gateway: 'another' }));
    await using second = await start(folder.path, {});
    expect(second.client().root).toBe('pulsegate/another');
  });

  it.each(['', '{"gateway":', '[]', '{"gateway":"A B","scopes":{}}', '{"scopes":{"x":[{"filter":1}]}}'])(
    'survives a file that is damaged, and keeps it aside: %s',
    async (content) => {
      await using folder = await dataFolder();
      await writeFile(join(folder.path, 'mqtt.json'), content);
      await using transport = await start(folder.path, {});
      expect(transport.client().gateway).toBe('k-che-pc-local');
      const [aside = ''] = (await readdir(folder.path)).filter((name) => name.includes('.damaged-'));
      expect(await readFile(join(folder.path, aside), 'utf8')).toBe(content);
    },
  );
});

describeMosquitto('what an earlier run has left', () => {
  const old = { filter: 'old/+/config', prefix: 'old/pulsegate_' };
  const used = { filter: 'new/+/config', prefix: 'new/pulsegate_' };

  it('goes ten seconds after the first connection, and nothing else does', async () => {
    await using folder = await dataFolder();
    await using broker = await Mosquitto.start();
    const section = { broker: broker.url, gateway: 'kitchen', stallAfter: 60_000 };
    {
      await using first = await start(folder.path, section);
      await expect.poll(() => first.client().state, soon).toBe('up');
      first.client().retain(old).set('old/pulsegate_a/config', 'a');
      first.client().retain(used).set('new/pulsegate_a/config', 'a');
      await expect.poll(async () => (await broker.retained('+/+/config')).size, soon).toBe(2);
    }
    const other = await connectAsync(broker.url);
    await other.publishAsync('old/somebody/config', 'theirs', { retain: true, qos: 1 });
    await other.endAsync();
    await using second = await start(folder.path, section);
    await expect.poll(() => second.client().state, soon).toBe('up');
    second.client().retain(used).set('new/pulsegate_a/config', 'a');
    await second.clock.advance(9_000);
    expect((await broker.retained('+/+/config')).size).toBe(3);
    await second.clock.advance(1_100);
    await expect
      .poll(async () => [...(await broker.retained('+/+/config')).keys()].toSorted(), soon)
      .toEqual(['new/pulsegate_a/config', 'old/somebody/config']);
    const remembered = async () =>
      JSON.parse(await readFile(join(folder.path, 'mqtt.json'), 'utf8')).scopes[broker.url];
    await expect.poll(remembered, soon).toEqual([used]);
  });
});
