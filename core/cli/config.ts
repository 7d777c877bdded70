import type { Command } from 'commander';
import type { BuiltinPlugins } from '../config/builtins.js';
import { ConfigError } from '../config/issues.js';
import { configJsonSchema } from '../config/json-schema.js';
import { loadConfig } from '../config/load.js';
import type { PluginSchemaLookup } from '../config/plugins.js';

/** What the commands need from the world. */
export interface ConfigCommandDeps {
  readonly builtins: BuiltinPlugins;
  readonly pluginSchema: PluginSchemaLookup;
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** Both write the text as it is. */
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly setExitCode: (code: number) => void;
}

/** Exit code of every command that stops because of the configuration. */
export const EXIT_BAD_CONFIG = 2;

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
    const { file, warnings } = await loadConfig({ ...deps, file: named });
    deps.stdout(`${file ?? 'no file, so the defaults'}: ok\n`);
    for (const warning of warnings) deps.stdout(`warning: ${warning}\n`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    deps.stderr(`${error.message}\n`);
    deps.setExitCode(EXIT_BAD_CONFIG);
  }
}
