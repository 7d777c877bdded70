import { secret, Type } from 'pulsegate/plugin';

const path = (description: string) => Type.Optional(Type.String({ minLength: 1, 'x-path': true, description }));

export const config = Type.Object(
  {
    broker: Type.String({
      default: 'embedded',
      pattern: '^(embedded|(mqtt|ws)s?://[^@/\\s]+(/\\S*)?)$',
      examples: ['mqtt://192.0.2.10:1883'],
      'x-hint':
        'or mqtts://, ws:// or wss://, or embedded; a user name and a password belong into username and password',
      description:
        'The broker: `embedded`, or an address that begins with mqtt://, mqtts://, ws:// or wss://; without name and password in it',
    }),
    username: Type.Optional(Type.String({ minLength: 1, description: 'Name to log in to the broker with' })),
    password: Type.Optional(secret('Password to log in with, or `file:PATH` or `env:NAME` for where it is')),
    clientId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description: 'Id on the broker; without it, `pulsegate-` and the name of the gateway',
      }),
    ),
    tls: Type.Object(
      {
        ca: path('Certificates of those who may have signed that of the broker, a file in PEM form'),
        cert: path('Certificate of the gateway, a file in PEM form'),
        key: path('Key of that certificate, a file in PEM form'),
        rejectUnauthorized: Type.Boolean({
          default: true,
          description: 'Whether a broker with a certificate that nobody vouches for is refused',
        }),
      },
      { additionalProperties: false, description: 'For mqtts:// and wss://.' },
    ),
    baseTopic: Type.String({
      default: 'pulsegate',
      pattern: '^[^+#$\\s/\\u0000][^+#\\s\\u0000]{0,99}$',
      description: 'What all topics begin with, the same for all gateways on a broker',
    }),
    gateway: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9-]{1,40}$',
        description:
          'Name of this gateway among all on the broker: small letters, digits and -. Without it, that of the machine, remembered in `state`',
      }),
    ),
    state: Type.String({
      default: './data/mqtt.json',
      minLength: 1,
      'x-path': true,
      description: 'What the gateway remembers of its topics. The gateway writes this file',
    }),
    maxPingTime: Type.Integer({
      default: 10_000,
      minimum: 100,
      maximum: 600_000,
      description: 'How often a client over MQTT must ping, ms; it is never off',
    }),
    keepalive: Type.Integer({
      default: 10,
      minimum: 1,
      maximum: 600,
      description: 'After so much silence, gateway and broker ask each other for a sign of life, s',
    }),
    stallAfter: Type.Integer({
      default: 2_000,
      minimum: 200,
      maximum: 60_000,
      description: 'A broker that has not answered for this long counts as lost, ms',
    }),
    settle: Type.Integer({
      default: 500,
      minimum: 0,
      maximum: 60_000,
      description: 'Orders that come sooner after a connection are ignored: they may have waited for it, ms',
    }),
    maxPayload: Type.Integer({
      default: 1_048_576,
      minimum: 1024,
      maximum: 16_777_216,
      description: 'Largest message that is looked at, bytes; others are ignored',
    }),
    maxQueued: Type.Integer({
      default: 1_000,
      minimum: 10,
      maximum: 100_000,
      description: 'How many messages may wait for the broker to take them; beyond that, nothing more is sent',
    }),
    reconnect: Type.Object(
      {
        maxDelay: Type.Integer({
          default: 2_000,
          minimum: 100,
          maximum: 3_600_000,
          description:
            'Longest pause between two attempts to connect, ms; the pauses grow up to it, and fifteen times as long while the broker says no',
        }),
      },
      { additionalProperties: false, description: 'What happens when the broker is away.' },
    ),
  },
  { additionalProperties: false },
);
