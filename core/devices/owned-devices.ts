import type { ModelDefinition } from '../catalogue/definition.js';
import { DeviceError } from '../errors.js';
import { OUTPUT_TYPES, type OutputProperties, type OutputType } from '../protocol/model.js';
import type { DeviceIdentity } from './identity.js';
import { LimitedRange, type UserLimit } from './limits.js';
import type { DeviceSettings } from './settings-file.js';

/**
 * One device of somebody's, as user device configurations of the community describe it (facts: device-hardware, §3.3): what it says
 * of features goes by their identifiers, and means something only together with the model.
 */
export interface OwnedDevice {
  readonly protocol: string;
  readonly address: string;
  /** Absent: whatever the device says that it is. */
  readonly identifier?: string;
  /** The model it is taken for. */
  readonly modelId: string;
  readonly index: number;
  readonly allow: boolean;
  readonly deny: boolean;
  readonly displayName?: string;
  /** ms */
  readonly messageGap?: number;
  readonly features: readonly { readonly id: string; readonly limits: { readonly [T in OutputType]?: UserLimit } }[];
}

export const isOwned = (owned: OwnedDevice, { protocol, address, identifier }: DeviceIdentity): boolean =>
  owned.protocol === protocol &&
  owned.address === address &&
  (owned.identifier === undefined || owned.identifier === identifier);

/**
 * What the entry means for a device of this model.
 *
 * @throws DeviceError for an entry that does not fit: none of it counts then (facts: device-hardware, §3.5)
 */
export function settingsFor(owned: OwnedDevice, model: ModelDefinition): DeviceSettings {
  if (owned.modelId !== model.id) throw new DeviceError(`it is about another model than ${model.name}`);
  if (owned.features.length !== model.features.length) {
    throw new DeviceError(`it has ${owned.features.length} features, and ${model.name} has ${model.features.length}`);
  }
  const { address, protocol, index, displayName, messageGap } = owned;
  const features = owned.features.map(({ id, limits }) => {
    const feature = model.features.find((candidate) => candidate.id === id);
    if (!feature) throw new DeviceError(`it has a feature ${id}, and ${model.name} has none like that`);
    const applicable = OUTPUT_TYPES.flatMap((type) => {
      const [base, limit] = [feature.outputs[type], limits[type]];
      if (!base || !limit) return [];
      assertFits(type, base, limit);
      return [[type, writable(limit)] as const];
    });
    return [String(feature.index), Object.fromEntries(applicable)] as const;
  });
  return {
    address,
    protocol,
    index,
    ...(displayName !== undefined && { displayName }),
    ...(messageGap !== undefined && { messageGap }),
    features: Object.fromEntries(features.filter(([, limits]) => Object.keys(limits).length > 0)),
  };
}

/** @throws DeviceError for a range that does not lie within the device's */
function assertFits(type: OutputType, base: OutputProperties, limit: UserLimit): void {
  new LimitedRange(type, base, limit);
}

/** The settings file has lists, which may be changed. */
function writable({ range, duration, disabled, reversed }: UserLimit) {
  return {
    ...(range && { range: pair(range) }),
    ...(duration && { duration: pair(duration) }),
    ...(disabled !== undefined && { disabled }),
    ...(reversed !== undefined && { reversed }),
  };
}

const pair = ([least, most]: readonly [number, number]): [number, number] => [least, most];
