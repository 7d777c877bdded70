import type { Command } from 'commander';
import type { BuiltinPlugins } from '../config/builtins.js';
import { ConfigError } from '../config/issues.js';
import { configJsonSchema } from '../config/json-schema.js';
import { loadConfig } from '../config/load.js';
import type { PluginSchemaLookup } from '../config/plugins.js';
import { loadDeviceSettings } from '../device-settings.js';
import { EXIT, type Terminal } from './terminal.js';

/** What the commands need to know of plugins, besides the terminal. */
export interface ConfigCommandDeps extends Terminal {
  readonly builtins: BuiltinPlugins;
  readonly pluginSchema: PluginSchemaLookup;
}

/** Adds `config check` and `config schema`. The actions are asynchronous: use `program.parseAsync`. */
export function configCommand(program: Command, deps: ConfigCommandDeps): void {
  const config = program.command('config').description('Check the configuration, or describe it to an editor');
  config
    .command('check')
    .description('Say whether the gateway would start with this configuration, and if not, why')
    .argument('[file]', 'the configuration file; by default the one `start` would use')
    .action((file: string | undefined) => checkConfig(file, deps));
  config
    .command('schema')
    .description('Print the JSON Schema of the configuration file')
    .action(() => deps.stdout(`${JSON.stringify(configJsonSchema(deps.builtins), null, 2)}\n`));
}

async function checkConfig(named: string | undefined, deps: ConfigCommandDeps): Promise<void> {
  try {
    const loaded = await loadConfig({ ...deps, file: named });
    await loadDeviceSettings(loaded);
    const { file, warnings } = loaded;
    deps.stdout(`${file ?? 'no file, so the defaults'}: ok\n`);
    for (const warning of warnings) deps.stdout(`warning: ${warning}\n`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    deps.stderr(`${error.message}\n`);
    deps.setExitCode(EXIT.badConfig);
  }
}
