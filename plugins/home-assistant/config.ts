import { Type } from 'pulsegate/plugin';

const topic = { minLength: 1, maxLength: 200, pattern: '^[^+#/\\u0000][^+#\\u0000]*$' };
const area = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });

export const config = Type.Object(
  {
    discoveryPrefix: Type.String({
      ...topic,
      default: 'homeassistant',
      description: 'What Home Assistant looks for devices under: its discovery prefix',
    }),
    birth: Type.Object(
      {
        topic: Type.Optional(
          Type.String({
            ...topic,
            description: 'Where Home Assistant says that it is there; without it, `status` under the discovery prefix',
          }),
        ),
        payload: Type.String({ default: 'online', minLength: 1, description: 'What it says then' }),
        maxDelay: Type.Integer({
          default: 3_000,
          minimum: 0,
          maximum: 60_000,
          description: 'All devices are announced once more within this time, ms; the moment is random',
        }),
      },
      { additionalProperties: false, description: 'When Home Assistant has started anew.' },
    ),
    gatewayName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'Name of the gateway in Home Assistant; without it, `Pulsegate` and its name on the broker',
      }),
    ),
    hold: Type.Integer({
      default: 60_000,
      minimum: 100,
      maximum: 3_600_000,
      description: 'A level that Home Assistant sets ends after this time unless it is set again, ms',
    }),
    moveDuration: Type.Integer({
      default: 1_000,
      minimum: 0,
      maximum: 60_000,
      description: 'How long a timed move takes that Home Assistant asks for, ms; within what the device is able to do',
    }),
    removed: Type.Enum(['unavailable', 'cleared'], {
      default: 'unavailable',
      description:
        '`unavailable`: Home Assistant keeps a device that is away. `cleared`: it forgets the device after `grace`',
    }),
    grace: Type.Integer({
      default: 60_000,
      minimum: 0,
      maximum: 86_400_000,
      description: 'How long a device may be away before it counts as removed, ms',
    }),
    forgetAfter: Type.Integer({
      default: 90,
      minimum: 0,
      maximum: 3_650,
      description: 'A device that has not been connected for so many days is forgotten; 0 for never',
    }),
    suggestedArea: Type.Optional(area('Area that Home Assistant is asked to put new devices into')),
    areas: Type.Record(Type.String(), area('Area of the devices whose id or name this is; * stands for anything'), {
      default: {},
      description: 'Areas by the id or the name of a device; `*` stands for anything. The first that fits counts.',
    }),
    remote: Type.Boolean({
      default: true,
      description:
        'Whether devices of other servers (hardware-remote) are announced too, or only those of this gateway',
    }),
    serialNumber: Type.Boolean({
      default: true,
      description: 'Whether the address of a device (Bluetooth: its MAC address) is shown as its serial number',
    }),
    state: Type.String({
      default: './data/home-assistant.json',
      minLength: 1,
      'x-path': true,
      description: 'Which devices Home Assistant has been told of. The gateway writes this file',
    }),
  },
  { additionalProperties: false },
);
