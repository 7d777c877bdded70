import { join } from 'node:path';
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
      const { definitionFilesIn, readDefinition } = await import('./files.js');
      const registry = use(PROTOCOLS);
      for (const file of await definitionFilesIn(folder)) {
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
