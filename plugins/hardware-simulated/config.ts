import { type Static, Type } from 'pulsegate/plugin';

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, default: 0, description });

const device = Type.Object(
  {
    model: Type.String({
      minLength: 1,
      description:
        'Name of a model in the catalogue, such as Lovense Edge, The Handy or Pulsegate Testbed; case does not count.',
    }),
    protocol: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Id of a protocol, such as lovense: which model is meant where several protocols have one of that name.',
      }),
    ),
    identifier: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'What it tells of itself, such as G403: which model is meant where several have one name. One that none lists means the default.',
      }),
    ),
    address: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Address of the device, by which the gateway knows it again; by default made from the model, such as simulated:lovense-edge-1.',
      }),
    ),
    name: Type.Optional(
      Type.String({ description: 'Name it advertises; by default one that devices of this model have.' }),
    ),
    latency: Type.Number({
      minimum: 0,
      maximum: 60_000,
      default: 0,
      description: 'How long connecting and every read, write and subscription takes, in milliseconds, 0 to 60000.',
    }),
    packetLoss: share(
      'Share of packets that the link takes and the device never gets, 0 to 1. Which ones depends on the seed alone.',
    ),
    writeErrors: share('Share of packets that the link refuses with an error, 0 to 1.'),
    disconnectEvery: Type.Number({
      minimum: 0,
      maximum: 86_400,
      default: 0,
      description: 'How long a connection lasts before the link drops, in seconds, 0 to 86400; 0 means it never drops.',
    }),
    awayFor: Type.Number({
      minimum: 0,
      maximum: 86_400,
      default: 2,
      description: 'How long the device cannot be connected after the link dropped, in seconds, 0 to 86400.',
    }),
    present: Type.Enum(['at-start', 'on-scan'], {
      default: 'at-start',
      description:
        'When the device is first seen: "at-start", as soon as the plugin runs, or "on-scan", during a scan.',
    }),
    battery: Type.Integer({
      minimum: 0,
      maximum: 100,
      default: 100,
      description:
        'Charge at the start, in percent; it drains while motors run, by about 1 % per minute at full power.',
    }),
    messageGap: Type.Number({
      minimum: 0,
      maximum: 10_000,
      default: 75,
      description:
        'Least time between two batches of packets where the model has none of its own, in milliseconds, 0 to 10000. The default is that of Bluetooth, so that what works here is not too fast for the real thing.',
    }),
  },
  { additionalProperties: false },
);

export const configSchema = Type.Object(
  {
    devices: Type.Array(device, {
      default: [{ model: 'Lovense Edge' }, { model: 'The Handy' }],
      description: 'The devices to simulate; they pass through the same protocols and queues as real ones.',
    }),
    seed: Type.Integer({
      default: 1,
      description:
        'Start of the random numbers behind loss, errors and signal strength; the same seed gives the same run.',
    }),
  },
  { additionalProperties: false },
);

export type SimulationConfig = Static<typeof configSchema>;
export type DeviceConfig = Static<typeof device>;
