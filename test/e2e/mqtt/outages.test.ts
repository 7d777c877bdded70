import { type DeviceCard, mqttTopics } from 'pulsegate/plugin';
import { afterAll, describe, expect, it } from 'vitest';
import homeAssistant from '../../../plugins/home-assistant/index.js';
import plainTopics from '../../../plugins/mqtt-topics/index.js';
import { mqttConnector } from '../../../plugins/transport-mqtt/connector/index.js';
import transportMqtt from '../../../plugins/transport-mqtt/index.js';
import { startLive } from '../../support/live-gateway.js';
import type { BrokerProcess } from '../../support/mqtt/broker-process.js';
import { CuttableProxy } from '../../support/mqtt/cuttable-proxy.js';
import { describeMosquitto } from '../../support/mqtt/describe-mosquitto.js';
import { type Driver, PlainDriver, SessionDriver } from '../../support/mqtt/drivers.js';
import { EmbeddedBrokerProcess } from '../../support/mqtt/embedded-broker-process.js';
import { Mosquitto } from '../../support/mqtt/mosquitto.js';
import { OUTAGES, type Outage } from '../../support/mqtt/outages.js';
import { PacketTape } from '../../support/mqtt/packet-tape.js';
import { notBuiltIn } from '../../support/mqtt/plugins.js';
import { probe } from '../../support/mqtt/probe.js';
import { LED, type TestbedPacket } from '../../support/stop/outputs.js';
import { keepsPromise, PATIENCE_MS } from '../../support/timing.js';

const ROUNDS = 50;
const DEVICES = 20;
/** From one command of a device to its next, ms. */
const EVERY_MS = 50;
const PING_MS = 300;
/** From the broker's return until everything is as it was before it went, ms. */
const WHOLE_WITHIN_MS = 3000;
const GATEWAY = 'outages';
const BASE = 'pulsegate';

/** A device, whoever drives it, and everything that reached it. */
interface Driven {
  readonly driver: Driver;
  readonly tape: PacketTape;
}

interface Scene {
  readonly broker: BrokerProcess;
  readonly proxy: CuttableProxy;
  readonly driven: readonly Driven[];
  /** What the broker held before anything happened. */
  readonly whole: ReadonlyMap<string, string>;
  readonly allAreOff: () => boolean;
}

/** Until the last device had stopped, and until all was whole again, ms. */
interface Measured {
  readonly stopped: number;
  readonly whole: number;
}

/** The worst of all outages of a kind, by the broker and then by the kind. */
const measured = new Map<string, Map<string, Measured[]>>();

const WHAT = 'goes and comes back while twenty devices are driven over it';
describeMosquitto(`Mosquitto ${WHAT}`, () => survives('Mosquitto', () => Mosquitto.start()));
describe(`the embedded broker ${WHAT}`, () => survives('embedded broker', () => EmbeddedBrokerProcess.start()));

function survives(name: string, start: () => Promise<BrokerProcess>): void {
  it(`and loses, repeats and delays nothing, in ${ROUNDS} outages`, { timeout: 180_000 }, async () => {
    const found = new Map<string, Measured[]>(OUTAGES.map(({ name: outage }) => [outage, []]));
    measured.set(name, found);
    await using stack = new AsyncDisposableStack();
    const broker = stack.use(await start());
    const proxy = stack.use(await CuttableProxy.start(broker.port));
    const seen = probe();
    const live = stack.use(
      await startLive({
        plugins: [...notBuiltIn(transportMqtt, plainTopics, homeAssistant), seen.plugin],
        devices: DEVICES,
        config: { plugins: pluginsOn(proxy.url) },
      }),
    );
    const driven = Array.from({ length: DEVICES }, (_, at): Driven => {
      const id = `pulsegate-testbed-${at + 1}`;
      const driver = driverOf(at, proxy.url, seen.card(id));
      return { driver, tape: new PacketTape(live.simulated, id, LED.feature) };
    });
    stack.defer(async () => {
      await Promise.all(driven.map(({ driver }) => driver[Symbol.asyncDispose]()));
    });

    await allDrive(driven);
    const scene: Scene = {
      broker,
      proxy,
      driven,
      whole: steady(await broker.retained()),
      allAreOff: () => seen.allAreOff,
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      const outage = OUTAGES[round % OUTAGES.length];
      if (outage) found.get(outage.name)?.push(await suffer(outage, scene));
    }

    await Promise.all(driven.map(({ driver }) => driver.rest()));
    for (const [at, { driver, tape }] of driven.entries()) {
      const verdict = driver.ledger.judge(await tape.pull(), PING_MS + 100);
      expect(verdict, `device ${at}`).toEqual({ lost: [], twice: [], late: [], stray: [] });
      expect(driver.ledger.acknowledged).toBeGreaterThan(ROUNDS);
    }
  });
}

