import { type Static, secret, Type } from 'pulsegate/plugin';

const filter = Type.String({
  minLength: 1,
  maxLength: 1000,
  format: 'MQTT topic filter',
  pattern: '^(([^+#/\\u0000]*|\\+)/)*([^+#/\\u0000]*|\\+|#)$',
  examples: ['home/+/state'],
});

const publish = Type.Array(filter, { description: 'Topics it may publish to; + and # are wildcards' });
const subscribe = Type.Array(filter, { description: 'Topics whose messages it may get; + and # are wildcards' });
const rights = { publish: Type.Optional(publish), subscribe: Type.Optional(subscribe) };

const user = Type.Object(
  { password: secret('Its password, or `file:PATH` or `env:NAME` for where it is'), ...rights },
  { additionalProperties: false },
);

const anonymous = Type.Object(rights, {
  additionalProperties: false,
  description:
    'What clients without a name may do. Without it: everything as long as there are no users, and nothing once there are',
});

export const config = Type.Object(
  {
    host: Type.String({
      default: '127.0.0.1',
      minLength: 1,
      description: 'Address or host name to listen on; anything but loopback needs users, and nothing for anonymous',
    }),
    port: Type.Integer({
      default: 1883,
      minimum: 0,
      maximum: 65_535,
      description: 'Port to listen on; 0 picks a free one',
    }),
    users: Type.Record(Type.String({ minLength: 1, maxLength: 200 }), user, {
      default: {},
      description: 'Who may connect with a name and a password, by name',
    }),
    anonymous: Type.Optional(anonymous),
    maxConnections: Type.Integer({
      default: 200,
      minimum: 1,
      maximum: 10_000,
      description: 'Connections at once; one more is closed',
    }),
    maxPending: Type.Integer({
      default: 50,
      minimum: 1,
      maximum: 10_000,
      description: 'Connections at once that have not said who they are; beyond that the oldest of them is closed',
    }),
    connectTimeout: Type.Integer({
      default: 10_000,
      minimum: 100,
      maximum: 600_000,
      description: 'How long a client may take to say who it is, and to send any packet it has begun, ms',
    }),
    maxPayload: Type.Integer({
      default: 1_048_576,
      minimum: 1024,
      maximum: 268_435_455,
      description: 'Largest packet a client may send, bytes; a larger one closes its connection',
    }),
    maxBuffered: Type.Integer({
      default: 4_194_304,
      minimum: 65_536,
      maximum: 268_435_456,
      description: 'How much a client may leave unread, bytes; beyond that its connection is cut',
    }),
    maxSubscriptions: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: 'Subscriptions of one client; more are refused',
    }),
    maxRetained: Type.Integer({
      default: 10_000,
      minimum: 0,
      maximum: 1_000_000,
      description: 'Retained messages; more are passed on, but not kept. Those of the gateway itself are always kept',
    }),
    maxRetainedBytes: Type.Integer({
      default: 16_777_216,
      minimum: 0,
      maximum: 1_073_741_824,
      description: 'Retained messages together, bytes',
    }),
    maxSessions: Type.Integer({
      default: 200,
      minimum: 0,
      maximum: 100_000,
      description: 'Clients that are remembered while they are away; beyond that the one away longest is forgotten',
    }),
    maxQueued: Type.Integer({
      default: 1000,
      minimum: 0,
      maximum: 100_000,
      description: 'Messages that wait for one client which is remembered; more are dropped',
    }),
    maxQueuedBytes: Type.Integer({
      default: 1_048_576,
      minimum: 0,
      maximum: 268_435_456,
      description: 'The same messages together, bytes',
    }),
    queueLimit: Type.Integer({
      default: 42,
      minimum: 1,
      maximum: 10_000,
      description: 'Packets a client may send before it has been let in; more close its connection',
    }),
    concurrency: Type.Integer({
      default: 100,
      minimum: 1,
      maximum: 10_000,
      description: 'Messages that are being handed out at once; more wait',
    }),
  },
  { additionalProperties: false },
);

export type BrokerConfig = Static<typeof config>;
/** Filters by what they are for. */
export type Grant = Static<typeof anonymous>;
