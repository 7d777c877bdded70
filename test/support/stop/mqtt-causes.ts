import { connectAsync } from 'mqtt';
import { mqttTopics } from 'pulsegate/plugin';
import { expect } from 'vitest';
import plainTopics from '../../../plugins/mqtt-topics/index.js';
import { mqttConnector } from '../../../plugins/transport-mqtt/connector/index.js';
import transportMqtt from '../../../plugins/transport-mqtt/index.js';
import { type LiveGateway, startLive, TESTBED } from '../live-gateway.js';
import { CuttableProxy } from '../mqtt/cuttable-proxy.js';
import { Mosquitto } from '../mqtt/mosquitto.js';
import { notBuiltIn } from '../mqtt/plugins.js';
import { probe } from '../mqtt/probe.js';
import { SessionClient } from '../mqtt/session-client.js';
import { PATIENCE_MS, STOP_PROMISE_MS } from '../timing.js';
import type { OutputCase } from './outputs.js';
import { type Cause, obeyed, type Stage, simulatedPackets } from './stage.js';

const PING_TIME_MS = 300;
const STALL_MS = 300;
const HOLD_MS = 400;
/** A broker that is silent is asked four times in that time, so it is noticed up to one question later. */
const NOTICED_MS = STALL_MS * 1.25;
const BASE = 'pulsegate';
const GATEWAY = 'stopped';

/** A gateway and its client on one broker, each over a line of its own that can be cut. */
interface Home {
  readonly broker: Mosquitto;
  readonly live: LiveGateway;
  readonly gatewayLine: CuttableProxy;
  readonly clientLine: CuttableProxy;
  /** The testbed's id on the broker. */
  readonly device: string;
}

interface MqttCause<C> {
  readonly name: string;
  readonly withinMs?: number;
  /** Resolves when the output was told where to go. */
  readonly drive: (home: Home, output: OutputCase, stack: AsyncDisposableStack) => Promise<C>;
  /** Resolves with the moment from which time counts. */
  readonly strike: (home: Home, client: C) => number | Promise<number>;
  readonly settled: (home: Home, client: C) => Promise<void>;
}

function mqttCause<C>({ name, withinMs = STOP_PROMISE_MS, drive, strike, settled }: MqttCause<C>): Cause {
  return {
    name,
    withinMs,
    async begin(output): Promise<Stage> {
      await using stack = new AsyncDisposableStack();
      const home = await furnish(stack);
      const client = await drive(home, output, stack);
      const packets = () => simulatedPackets(home.live);
      await obeyed(packets, output);
      const kept = stack.move();
      return {
        packets,
        strike: async () => strike(home, client),
        settled: () => settled(home, client),
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
      };
    },
  };
}

async function furnish(stack: AsyncDisposableStack): Promise<Home> {
  const broker = stack.use(await Mosquitto.start());
  const gatewayLine = stack.use(await CuttableProxy.start(broker.port));
  const clientLine = stack.use(await CuttableProxy.start(broker.port));
  const seen = probe();
  const live = stack.use(
    await startLive({
      plugins: [...notBuiltIn(transportMqtt, plainTopics), seen.plugin],
      config: {
        plugins: {
          'transport-mqtt': {
            broker: gatewayLine.url,
            baseTopic: BASE,
            gateway: GATEWAY,
            maxPingTime: PING_TIME_MS,
            stallAfter: STALL_MS,
            settle: 0,
          },
          'mqtt-topics': { hold: HOLD_MS },
        },
      },
    }),
  );
  await isConnected(live, 1);
  return { broker, live, gatewayLine, clientLine, device: seen.card(TESTBED).id };
}

/** Over a session that pings as it should. */
async function drivenBySession(
  { clientLine }: Home,
  output: OutputCase,
  stack: AsyncDisposableStack,
): Promise<SessionClient> {
  const client = stack.use(
    await SessionClient.connect(
      mqttConnector({ broker: clientLine.url, baseTopic: BASE, gateway: GATEWAY, ping: false }),
    ),
  );
  client.pingEvery(PING_TIME_MS / 5);
  await client.output(0, output.feature, output.command);
  return client;
}

/** One message on a plain topic, by a client that stays. Resolves with the moment it was sent. */
async function drivenByTopic(
  { broker, device }: Home,
  output: OutputCase,
  stack: AsyncDisposableStack,
): Promise<number> {
  const client = await connectAsync(broker.url);
  stack.defer(() => client.endAsync(true));
  const { set } = mqttTopics(`${BASE}/${GATEWAY}`).device(device).feature(output.feature);
  const sentAt = Date.now();
  await client.publishAsync(set, JSON.stringify(plainOrder(output)), { qos: 1 });
  return sentAt;
}

/** In the units of plain topics, -1 to 1. */
function plainOrder({ command, share }: OutputCase): object {
  const [[type, body] = ['', {}]] = Object.entries(command);
  return { type, value: share, ...(typeof body.Duration === 'number' && { duration: body.Duration }) };
}

function now(act: () => void): number {
  const moment = Date.now();
  act();
  return moment;
}

const SOON = { interval: 5, timeout: PATIENCE_MS };

/** Whoever is on plain topics has a session too, which stays. */
const noSessions = ({ live }: Home) => expect.poll(() => live.metric('pulsegate_mqtt_sessions'), SOON).toBe(0);

const brokerAway = ({ live }: Home) => isConnected(live, 0);

/** Waits until the gateway has a connection to the broker, 1, or none, 0. */
async function isConnected(live: LiveGateway, value: 0 | 1): Promise<void> {
  await expect.poll(() => live.metric('pulsegate_mqtt_connected'), SOON).toBe(value);
}

async function isPast(moment: number): Promise<void> {
  await expect.poll(() => Date.now(), SOON).toBeGreaterThan(moment);
}

export const mqttCauses: readonly Cause[] = [
  mqttCause({
    name: 'broker lost',
    drive: drivenBySession,
    strike: ({ gatewayLine }) => now(() => gatewayLine.refuse()),
    settled: noSessions,
  }),
  mqttCause({
    name: 'broker paused',
    withinMs: NOTICED_MS,
    drive: drivenBySession,
    strike: ({ broker }) => now(() => broker.pause()),
    settled: noSessions,
  }),
  mqttCause({
    name: 'MQTT client vanishes (will)',
    drive: drivenBySession,
    strike: ({ clientLine }) => now(() => clientLine.refuse()),
    settled: noSessions,
  }),
  mqttCause({
    name: 'MQTT client misses ping',
    withinMs: STOP_PROMISE_MS,
    drive: drivenBySession,
    async strike(_home, client) {
      const lastPing = Date.now();
      client.stopPinging();
      await client.ask({ Ping: {} });
      return lastPing + PING_TIME_MS;
    },
    settled: noSessions,
  }),
  mqttCause({
    name: 'plain topic: hold expires',
    drive: drivenByTopic,
    strike: (_home, sentAt) => sentAt + HOLD_MS,
    // Also where there is no packet to wait for.
    settled: (_home, sentAt) => isPast(sentAt + HOLD_MS + STOP_PROMISE_MS),
  }),
  mqttCause({
    name: 'plain topic: broker lost',
    drive: drivenByTopic,
    strike: ({ gatewayLine }) => now(() => gatewayLine.refuse()),
    settled: brokerAway,
  }),
];
