import { definePlugin, HTTP, PLUGIN_API, SESSIONS, Type } from 'pulsegate/plugin';
import { WebSocketTransport } from './transport.js';

const config = Type.Object(
  {
    maxPingTime: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 3_600_000,
        description: 'How often a client must ping, ms; 0 for never. Without it, server.maxPingTime counts',
      }),
    ),
    maxPayload: Type.Integer({
      default: 1_048_576,
      minimum: 1024,
      maximum: 16_777_216,
      description: 'Largest frame a client may send, bytes; a larger one closes its connection',
    }),
    maxBuffered: Type.Integer({
      default: 4_194_304,
      minimum: 65_536,
      maximum: 268_435_456,
      description: 'How much a client may leave unread, bytes; beyond that its connection is cut',
    }),
    heartbeat: Type.Integer({
      default: 5_000,
      minimum: 0,
      maximum: 600_000,
      description:
        'How often a silent peer is asked for a sign of life, ms; one that gives none until the next time is cut. 0 for never',
    }),
    maxConnections: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: 'WebSocket connections at once',
    }),
  },
  { additionalProperties: false },
);

export default definePlugin({
  name: 'transport-websocket',
  kind: 'transport',
  api: PLUGIN_API,
  description: 'Buttplug clients over WebSocket, on the gateway’s HTTP port',
  config,
  create: ({ config: options, clock, log, use }) =>
    new WebSocketTransport({ ...options, sessions: use(SESSIONS), http: use(HTTP), clock, log }),
});
