import type { UserLimit } from '../devices/limits.js';
import type { OwnedDevice } from '../devices/owned-devices.js';
import { OUTPUT_TYPES, type OutputType } from '../protocol/model.js';
import type { UserDevice } from './shapes.js';
import { typeNamed } from './tables.js';

/** A device of a user device configuration, in the gateway's own words. */
export function ownedDevice({ identifier: { protocol, address, identifier }, config }: UserDevice): OwnedDevice {
  const {
    index,
    allow = false,
    deny = false,
    display_name: displayName,
    message_gap_ms: messageGap,
  } = config.user_config;
  return {
    protocol,
    address,
    modelId: config.base_id.toLowerCase(),
    index,
    allow,
    deny,
    features: config.features.map(({ base_id: id, output = {} }) => ({
      id: id.toLowerCase(),
      limits: limitsIn(output),
    })),
    ...(typeof identifier === 'string' && { identifier }),
    ...(displayName !== undefined && { displayName }),
    ...(messageGap !== undefined && { messageGap }),
  };
}

/** Outputs that nobody knows are of a newer file, and limit nothing here. */
function limitsIn(outputs: NonNullable<UserDevice['config']['features'][number]['output']>) {
  const limits: { [T in OutputType]?: UserLimit } = {};
  for (const [name, { value: range, duration, disabled, reverse: reversed }] of Object.entries(outputs)) {
    const type = typeNamed(OUTPUT_TYPES, name);
    if (!type) continue;
    limits[type] = {
      ...(range && { range }),
      ...(duration && { duration }),
      ...(disabled !== undefined && { disabled }),
      ...(reversed !== undefined && { reversed }),
    };
  }
  return limits;
}
