import { definePlugin, MQTT_BROKER, PLUGIN_API, Type } from 'pulsegate/plugin';
import { expect } from 'vitest';
import { type LiveGateway, startLive } from '../live-gateway.js';
import { PATIENCE_MS } from '../timing.js';
import { CuttableProxy } from './cuttable-proxy.js';
import { Mosquitto } from './mosquitto.js';

export const GATEWAY = 'kitchen';
export const ROOT = `pulsegate/${GATEWAY}`;

export interface HomeOptions {
  /** Keys of `plugins.transport-mqtt`. */
  readonly section?: object;
}

/** A gateway on a broker, and a line to that broker for its clients that can be cut. */
export interface SessionHome extends AsyncDisposable {
  readonly live: LiveGateway;
  /** Where the broker is, without anything in between. */
  readonly url: string;
  /** The clients' line. */
  readonly line: CuttableProxy;
}

/** The same on a broker in another process, to which the gateway has a line that can be cut too. */
export interface DistantHome extends SessionHome {
  readonly broker: Mosquitto;
  readonly gatewayLine: CuttableProxy;
}

export async function onMosquitto({ section = {} }: HomeOptions = {}): Promise<DistantHome> {
  await using stack = new AsyncDisposableStack();
  const broker = stack.use(await Mosquitto.start());
  const line = stack.use(await CuttableProxy.start(broker.port));
  const gatewayLine = stack.use(await CuttableProxy.start(broker.port));
  const live = stack.use(await startGateway({ broker: gatewayLine.url, ...section }));
  await isUp(live);
  const kept = stack.move();
  return { live, url: broker.url, line, broker, gatewayLine, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

export async function onEmbedded({ section = {} }: HomeOptions = {}): Promise<SessionHome> {
  await using stack = new AsyncDisposableStack();
  let address = '';
  const live = stack.use(await startGateway({ broker: 'embedded', ...section }, (found) => (address = found)));
  const line = stack.use(await CuttableProxy.start(Number(address.split(':').at(-1))));
  const kept = stack.move();
  return { live, url: `mqtt://${address}`, line, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function startGateway(section: object, found: (address: string) => void = () => {}): Promise<LiveGateway> {
  const probe = definePlugin({
    name: 'home-probe',
    // Starts after extensions.
    kind: 'transport',
    api: PLUGIN_API,
    description: 'Tells a test where the embedded broker is',
    config: Type.Object({}),
    create: ({ use }) => ({
      start() {
        found(use(MQTT_BROKER).broker?.address ?? '');
      },
      stop() {},
    }),
  });
  return startLive({
    plugins: [probe],
    config: {
      plugins: { 'transport-mqtt': { gateway: GATEWAY, settle: 0, reconnect: { maxDelay: 100 }, ...section } },
    },
  });
}

export async function isUp(live: LiveGateway): Promise<void> {
  await metricReaches(live, 'pulsegate_mqtt_connected', 1);
}

export async function metricReaches(live: LiveGateway, name: string, value: number): Promise<void> {
  await expect.poll(() => live.metric(name).catch(() => 0), { interval: 5, timeout: PATIENCE_MS }).toBe(value);
}
