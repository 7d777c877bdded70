import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { PluginError, type ProtocolDefinition, readSettingsFile } from 'pulsegate/plugin';
import { definitionOf } from './definition.js';
import { DefinitionFile } from './schema.js';

/** So many files are read, in the order of their names. */
const MAX_FILES = 200;

/** Names of the definitions in the folder; none when there is no folder. */
export async function definitionFilesIn(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((file) => ['.yml', '.yaml'].includes(extname(file)))
      .sort()
      .slice(0, MAX_FILES);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Rejects with what is wrong with the file: a line for each mistake, with its place. */
export async function readDefinition(plugin: string, path: string): Promise<ProtocolDefinition> {
  const file = await readSettingsFile(DefinitionFile, path);
  if (!file) throw new PluginError(plugin, `there is no file ${path}`);
  return definitionOf(plugin, file);
}
