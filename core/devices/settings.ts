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

/** What the user's file says, ready to be asked. */
export class DeviceSettingsBook {
  readonly #entries: readonly DeviceSettings[];
  readonly #allowing: boolean;

  constructor(file: DeviceSettingsFile) {
    this.#entries = file.devices ?? [];
    this.#allowing = this.#entries.some(({ allow }) => allow === true);
  }

  /** Deny wins over allow; one allow anywhere shuts out everything without one (facts: device-hardware, §2.3). */
  admits(address: string): boolean {
    const entries = this.#entries.filter((entry) => entry.address === address);
    if (entries.some(({ deny }) => deny === true)) return false;
    return !this.#allowing || entries.some(({ allow }) => allow === true);
  }

  /** The entry for this device; one that names its protocol wins over one that does not. */
  find(address: string, protocol: string): DeviceSettings | undefined {
    const entries = this.#entries.filter((entry) => entry.address === address);
    return (
      entries.find((entry) => entry.protocol === protocol) ?? entries.find((entry) => entry.protocol === undefined)
    );
  }

  /** Indexes a person reserved. */
  get reservedIndexes(): ReadonlySet<number> {
    return new Set(this.#entries.flatMap(({ index }) => (index === undefined ? [] : [index])));
  }
}
