import { resolve } from 'node:path';
import type { Command } from 'commander';
import { describeError } from '../errors.js';
import { EXIT, type Terminal } from './terminal.js';

/** Adds `check`: whether the gateway would take these definitions. */
export function checkDefinitionCommand(catalogue: Command, terminal: Terminal): void {
  catalogue
    .command('check')
    .description('Say whether the gateway would take these definitions of devices, and if not, why')
    .argument('<file...>', 'definitions (YAML)')
    .action((files: readonly string[]) => checkDefinitions(files, terminal));
}

async function checkDefinitions(files: readonly string[], terminal: Terminal): Promise<void> {
  // Nothing else that the command does needs it.
  const { readDefinition } = await import('../../plugins/definition-files/definition-file.js');
  for (const file of files) {
    try {
      const { id, models } = await readDefinition('definition-files', resolve(terminal.cwd, file));
      const names = models.map(({ name }) => name).join(', ');
      terminal.stdout(`${file}: fine: protocol ${id} with ${names}\n`);
    } catch (error) {
      terminal.stderr(`${describeError(error)}\n`);
      terminal.setExitCode(EXIT.badConfig);
    }
  }
}
