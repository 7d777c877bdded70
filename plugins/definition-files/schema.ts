import { type Static, Type } from 'pulsegate/plugin';
import { TEMPLATE_PATTERN } from './template.js';

const text = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });
const identifier = Type.String({
  pattern: '^([0-9a-f]{4}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$',
  description: 'A Bluetooth identifier: four hexadecimal digits, or all of them',
});
const most = (description: string) => Type.Integer({ minimum: 1, maximum: 65_535, description });

const feature = Type.Object(
  {
    description: Type.Optional(Type.String({ maxLength: 200 })),
    vibrate: Type.Optional(most('Highest level')),
    oscillate: Type.Optional(most('Highest level')),
    constrict: Type.Optional(most('Highest level')),
    temperature: Type.Optional(most('Highest level')),
    led: Type.Optional(most('Highest level')),
    rotate: Type.Optional(most('Highest level, in one direction')),
    rotateBothWays: Type.Optional(most('Highest level, in either direction')),
    position: Type.Optional(most('Furthest position')),
    timedPosition: Type.Optional(most('Furthest position of a move that takes a given time')),
    battery: Type.Optional(Type.Literal(true, { description: 'It can be read by the standard service' })),
  },
  { additionalProperties: false },
);

const model = Type.Object(
  {
    name: text('Name of the model'),
    identifiers: Type.Array(text('An advertised name, or one that a prefix stands for'), {
      default: [],
      maxItems: 100,
      description: 'Advertised names of this model; without any it is for all that no other model has',
    }),
    features: Type.Array(feature, { minItems: 1, maxItems: 32 }),
  },
  { additionalProperties: false },
);

const template = Type.String({
  pattern: TEMPLATE_PATTERN,
  maxLength: 500,
  description: 'Bytes in hexadecimal digits, and parts in braces',
});

const packets = Type.Object(
  {
    endpoint: Type.String({ default: 'tx', description: 'Where packets go' }),
    withResponse: Type.Boolean({ default: false, description: 'Whether the device acknowledges each packet' }),
    start: Type.Array(template, { default: [], maxItems: 20, description: 'Sent once after connecting' }),
    vibrate: Type.Optional(template),
    oscillate: Type.Optional(template),
    constrict: Type.Optional(template),
    temperature: Type.Optional(template),
    led: Type.Optional(template),
    rotate: Type.Optional(template),
    position: Type.Optional(template),
    timedPosition: Type.Optional(template),
  },
  { additionalProperties: false, description: 'What is sent for an order, by the kind of output' },
);

/** A definition as a person writes it. */
export const DefinitionFile = Type.Object(
  {
    id: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
      description: 'Id of the protocol: small letters, digits and -',
    }),
    brand: text('The maker'),
    bluetooth: Type.Optional(
      Type.Object(
        {
          names: Type.Array(text('An advertised name, or its beginning and *'), { minItems: 1, maxItems: 100 }),
          services: Type.Record(identifier, Type.Record(Type.String({ maxLength: 40 }), identifier), {
            description: 'By service: its characteristics, by endpoint (tx, rx, …)',
          }),
        },
        { additionalProperties: false },
      ),
    ),
    serial: Type.Optional(
      Type.Object(
        { baudRate: Type.Integer({ minimum: 50, maximum: 4_000_000 }) },
        {
          additionalProperties: false,
          description: 'On a port that plugins.hardware-serial.ports gives to this protocol',
        },
      ),
    ),
    webSocket: Type.Optional(
      Type.Object(
        { name: text('What the device calls itself') },
        { additionalProperties: false, description: 'A device that connects to plugins.hardware-websocket' },
      ),
    ),
    models: Type.Array(model, { minItems: 1, maxItems: 200 }),
    packets,
  },
  { additionalProperties: false },
);
export type DefinitionFile = Static<typeof DefinitionFile>;
