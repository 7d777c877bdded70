import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definePlugin, MQTT, PLUGIN_API, type Plugin, Type } from 'pulsegate/plugin';
import { expect } from 'vitest';
import { systemClock } from '../../../core/clock.js';
import transport from '../../../plugins/transport-mqtt/index.js';
import { PATIENCE_MS } from '../timing.js';
import { GATEWAY_ID } from './mqtt-broker.js';

/**
 * Gives the gateway's scripts the broker at this address: the plugin that comes with the gateway, by a clock of its own, since what
 * goes through sockets takes its time however a test moves the gateway's. Scripts start once the connection is there.
 */
export const mqttPlugin = (url: string): Plugin =>
  definePlugin({
    name: 'mqtt-of-this-test',
    kind: 'transport',
    api: PLUGIN_API,
    description: transport.description,
    config: Type.Object({}),
    create(context) {
      const config = {
        broker: url,
        clientId: GATEWAY_ID,
        gateway: GATEWAY_ID,
        baseTopic: 'pulsegate',
        tls: { rejectUnauthorized: true },
        state: join(tmpdir(), 'pulsegate-never-written', 'mqtt.json'),
        maxPingTime: 10_000,
        keepalive: 10,
        stallAfter: 60_000,
        settle: 0,
        maxPayload: 1_048_576,
        maxQueued: 1_000,
        reconnect: { maxDelay: 100 },
      };
      const instance = transport.create({ ...context, config, clock: systemClock });
      return {
        async start() {
          await instance.start();
          const state = () => context.use(MQTT).client?.state;
          await expect.poll(state, { interval: 2, timeout: PATIENCE_MS }).toBe('up');
        },
        stop: () => instance.stop(),
      };
    },
  });
