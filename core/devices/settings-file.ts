import Type, { type Static } from 'typebox';
import { OUTPUT_TYPES } from '../protocol/model.js';

/** The file a person writes about their devices (`devices.settings`). The gateway only ever reads it. */

const StepRange = Type.Tuple([Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 0 })], {
  description: 'Least and greatest device step this output may use; level 0 stays off',
});

const OutputSettings = Type.Object(
  {
    range: Type.Optional(StepRange),
    duration: Type.Optional(
      Type.Tuple([Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 0 })], {
        description: 'Shortest and longest duration of a timed move, ms',
      }),
    ),
    disabled: Type.Optional(Type.Boolean({ description: 'Hide this output and refuse every command to it' })),
    reversed: Type.Optional(Type.Boolean({ description: 'Mirror positions; turn the other way' })),
  },
  { additionalProperties: false },
);

const FeatureSettings = Type.Object(
  Object.fromEntries(OUTPUT_TYPES.map((type) => [type, Type.Optional(OutputSettings)])) as Record<
    (typeof OUTPUT_TYPES)[number],
    Type.TOptional<typeof OutputSettings>
  >,
  { additionalProperties: false },
);

const DeviceEntry = Type.Object(
  {
    address: Type.String({ minLength: 1, description: 'Address of the device, as the log shows it when it connects' }),
    protocol: Type.Optional(Type.String({ description: 'Only when the device is driven by this protocol' })),
    displayName: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Name shown to clients besides the model' }),
    ),
    index: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 4294967295, description: 'Index clients use for this device' }),
    ),
    allow: Type.Optional(
      Type.Boolean({ description: 'As soon as one device has allow: true, only such devices are connected' }),
    ),
    deny: Type.Optional(Type.Boolean({ description: 'Never connect this device; wins over allow' })),
    raw: Type.Optional(Type.Boolean({ description: 'Let clients write raw bytes to this device, past every limit' })),
    messageGap: Type.Optional(
      Type.Number({ minimum: 0, maximum: 10000, description: 'Least time between packets, ms' }),
    ),
    features: Type.Optional(
      Type.Record(Type.String({ pattern: '^(0|[1-9][0-9]{0,9})$' }), FeatureSettings, {
        description: 'Limits by feature index and output type',
      }),
    ),
  },
  { additionalProperties: false },
);

export const DeviceSettingsFile = Type.Object(
  { devices: Type.Optional(Type.Array(DeviceEntry)) },
  { additionalProperties: false },
);
export type DeviceSettingsFile = Static<typeof DeviceSettingsFile>;
export type DeviceSettings = Static<typeof DeviceEntry>;
