import type { Command } from 'commander';
import { configuredGateway } from './configured.js';
import { RunningGateway } from './running-gateway.js';
import { type Terminal, table } from './terminal.js';

/** Adds `plugins`: what is installed and configured, and how it fares in the gateway that runs, if one does. */
export function pluginsCommand(program: Command, terminal: Terminal): void {
  program
    .command('plugins')
    .description('List the plugins and their state')
    .option('-c, --config <file>', 'configuration file')
    .action(async ({ config }: { config?: string }) => {
      const gateway = await configuredGateway({ file: config, flags: { logLevel: 'silent' } }, terminal);
      if (!gateway) return;
      const running = await new RunningGateway(gateway.config.http).plugins();
      const rows = gateway.plugins.map(({ name, kind, state, description, required }) => {
        const actual = running?.get(name);
        const shown = actual?.state ?? (state === 'disabled' ? 'off' : 'enabled');
        const remark = actual?.reason ?? description;
        return [name, kind, required ? `${shown}, required` : shown, remark];
      });
      terminal.stdout(table([['NAME', 'KIND', 'STATE', 'ABOUT'], ...rows]));
      if (!running) terminal.stdout('No gateway runs on this port; the state is what the configuration says.\n');
    });
}