const pluginsOn = (broker: string) => ({
  'transport-mqtt': {
    broker,
    baseTopic: BASE,
    gateway: GATEWAY,
    maxPingTime: PING_MS,
    stallAfter: PING_MS,
    settle: 200,
    reconnect: { maxDelay: 500 },
  },
  // Every command is a packet of its own at once.
  'hardware-simulated': {
    devices: Array.from({ length: DEVICES }, () => ({ model: 'Pulsegate Testbed', messageGap: 0 })),
  },
});

/** Every other device is driven by plain topics, and the rest by sessions. */
function driverOf(at: number, url: string, { id, index }: DeviceCard): Driver {
  if (at % 2 === 1) {
    const connector = () => mqttConnector({ broker: url, baseTopic: BASE, gateway: GATEWAY });
    return new SessionDriver({ connector, deviceIndex: index, everyMs: EVERY_MS });
  }
  const topics = mqttTopics(`${BASE}/${GATEWAY}`);
  return new PlainDriver({ url, topics, device: id, qos: at % 4 === 0 ? 0 : 1, everyMs: EVERY_MS });
}

async function suffer(outage: Outage, { broker, proxy, driven, whole, allAreOff }: Scene): Promise<Measured> {
  await pull(driven);
  const struckAt = Date.now();
  await outage.begin(broker, proxy);
  if (outage.end) await expect.poll(allAreOff, { interval: 5, timeout: PATIENCE_MS }).toBe(true);
  await outage.end?.(broker, proxy);

  const returnedAt = Date.now();
  const wrong = async () => differences(whole, steady(await broker.retained()));
  await expect.poll(wrong, { interval: 20, timeout: PATIENCE_MS }).toEqual([]);
  const wholeAfter = await keepsPromise(WHOLE_WITHIN_MS, async () => Date.now() - returnedAt);
  await allDrive(driven, returnedAt);

  await pull(driven);
  const stopped = await keepsPromise(PING_MS, async () =>
    Math.max(...driven.map(({ tape: { packets } }) => stoppedAfter(packets, struckAt))),
  );
  return { stopped, whole: wholeAfter };
}

/** Every device has obeyed since. */
async function allDrive(driven: readonly Driven[], since = 0): Promise<void> {
  const waiting = () => driven.flatMap(({ driver }, at) => (driver.lastAcknowledged > since ? [] : [at]));
  await expect.poll(waiting, { interval: 10, timeout: PATIENCE_MS }).toEqual([]);
}

async function pull(driven: readonly Driven[]): Promise<void> {
  await Promise.all(driven.map(({ tape }) => tape.pull()));
}

/** How long after this moment the device was off for the first time, ms; 0 when it was off already. */
function stoppedAfter(packets: readonly TestbedPacket[], moment: number): number {
  const before = packets.findLast(({ time }) => time < moment);
  if ((before?.level ?? 0) === 0) return 0;
  const stop = packets.find(({ time, level }) => time >= moment && level === 0);
  return stop ? stop.time - moment : Number.POSITIVE_INFINITY;
}

/** What does not change from one moment to the next as long as nothing happens: all but the levels themselves. */
const steady = (retained: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map(
    [...retained].map(([topic, payload]) => [topic, topic.endsWith('/state') ? 'some state' : payload] as const).sort(),
  );

/** Topics that are missing, too many, or say something else. */
function differences(wanted: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): readonly string[] {
  const topics = new Set([...wanted.keys(), ...found.keys()]);
  return [...topics].filter((topic) => wanted.get(topic) !== found.get(topic));
}

afterAll(() => {
  const worst = (values: readonly number[]) => String(Math.max(...values)).padStart(10);
  for (const [broker, found] of measured) {
    const lines = [...found].map(
      ([name, all]) =>
        `${name.padEnd(24)}${worst(all.map(({ stopped }) => stopped))}${worst(all.map(({ whole }) => whole))}\n`,
    );
    const head = `${broker.padEnd(24)}${'all off'.padStart(10)}${'whole'.padStart(10)}\n`;
    process.stdout.write(`\nThe worst of all outages: until every device was off, and until all was whole again, ms\n`);
    process.stdout.write([head, ...lines].join(''));
  }
});
