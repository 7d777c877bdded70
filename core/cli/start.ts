import { type Command, InvalidArgumentError, Option } from 'commander';
import { describeError } from '../errors.js';
import type { Gateway } from '../gateway.js';
import { LOG_LEVELS, standardOutput } from '../logging/logger.js';
import type { Scripts } from '../scripting/scripts.js';
import { packageVersion } from '../version.js';
import { configuredGateway } from './configured.js';
import { endInOrder, outliveLogReaders } from './ending.js';
import { EXIT, shownPath, type Terminal } from './terminal.js';

interface StartFlags {
  readonly config?: string;
  readonly port?: number;
  readonly logLevel?: string;
  readonly safeStart?: boolean;
}

/** Adds `start`: runs the gateway until a signal comes. */
export function startCommand(program: Command, terminal: Terminal): void {
  program
    .command('start')
    .description('Run the gateway until it is interrupted')
    .option('-c, --config <file>', 'configuration file (default: pulsegate.yml, if there is one here)')
    .option('-p, --port <number>', 'port to listen on, 0 for any free one', portNumber)
    .addOption(new Option('-l, --log-level <level>', 'least important messages to write').choices([...LOG_LEVELS]))
    .option('--safe-start', 'start with every script off')
    .action((flags: StartFlags) => start(flags, terminal));
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('It is a whole number from 0 to 65535.');
  return port;
}

async function start({ config, port, logLevel, safeStart }: StartFlags, terminal: Terminal): Promise<void> {
  outliveLogReaders();
  const output = standardOutput();
  const exit = (code: number) => output.flushed().then(() => process.exit(code));
  const options = { file: config, flags: { port, logLevel }, safeStart, logOutput: output };
  const gateway = await configuredGateway(options, terminal);
  if (!gateway) return;
  endInOrder(gateway, exit);
  try {
    await gateway.start();
  } catch (error) {
    gateway.log.fatal(describeError(error));
    return exit(EXIT.failed);
  }
  announce(gateway, terminal.cwd);
}

function announce({ log, addresses, plugins, scripts, config }: Gateway, cwd: string): void {
  for (const { name, state } of plugins) {
    if (state === 'running') log.info(`plugin ${name}: running`);
    else if (state === 'disabled') log.info(`plugin ${name}: off`);
  }
  log.info(`scripts: ${config.scripts.enabled ? overview(scripts, shownPath(config.scripts.directory, cwd)) : 'off'}`);
  for (const address of addresses) log.info(`listening on ws://${address}`);
  log.info(`${config.server.name} ${packageVersion} is ready; press Ctrl-C to stop it and every device`);
}

function overview({ statuses }: Scripts, folder: string): string {
  const examples = statuses.filter(({ isExample }) => isExample).length;
  const own = statuses.filter(({ isExample }) => !isExample);
  // Those that have been started take a moment to run.
  const running = own.filter(({ state }) => state === 'starting' || state === 'running').length;
  const parts = [
    own.length > 0 ? `${own.length} in ${folder}, ${running || 'none'} running` : `none in ${folder}`,
    ...(examples > 0 ? [`${examples} example${examples > 1 ? 's' : ''}`] : []),
  ];
  return `${parts.join('; ')} (pulsegate scripts lists them)`;
}
