import type { Command } from 'commander';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Config } from '../config/schema.js';
import type { Gateway } from '../gateway.js';
import type { ScriptAction } from '../scripting/scripts.js';
import { configuredGateway } from './configured.js';
import { hasFailed, ListedScript, type Problem, problemLine, unexpected } from './listed-script.js';
import { RunningGateway } from './running-gateway.js';
import { steerScript } from './steer-script.js';
import { EXIT, printable, shownPath, type Terminal, table } from './terminal.js';

const list = Compile(Type.Object({ scripts: Type.Array(ListedScript) }));

const ACTIONS: readonly (readonly [ScriptAction, string])[] = [
  ['start', 'Start a script in the gateway that runs'],
  ['stop', 'Stop a script, and what it drives'],
  ['restart', 'Stop a script and start it anew'],
];

interface ListFlags {
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds `scripts`: which there are and how they fare, and starting and stopping them. */
export function scriptsCommand(program: Command, terminal: Terminal): void {
  const scripts = program
    .command('scripts')
    .description('List the scripts and their state')
    .option('-c, --config <file>', 'configuration file')
    .option('--json', "print the gateway's own answer")
    .action((flags: ListFlags) => listScripts(flags, terminal));
  for (const [action, description] of ACTIONS) {
    scripts
      .command(action)
      .description(description)
      .argument('<name>', 'the name of the script, as "pulsegate scripts" shows it')
      .option('-c, --config <file>', 'configuration file')
      .action(async (name: string, _flags: object, command: Command) => {
        // Whichever of the two commands the flag was written after.
        const { config: file } = command.optsWithGlobals<ListFlags>();
        const gateway = await configuredGateway({ file, flags: { logLevel: 'silent' } }, terminal);
        if (gateway) await steerScript(action, name, gateway.config, terminal);
      });
  }
}

async function listScripts({ config: file, json = false }: ListFlags, terminal: Terminal): Promise<void> {
  const gateway = await configuredGateway({ file, flags: { logLevel: 'silent' }, safeStart: true }, terminal);
  if (!gateway) return;
  const running = new RunningGateway(gateway.config.http);
  const answer = await running.ask('/api/scripts');
  if (!answer) {
    const { statuses, host } = await readFolder(gateway);
    const note = `No gateway runs on ${running.address}; ${whatIsThere(gateway.config.scripts, terminal.cwd)}\n`;
    if (json) terminal.stderr(note);
    terminal.stdout(json ? asJson({ host, scripts: statuses }) : `${scriptTable(statuses)}${note}`);
  } else if (answer.status === 200 && list.Check(answer.body)) {
    terminal.stdout(json ? asJson(answer.body) : scriptTable(answer.body.scripts));
  } else {
    terminal.stderr(`${unexpected(answer, running.address)}\n`);
    terminal.setExitCode(EXIT.failed);
  }
}

/** Reads the folders as a gateway with everything off would. */
async function readFolder({ scripts }: Gateway) {
  await scripts.start();
  const { statuses, host } = scripts;
  scripts.close();
  await scripts.closed();
  return { statuses, host };
}

function whatIsThere({ enabled, directory }: Config['scripts'], cwd: string): string {
  return enabled ? `these are the scripts in ${shownPath(directory, cwd)}` : 'scripts are off: scripts.enabled';
}

const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

type Shown = Pick<ListedScript, 'name' | 'file' | 'description' | 'isExample' | 'state'> & {
  readonly lastError?: Problem | undefined;
};

function scriptTable(scripts: readonly Shown[]): string {
  const rows = scripts.map(({ name, state, isExample, file, description, lastError }) => [
    name,
    isExample ? `${state}, example` : state,
    file,
    printable(lastError && hasFailed(state) ? problemLine(lastError) : description),
  ]);
  return table([['NAME', 'STATE', 'FILE', 'ABOUT'], ...rows]);
}
