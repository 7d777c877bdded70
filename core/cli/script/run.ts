import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { describeError, ListenError, ScriptError } from '../../errors.js';
import type { Gateway, GatewayOptions } from '../../gateway.js';
import { type Logger, standardOutput } from '../../logging/logger.js';
import type { ScriptFile } from '../../scripting/files/folder.js';
import type { RunEnd } from '../../scripting/scripts.js';
import { configuredGateway } from '../configured.js';
import { type End, endInOrder, outliveLogReaders } from '../ending.js';
import { RunningGateway } from '../running-gateway.js';
import { EXIT, type Terminal } from '../terminal.js';
import { scriptAt } from './file.js';
import { SimulatedOutputs } from './simulated-outputs.js';
import { simulated, variablesWithoutOthers } from './simulation.js';

export interface RunFlags {
  readonly config?: string;
  readonly simulate?: boolean;
  readonly device?: readonly string[];
}

/** `script run`: one script in a gateway of its own, until it has ended or somebody interrupts it. */
export async function runScript(given: string, flags: RunFlags, terminal: Terminal): Promise<void> {
  const file = await scriptOrComplaint(given, terminal);
  if (!file) return;
  outliveLogReaders();
  const output = standardOutput();
  const folder = await mkdtemp(join(tmpdir(), 'pulsegate-run-'));
  // What cannot be removed is left to the system.
  const tidyUp = () => rm(folder, { recursive: true, force: true }).catch(() => {});
  const exit = async (code: number) => {
    await tidyUp();
    await output.flushed();
    process.exit(code);
  };

  const options = { file: flags.config, logOutput: output };
  const gateway = await (flags.simulate
    ? simulatingGateway(options, flags.device ?? [], folder, terminal)
    : configuredGateway({ ...options, env: { ...terminal.env, ...variablesWithoutOthers(folder) } }, terminal));
  if (!gateway) return tidyUp();
  let outputs: SimulatedOutputs | undefined;
  const end = endInOrder(gateway, exit, async () => {
    // What the script drives stops in this very turn. That is to be seen before the pages of the devices are gone.
    gateway.scripts.close();
    await outputs?.end();
    await gateway.stop();
  });
  try {
    await gateway.start();
  } catch (error) {
    gateway.log.fatal(await explained(error, gateway));
    return exit(EXIT.failed);
  }
  if (flags.simulate) {
    const { http } = gateway.config;
    outputs = new SimulatedOutputs(new RunningGateway({ ...http, port: gateway.port ?? http.port }), gateway.log);
    await outputs.start();
  }
  conclude(await gateway.scripts.runFile(file), file, gateway.log, end);
}

async function scriptOrComplaint(given: string, terminal: Terminal): Promise<ScriptFile | undefined> {
  try {
    return await scriptAt(given, terminal.cwd);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    terminal.stderr(`${error.message}\n`);
    terminal.setExitCode(EXIT.failed);
    return undefined;
  }
}

/** What the user's configuration says of scripts counts here too, so that is read first. */
async function simulatingGateway(
  options: GatewayOptions,
  models: readonly string[],
  folder: string,
  terminal: Terminal,
): Promise<Gateway | undefined> {
  const configured = await configuredGateway(options, terminal);
  if (!configured) return undefined;
  const config = simulated(configured.config, { models, folder });
  return configuredGateway({ config, cwd: folder, env: {}, logOutput: options.logOutput }, terminal);
}

async function explained(error: unknown, { config }: Gateway): Promise<string> {
  if (!(error instanceof ListenError)) return describeError(error);
  const running = new RunningGateway(config.http);
  return (await running.ask('/health'))?.status === 200
    ? `A gateway runs on ${running.address} already, and it has the devices: stop it, or put the script into its folder of scripts, or try the script with --simulate`
    : `${running.address} cannot be opened; set another http.port, or try the script with --simulate`;
}

/** What stands before the message, where it is not the script's own mistake. */
const CAUSES: { readonly [H in RunEnd['how']]?: string } = {
  host: 'the script host went down',
  session: 'the gateway ended its session',
};

function conclude({ how, message = 'nobody knows why', stack = [] }: RunEnd, file: ScriptFile, log: Logger, end: End) {
  if (how === 'finished' || how === 'stopped') {
    end(how === 'finished' ? 'the script has finished' : 'the script was stopped', EXIT.ok);
    return;
  }
  if (how !== 'unable') {
    const places = stack.map((place) => posix.join(posix.dirname(file.label), place));
    const why = [places[0], CAUSES[how], message].filter((part) => part !== undefined).join(': ');
    log.error({ script: file.name, stack: places }, `${file.name} has failed: ${why}`);
  }
  end('the script has failed', EXIT.failed);
}
