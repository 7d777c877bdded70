import { type Static, Type } from 'pulsegate/plugin';

export const config = Type.Object(
  {
    maxPingTime: Type.Integer({
      default: 5_000,
      minimum: 100,
      maximum: 600_000,
      description: 'Ping time of the session that carries orders out, ms; it is never off',
    }),
    hold: Type.Integer({
      default: 60_000,
      minimum: 100,
      maximum: 86_400_000,
      description: 'How long an output stays on that nobody sets again, ms; an order may say another time',
    }),
    maxHold: Type.Integer({
      default: 3_600_000,
      minimum: 100,
      maximum: 86_400_000,
      description: 'Longest time that an order may say, ms',
    }),
    grace: Type.Integer({
      default: 60_000,
      minimum: 0,
      maximum: 86_400_000,
      description: 'How long a device may be away before it counts as offline, ms: toys sleep',
    }),
    removed: Type.Enum(['unavailable', 'cleared'], {
      default: 'unavailable',
      description: 'What becomes of the topics of a device that is away for longer: they say so, or there are none',
    }),
    pollInterval: Type.Integer({
      default: 300_000,
      minimum: 0,
      maximum: 86_400_000,
      description: 'How often battery and signal strength are read, ms, at least 10000; 0 for never',
    }),
    subscribe: Type.Boolean({
      default: true,
      description: 'Whether buttons and other sensors of devices are listened to',
    }),
  },
  { additionalProperties: false },
);

export type TopicsConfig = Static<typeof config>;
