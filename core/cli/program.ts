import { Command } from 'commander';
import { builtinSections } from '../builtin-plugins.js';
import { describeError } from '../errors.js';
import { ThirdPartyPlugins } from '../plugins/third-party.js';
import { packageVersion } from '../version.js';
import { catalogueCommand } from './catalogue.js';
import { configCommand } from './config.js';
import { doctorCommand } from './doctor.js';
import { pluginsCommand } from './plugins.js';
import { scriptCommand } from './script.js';
import { scriptsCommand } from './scripts.js';
import { startCommand } from './start.js';
import { EXIT } from './terminal.js';

const thirdParty = new ThirdPartyPlugins();
const terminal = {
  env: process.env,
  cwd: process.cwd(),
  stdout: (text: string) => void process.stdout.write(text),
  stderr: (text: string) => void process.stderr.write(text),
  setExitCode: (code: number) => {
    process.exitCode = code;
  },
};

const program = new Command('pulsegate')
  .description('A gateway for the Buttplug protocol')
  .version(packageVersion)
  .showHelpAfterError();
startCommand(program, terminal);
configCommand(program, {
  ...terminal,
  builtins: builtinSections,
  pluginSchema: async (name, { from }, baseDir) => from && (await thirdParty.load(name, from, baseDir))?.config,
});
pluginsCommand(program, terminal);
doctorCommand(program, terminal);
catalogueCommand(program, terminal);
scriptsCommand(program, terminal);
scriptCommand(program, terminal);

try {
  await program.parseAsync();
} catch (error) {
  terminal.stderr(`${describeError(error)}\n`);
  process.exitCode = EXIT.internal;
}
