import type { ProtocolDefinition } from './catalogue/definition.js';
import { NO_TABLES } from './catalogue/tables.js';
import type { Config } from './config/schema.js';
import type { DeviceFiles } from './device-files/read.js';

export const NO_DEVICE_FILES: DeviceFiles = { tables: NO_TABLES, devices: [], complaints: [] };

/**
 * Reads the files that the configuration names. Hardly anybody has any: what reads them is loaded for those who do.
 *
 * @param builtin whose handlers drive the devices in them
 * @throws ConfigError: a file is missing, damaged or of another version
 */
export async function loadDeviceFiles(
  { devices: { catalogue, userConfig } }: Config,
  builtin: readonly ProtocolDefinition[],
): Promise<DeviceFiles> {
  const isBuiltIn = catalogue === 'builtin';
  if (isBuiltIn && userConfig === undefined) return NO_DEVICE_FILES;
  const { readDeviceFiles } = await import('./device-files/read.js');
  return readDeviceFiles(isBuiltIn ? undefined : catalogue, userConfig, builtin);
}
