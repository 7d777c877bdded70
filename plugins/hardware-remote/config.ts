import { type Static, secret, Type } from 'pulsegate/plugin';

const remote = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$',
      description:
        'What the server is called here. It is part of the addresses of its devices: another name makes them other devices.',
    }),
    url: Type.Optional(
      Type.String({
        pattern: '^wss?://.+$',
        description: 'Where any Buttplug server listens: ws://host:12345 or wss://…; or else `gateway`.',
      }),
    ),
    gateway: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9-]{1,40}$',
        description: 'Name of another Pulsegate on the broker that transport-mqtt connects to; or else `url`.',
      }),
    ),
    token: Type.Optional(
      secret(
        'The `http.token` of a Pulsegate at `url`, where it has one; or `file:PATH` or `env:NAME` for where it is.',
      ),
    ),
    spec: Type.Optional(
      Type.Enum([3, 4], {
        description: 'Version of the Buttplug protocol to speak. Without it: 4, and 3 with servers that are older.',
      }),
    ),
  },
  { additionalProperties: false },
);

const milliseconds = (minimum: number, maximum: number, standard: number, description: string) =>
  Type.Integer({ minimum, maximum, default: standard, description });

export const configSchema = Type.Object(
  {
    remotes: Type.Array(remote, { default: [], description: 'The servers whose devices are shown as one’s own.' }),
    discover: Type.Boolean({
      default: false,
      description: 'Whether every other Pulsegate on the broker is a remote too, by its name there.',
    }),
    prefixNames: Type.Boolean({
      default: true,
      description: 'Whether display names say where a device is: "Bedroom: Lovense Edge".',
    }),
    heartbeat: milliseconds(
      100,
      60_000,
      2_000,
      'How often a remote is asked for a sign of life, ms; more often where it wants to be pinged more often.',
    ),
    answerTimeout: milliseconds(
      100,
      60_000,
      3_000,
      'A remote that has not answered for so long counts as lost, and its devices are gone, ms.',
    ),
    reconnect: Type.Object(
      {
        firstDelay: milliseconds(10, 60_000, 500, 'Pause before the first attempt to connect again, ms.'),
        maxDelay: milliseconds(100, 3_600_000, 30_000, 'Longest pause between two attempts, ms; they grow up to it.'),
      },
      { additionalProperties: false, description: 'What happens when a remote is away.' },
    ),
    maxUnanswered: Type.Integer({
      minimum: 1,
      maximum: 1024,
      default: 32,
      description:
        'How many orders may be on their way to a remote. Beyond that only the newest of each output is kept; a stop never waits.',
    }),
    maxDevices: Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: 200,
      description: 'How many devices of one remote are shown.',
    }),
    maxPayload: Type.Integer({
      minimum: 1024,
      maximum: 16_777_216,
      default: 1_048_576,
      description: 'Largest frame a remote may send, bytes; a larger one ends the connection.',
    }),
  },
  { additionalProperties: false },
);

export type RemoteConfig = Static<typeof configSchema>;
export type RemoteEntry = Static<typeof remote>;
