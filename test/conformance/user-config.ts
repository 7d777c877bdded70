import { readFile } from 'node:fs/promises';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { modelFor } from '../../core/catalogue/catalogue.js';
import type { FeatureDefinition, ProtocolDefinition } from '../../core/catalogue/definition.js';
import type { DeviceSettings, DeviceSettingsFile } from '../../core/devices/settings.js';
import { OUTPUT_TYPES } from '../../core/protocol/model.js';

/** The community's user configuration as the gateway's own device settings (facts: device-hardware, §3.3). */

/** The file asks for what the settings do not offer yet. */
export class NotSupportedYet extends Error {}

const Range = Type.Optional(Type.Tuple([Type.Integer(), Type.Integer()]));
const UserOutput = Type.Object({
  value: Range,
  duration: Range,
  disabled: Type.Optional(Type.Boolean()),
  reverse: Type.Optional(Type.Boolean()),
});
const UserDevice = Type.Object({
  identifier: Type.Object({
    address: Type.String(),
    protocol: Type.String(),
    identifier: Type.Optional(Type.String()),
  }),
  config: Type.Object({
    features: Type.Array(
      Type.Object({ base_id: Type.String(), output: Type.Optional(Type.Record(Type.String(), UserOutput)) }),
    ),
    user_config: Type.Object({
      index: Type.Integer(),
      allow: Type.Optional(Type.Boolean()),
      deny: Type.Optional(Type.Boolean()),
      display_name: Type.Optional(Type.String()),
      message_gap_ms: Type.Optional(Type.Number()),
    }),
  }),
});
const UserConfig = Compile(
  Type.Object({
    user_configs: Type.Object({
      protocols: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      devices: Type.Optional(Type.Array(UserDevice)),
    }),
  }),
);

/** Rejects with NotSupportedYet for what the gateway's settings have no word for. */
export async function settingsFrom(
  path: string,
  definitions: readonly ProtocolDefinition[],
): Promise<DeviceSettingsFile> {
  const { protocols = {}, devices = [] } = UserConfig.Parse(JSON.parse(await readFile(path, 'utf8'))).user_configs;
  const extended = Object.keys(protocols);
  if (extended.length > 0) {
    throw new NotSupportedYet(
      `its user configuration adds names and models to ${extended.join(', ')}, not supported yet`,
    );
  }
  return { devices: devices.map((device) => deviceSettings(device, definitions)) };
}

function deviceSettings(
  { identifier, config }: Static<typeof UserDevice>,
  definitions: readonly ProtocolDefinition[],
): DeviceSettings {
  const { address, protocol } = identifier;
  const definition = definitions.find(({ id }) => id === protocol);
  const model = definition && modelFor(definition, identifier.identifier ?? '');
  if (!model)
    throw new NotSupportedYet(`its user configuration is about ${protocol}, which is not in the catalogue yet`);
  const { index, display_name: displayName, message_gap_ms: messageGap, allow, deny } = config.user_config;
  const features = config.features.flatMap(({ base_id: baseId, output = {} }) => {
    const limits = Object.entries(output).map(([type, limit]) => [outputTypeNamed(type), limitFrom(limit)]);
    if (limits.length === 0) return [];
    return [[String(featureWithId(model.features, baseId).index), Object.fromEntries(limits)]];
  });
  return {
    address,
    protocol,
    index,
    ...(displayName !== undefined && { displayName }),
    ...(messageGap !== undefined && { messageGap }),
    ...(allow && { allow }),
    ...(deny && { deny }),
    features: Object.fromEntries(features),
  };
}

function featureWithId(features: readonly FeatureDefinition[], id: string): FeatureDefinition {
  const feature = features.find((candidate) => candidate.id === id);
  if (!feature)
    throw new NotSupportedYet(`its user configuration is about a feature ${id}, which the catalogue does not have`);
  return feature;
}

const limitFrom = ({ value, duration, disabled, reverse }: Static<typeof UserOutput>) => ({
  ...(value && { range: value }),
  ...(duration && { duration }),
  ...(disabled !== undefined && { disabled }),
  ...(reverse !== undefined && { reversed: reverse }),
});

/** `hw_position_with_duration` is HwPositionWithDuration. */
function outputTypeNamed(name: string): string {
  const type = OUTPUT_TYPES.find((known) => known.toLowerCase() === name.replaceAll('_', ''));
  if (!type) throw new NotSupportedYet(`its user configuration names an output type ${name}`);
  return type;
}
