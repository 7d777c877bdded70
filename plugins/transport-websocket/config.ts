import { type Static, Type } from 'pulsegate/plugin';

const HOST = '\\[[0-9A-Fa-f:.]+\\]|[^\\s/?#@:\\[\\]]+';

const dialled = Type.Object(
  {
    url: Type.String({
      maxLength: 2000,
      format: 'WebSocket address',
      pattern: `^wss?://([^\\s/?#@]+@)?(${HOST})(:\\d{1,5})?([/?][^\\s#]*)?$`,
      examples: ['ws://192.0.2.10:8080/toys'],
      description: 'Where somebody listens, such as ws://192.0.2.10:8080/toys or wss://example.org/line',
    }),
    maxPingTime: Type.Integer({
      default: 10_000,
      minimum: 0,
      maximum: 3_600_000,
      description: 'How often the client there must ping, ms; 0 for never',
    }),
  },
  { additionalProperties: false },
);

export const config = Type.Object(
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
      description: 'WebSocket connections at once, besides those the gateway has made itself',
    }),
    dial: Type.Array(dialled, {
      default: [],
      maxItems: 100,
      description:
        'Clients that listen, or that nobody could reach from outside: the gateway connects to them, and they control the devices',
    }),
  },
  { additionalProperties: false },
);

export type WebSocketConfig = Static<typeof config>;
export type Dialled = Static<typeof dialled>;
