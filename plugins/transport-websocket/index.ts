import { definePlugin, HTTP, PLUGIN_API, SESSIONS } from 'pulsegate/plugin';
import { config } from './config.js';
import { WebSocketTransport } from './transport.js';

export default definePlugin({
  name: 'transport-websocket',
  kind: 'transport',
  api: PLUGIN_API,
  description: 'Buttplug clients over WebSocket, on the gateway’s HTTP port',
  config,
  create: ({ name, config: options, clock, log, use }) =>
    new WebSocketTransport({ ...options, name, sessions: use(SESSIONS), http: use(HTTP), clock, log }),
});
