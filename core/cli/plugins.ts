import type { Command } from 'commander';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { GatewayError } from '../errors.js';
import { createGateway, type Gateway } from '../gateway.js';
import { EXIT, type Terminal, table } from './terminal.js';

const Health = Compile(
  Type.Object({
    plugins: Type.Record(Type.String(), Type.Object({ state: Type.String(), reason: Type.Optional(Type.String()) })),
  }),
);

/** Longest wait for a running gateway's answer, ms. */
const ANSWER_MS = 1000;

/** Adds `plugins`: what is installed and configured, and how it fares in the gateway that runs, if one does. */
export function pluginsCommand(program: Command, terminal: Terminal): void {
  program
    .command('plugins')
    .description('List the plugins and their state')
    .option('-c, --config <file>', 'configuration file')
    .action(async ({ config }: { config?: string }) => {
      let gateway: Gateway;
      try {
        gateway = await createGateway({
          file: config,
          flags: { logLevel: 'silent' },
          env: terminal.env,
          cwd: terminal.cwd,
        });
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        terminal.stderr(`${error.message}\n`);
        terminal.setExitCode(EXIT.badConfig);
        return;
      }
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

async function askRunningGateway({ host, port }: { host: string; port: number }) {
  try {
    const answer = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/health`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const health: unknown = await answer.json();
    return Health.Check(health) ? new Map(Object.entries(health.plugins)) : undefined;
  } catch {
    return undefined;
  }
}
