import { type Command, Option } from 'commander';
import { checkScripts } from './script/check.js';
import { type RunFlags, runScript } from './script/run.js';
import type { Terminal } from './terminal.js';

/** Adds `script check` and `script run`, for those who write one. */
export function scriptCommand(program: Command, terminal: Terminal): void {
  const script = program.command('script').description('Check a script that you write, or try it out');
  script
    .command('check')
    .description('Say whether the gateway would run these scripts, and if not, why; nothing of them runs')
    .argument('<file...>', 'scripts: files, or folders with an index file')
    .action((files: readonly string[]) => checkScripts(files, terminal));
  script
    .command('run')
    .description('Run this one script, with its log on the terminal, until it ends or is interrupted')
    .argument('<file>', 'the script: a file, or a folder with an index file')
    .option('-c, --config <file>', 'configuration file')
    .option('-s, --simulate', 'with simulated devices only, apart from a gateway that runs')
    .addOption(
      new Option('-d, --device <model>', 'simulate this model; may be repeated')
        .argParser((model: string, earlier: readonly string[] = []) => [...earlier, model])
        .implies({ simulate: true }),
    )
    .action((file: string, flags: RunFlags) => runScript(file, flags, terminal));
}
