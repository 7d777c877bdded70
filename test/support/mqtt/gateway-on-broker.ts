import { definePlugin, MQTT, type MqttClient, PLUGIN_API, Type } from 'pulsegate/plugin';
import { expect } from 'vitest';
import { type LiveGateway, startLive } from '../live-gateway.js';
import { PATIENCE_MS } from '../timing.js';

export const GATEWAY = 'kitchen';
export const ROOT = `pulsegate/${GATEWAY}`;

/** A gateway on a broker, and what its plugins see of that. */
export class GatewayOnBroker implements AsyncDisposable {
  private constructor(
    readonly live: LiveGateway,
    private readonly find: () => MqttClient | undefined,
  ) {}

  /** @param section keys of `plugins.transport-mqtt`, on top of short times */
  static async start(
    section: object,
    config: Readonly<Record<string, object>> = {},
    devices?: number,
  ): Promise<GatewayOnBroker> {
    let client: MqttClient | undefined;
    const probe = definePlugin({
      name: 'mqtt-probe',
      kind: 'extension',
      api: PLUGIN_API,
      description: 'Lends tests the connection to the broker',
      config: Type.Object({}),
      create: ({ use }) => ({
        start() {
          use(MQTT).attach((provided) => {
            client = provided;
            return { [Symbol.dispose]: () => {} };
          });
        },
        stop() {},
      }),
    });
    const { plugins = {}, ...rest } = config;
    const live = await startLive({
      config: {
        ...rest,
        plugins: {
          'transport-mqtt': { gateway: GATEWAY, settle: 0, reconnect: { maxDelay: 200 }, ...section },
          ...plugins,
        },
      },
      plugins: [probe],
      ...(devices !== undefined && { devices }),
    });
    return new GatewayOnBroker(live, () => client);
  }

  get client(): MqttClient {
    const client = this.find();
    if (!client) throw new Error('No plugin has provided a connection');
    return client;
  }

  async reaches(state: MqttClient['state']): Promise<void> {
    await expect.poll(() => this.client.state, { interval: 5, timeout: PATIENCE_MS }).toBe(state);
  }

  async logs(text: string): Promise<void> {
    await expect
      .poll(() => this.live.log.some((line) => line.includes(text)), { interval: 5, timeout: PATIENCE_MS })
      .toBe(true);
  }

  async health(): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await (await fetch(`${this.live.origin}/health`)).text());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.live[Symbol.asyncDispose]();
  }
}
