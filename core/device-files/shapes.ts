import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * The community's device configuration, version 4, as far as the gateway reads it (facts: device-hardware, §3). Keys that are
 * not named here are left alone.
 */

const text = Type.String({ minLength: 1, maxLength: 200 });
const uuid = Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' });
const step = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });
const steps = Type.Tuple([step, step]);
const byte = Type.Integer({ minimum: 0, maximum: 255 });
const u16 = Type.Integer({ minimum: 0, maximum: 65_535 });

const btle = Type.Object({
  names: Type.Array(text, { minItems: 1 }),
  services: Type.Record(uuid, Type.Record(text, uuid)),
  manufacturer_data: Type.Optional(
    Type.Array(Type.Object({ company: u16, data: Type.Optional(Type.Array(byte, { maxItems: 255 })) })),
  ),
  advertised_services: Type.Optional(Type.Array(uuid)),
});
const pairs = Type.Object({
  pairs: Type.Array(Type.Object({ vendor_id: u16, product_id: u16 }), { minItems: 1 }),
});
const serial = Type.Object({ port: text, baud_rate: Type.Integer({ minimum: 1, maximum: 10_000_000 }) });
const anything = Type.Object({});

/** One way in which a device is reached; exactly one of the keys is there. */
export const Communication = Type.Object(
  {
    btle: Type.Optional(btle),
    serial: Type.Optional(serial),
    hid: Type.Optional(pairs),
    usb: Type.Optional(pairs),
    websocket: Type.Optional(Type.Object({ name: text })),
    xinput: Type.Optional(anything),
    lovense_connect_service: Type.Optional(anything),
  },
  { minProperties: 1, maxProperties: 1, additionalProperties: false },
);
export type Communication = Static<typeof Communication>;

const output = Type.Object({ value: steps, duration: Type.Optional(steps) });
const input = Type.Object({
  value: Type.Array(steps, { minItems: 1 }),
  command: Type.Array(Type.Enum(['Read', 'Subscribe'])),
});

const Feature = Type.Object({
  index: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  id: Type.Optional(uuid),
  description: Type.Optional(Type.String({ maxLength: 500 })),
  output: Type.Optional(Type.Record(Type.String(), output)),
  input: Type.Optional(Type.Record(Type.String(), input)),
});
export type Feature = Static<typeof Feature>;

export const Model = Type.Object({
  identifier: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { minItems: 1 })),
  name: text,
  id: Type.Optional(uuid),
  protocol_variant: Type.Optional(text),
  message_gap_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
  features: Type.Optional(Type.Array(Feature)),
});
export type Model = Static<typeof Model>;

/** The parts of a protocol, each judged by itself. */
export const Protocol = Type.Object({
  communication: Type.Optional(Type.Array(Type.Unknown())),
  defaults: Type.Optional(Type.Unknown()),
  configurations: Type.Optional(Type.Array(Type.Unknown())),
});

const userOutput = Type.Object({
  value: Type.Optional(steps),
  duration: Type.Optional(steps),
  disabled: Type.Optional(Type.Boolean()),
  reverse: Type.Optional(Type.Boolean()),
});

export const UserDevice = Type.Object({
  identifier: Type.Object({
    protocol: text,
    address: text,
    identifier: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  }),
  config: Type.Object({
    base_id: uuid,
    features: Type.Array(
      Type.Object({
        id: Type.Optional(uuid),
        base_id: uuid,
        output: Type.Optional(Type.Record(Type.String(), userOutput)),
      }),
    ),
    user_config: Type.Object({
      index: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
      allow: Type.Optional(Type.Boolean()),
      deny: Type.Optional(Type.Boolean()),
      display_name: Type.Optional(text),
      message_gap_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
    }),
  }),
});
export type UserDevice = Static<typeof UserDevice>;

const version = Type.Object({
  major: Type.Literal(4),
  minor: Type.Optional(Type.Integer({ minimum: 0 })),
});
export const CatalogueFile = Type.Object({ version, protocols: Type.Record(Type.String(), Type.Unknown()) });
export const UserFile = Type.Object({
  version,
  user_configs: Type.Object({
    protocols: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    devices: Type.Optional(Type.Array(Type.Unknown())),
  }),
});

/** Compiled once: there are hundreds of entries of each kind. */
export const fits = {
  communication: Compile(Communication),
  model: Compile(Model),
  protocol: Compile(Protocol),
  userDevice: Compile(UserDevice),
};
