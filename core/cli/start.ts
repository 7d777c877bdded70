import { type Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../config/issues.js';
import { describeError, GatewayError } from '../errors.js';
import { createGateway, type Gateway } from '../gateway.js';
import { LOG_LEVELS, standardOutput } from '../logging/logger.js';
import { packageVersion } from '../version.js';
import { EXIT, type Terminal } from './terminal.js';

/** Longest time an orderly end may take before the process goes all the same, ms. */
const STOP_LIMIT_MS = 15_000;

interface StartFlags {
  readonly config?: string;
  readonly port?: number;
  readonly logLevel?: string;
}

/** Adds `start`: runs the gateway until a signal comes. */
export function startCommand(program: Command, terminal: Terminal): void {
  program
    .command('start')
    .description('Run the gateway until it is interrupted')
    .option('-c, --config <file>', 'configuration file (default: pulsegate.yml, if there is one here)')
    .option('-p, --port <number>', 'port to listen on, 0 for any free one', portNumber)
    .addOption(new Option('-l, --log-level <level>', 'least important messages to write').choices([...LOG_LEVELS]))
    .action((flags: StartFlags) => start(flags, terminal));
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('It is a whole number from 0 to 65535.');
  return port;
}

async function start({ config, port, logLevel }: StartFlags, terminal: Terminal): Promise<void> {
  outliveLogReaders();
  const output = standardOutput();
  const exit = (code: number) => output.flushed().then(() => process.exit(code));
  let gateway: Gateway;
  try {
    gateway = await createGateway({
      file: config,
      flags: { port, logLevel },
      env: terminal.env,
      cwd: terminal.cwd,
      logOutput: output,
    });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    terminal.stderr(`${error.message}\n`);
    terminal.setExitCode(error instanceof ConfigError ? EXIT.badConfig : EXIT.failed);
    return;
  }
  endInOrder(gateway, exit);
  try {
    await gateway.start();
  } catch (error) {
    gateway.log.fatal(describeError(error));
    return exit(EXIT.failed);
  }
  announce(gateway);
}

/** A pipe or terminal that takes the log may go away. The gateway goes on without it, and ends in order when it has to. */
function outliveLogReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Devices stop before the process ends, whatever ends it. */
function endInOrder(gateway: Gateway, exit: (code: number) => Promise<void>): void {
  const { log } = gateway;
  let ending = false;
  const end = (reason: string, code: number) => {
    if (ending) return;
    ending = true;
    log.info(`stopping: ${reason}`);
    setTimeout(() => process.exit(EXIT.forced), STOP_LIMIT_MS).unref();
    gateway.stop().then(
      () => {
        log.info('stopped; every device was told to');
        return exit(code);
      },
      (error: unknown) => {
        log.fatal({ err: error }, 'did not stop in order');
        return exit(EXIT.internal);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(EXIT.forced);
      end(signal, EXIT.ok);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'something broke that should not have; please report it');
      end('internal error', EXIT.internal);
    });
  }
  void gateway.failed.then((error) => {
    log.fatal(error.message);
    end('a required plugin failed', EXIT.failed);
  });
}

function announce({ log, addresses, plugins, config }: Gateway): void {
  for (const { name, state } of plugins) {
    if (state === 'running') log.info(`plugin ${name}: running`);
    else if (state === 'disabled') log.info(`plugin ${name}: off`);
  }
  for (const address of addresses) log.info(`listening on ws://${address}`);
  log.info(`${config.server.name} ${packageVersion} is ready; press Ctrl-C to stop it and every device`);
}
