import type { Command } from 'commander';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Config } from '../config/schema.js';
import { configuredGateway } from './configured.js';
import { RunningGateway } from './running-gateway.js';
import { type Terminal, table } from './terminal.js';

const Health = Compile(
  Type.Object({
    plugins: Type.Record(Type.String(), Type.Object({ state: Type.String(), reason: Type.Optional(Type.String()) })),
  }),
);

/** Adds `plugins`: what is installed and configured, and how it fares in the gateway that runs, if one does. */
export function pluginsCommand(program: Command, terminal: Terminal): void {
  program
    .command('plugins')
    .description('List the plugins and their state')
    .option('-c, --config <file>', 'configuration file')
    .action(async ({ config }: { config?: string }) => {
      const gateway = await configuredGateway({ file: config, flags: { logLevel: 'silent' } }, terminal);
      if (!gateway) return;
      const running = await askRunningGateway(gateway.config.http);
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

async function askRunningGateway(http: Config['http']) {
  const answer = await new RunningGateway(http).ask('/health');
  return Health.Check(answer?.body) ? new Map(Object.entries(answer.body.plugins)) : undefined;
}
