import type { Command } from 'commander';
import type { Gateway } from '../gateway.js';
import { type Finding, fine, problem } from '../plugins/finding.js';
import { configuredGateway } from './configured.js';
import { examineFolder, examinePort, examineSandbox } from './examinations.js';
import { RunningGateway } from './running-gateway.js';
import { EXIT, type Terminal } from './terminal.js';

/** Adds `doctor`: looks at everything the gateway needs, and says what to do where something is missing. */
export function doctorCommand(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description('Look whether everything is there that the gateway needs, and say what to do where it is not')
    .option('-c, --config <file>', 'configuration file')
    .action(async ({ config }: { config?: string }) => {
      const report = new Report(terminal);
      report.about('Node.js', fine(process.versions.node));
      const gateway = await configuredGateway({ file: config, flags: { logLevel: 'silent' } }, terminal);
      // What is wrong with the configuration has been said, line by line.
      if (!gateway) return;
      report.about('configuration', fine('makes sense'));
      await examine(gateway, report);
      report.end();
    });
}

async function examine(gateway: Gateway, report: Report): Promise<void> {
  const { http, devices, scripts } = gateway.config;
  const running = new RunningGateway(http);
  const states = await running.plugins();
  report.about('port', states ? fine(`a gateway runs on ${running.address}`) : await examinePort(http));
  report.about('data', await examineFolder(devices.state));
  if (scripts.enabled) report.about('scripts', await examineSandbox());
  if (!states) {
    for await (const [name, findings] of gateway.examinePlugins()) report.about(name, ...findings);
    return;
  }
  // What a gateway uses must not be opened by anybody else.
  for (const [name, { state, reason }] of states) {
    if (state === 'running') report.about(name, fine('runs'));
    else if (state !== 'disabled') report.about(name, problem(reason ?? state));
  }
}

const SIGNS = { fine: 'ok', missing: '--', problem: '!!' } as const;

/** Says what was found as it is found: some of it takes its time. */
class Report {
  #problems = 0;

  constructor(private readonly terminal: Terminal) {}

  about(subject: string, ...findings: readonly Finding[]): void {
    for (const { verdict, what, remedy } of findings) {
      if (verdict === 'problem') this.#problems += 1;
      this.terminal.stdout(`${SIGNS[verdict]}  ${subject}: ${what}\n`);
      if (remedy !== undefined) this.terminal.stdout(`    ${remedy}\n`);
    }
  }

  end(): void {
    if (this.#problems === 0) {
      this.terminal.stdout('\nNothing stands in the way.\n');
      return;
    }
    this.terminal.stdout(`\n${this.#problems === 1 ? 'One problem' : `${this.#problems} problems`}, marked !!\n`);
    this.terminal.setExitCode(EXIT.failed);
  }
}
