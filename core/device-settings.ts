import { ConfigError, issueAt } from './config/issues.js';
import type { LoadedConfig } from './config/load.js';
import { loadSettingsFile } from './config/settings-file.js';
import { DeviceSettingsFile } from './devices/settings-file.js';

/**
 * What a person wrote about their devices; nothing when the file is not there. One that the configuration names must be there:
 * a misspelt path would silently lift every limit.
 *
 * @throws ConfigError with everything that is wrong in the file
 */
export async function loadDeviceSettings({ config, place, isWritten }: LoadedConfig): Promise<DeviceSettingsFile> {
  const path = ['devices', 'settings'];
  const settings = await loadSettingsFile(DeviceSettingsFile, config.devices.settings);
  if (settings || !isWritten(path)) return settings ?? {};
  throw new ConfigError([
    issueAt(place(path), {
      path,
      found: 'the path of a file that is not there',
      expected: 'the path of your device settings',
    }),
  ]);
}
