import { loadSettingsFile, PluginError, type ProtocolDefinition } from 'pulsegate/plugin';
import { definitionOf } from './definition.js';
import { DefinitionFile } from './schema.js';

/** Rejects with what is wrong with the file: a line for each mistake, with its place. */
export async function readDefinition(plugin: string, path: string): Promise<ProtocolDefinition> {
  const file = await loadSettingsFile(DefinitionFile, path);
  if (!file) throw new PluginError(plugin, `there is no file ${path}`);
  return definitionOf(plugin, file);
}
