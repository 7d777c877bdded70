import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { definePlugin, describeError, PLUGIN_API, PROTOCOLS } from 'pulsegate/plugin';
import { config } from './config.js';

export default definePlugin({
  name: 'definition-files',
  kind: 'protocol',
  api: PLUGIN_API,
  description: 'Definitions of devices of your own, from a folder',
  config,
  create: ({ name, config: { folder }, log, use }) => ({
    async start() {
      const files = await definitionFilesIn(folder);
      // Few have any: the others need nothing of what reads them.
      if (files.length === 0) return;
      const { readDefinition } = await import('./definition-file.js');
      const registry = use(PROTOCOLS);
      for (const file of files) {
        try {
          const definition = await readDefinition(name, join(folder, file));
          registry.add(definition);
          log.info(`${definition.brand}: ${definition.models.length} models from ${file}`);
        } catch (error) {
          // One that is wrong is no reason to do without the others.
          log.error(`${file} is left out: ${describeError(error)}`);
        }
      }
    },
    // What was added goes with the plugin's scope.
    stop() {},
  }),
});

/** So many files are read, in the order of their names. */
const MAX_FILES = 200;

/** Names of the definitions in the folder; none when there is no folder. */
async function definitionFilesIn(folder: string): Promise<readonly string[]> {
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
