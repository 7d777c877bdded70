import { ConfigError } from '../../config/issues.js';
import type { ScriptSettings } from '../../config/script-settings.js';
import { ScriptError } from '../../errors.js';
import { HttpTargets } from '../../scripting/access/http-targets.js';
import type { ScriptFile } from '../../scripting/files/folder.js';
import { readHeader } from '../../scripting/files/header.js';
import { EXIT, printable, type Terminal } from '../terminal.js';
import { compileScript } from './compile.js';
import { scriptAt } from './file.js';
import { asksFor, ungranted } from './permissions.js';
import { findingLine } from './places.js';
import { checkTypes, type TypeCheck } from './types.js';

/** What is there to say about one script. */
interface Report {
  readonly code: number;
  readonly errors: readonly string[];
  readonly remarks: readonly string[];
  /** Why its types were not looked at. */
  readonly skipped?: string | undefined;
}

/** `script check`: whether the gateway would run these scripts, and if not, why. Nothing of them runs. */
export async function checkScripts(given: readonly string[], terminal: Terminal): Promise<void> {
  const skipped = new Set<string>();
  let worst: number = EXIT.ok;
  for (const name of given) {
    const report = await checkScript(name, terminal.cwd);
    for (const line of report.errors) terminal.stderr(`${printable(line)}\n`);
    for (const line of report.remarks) terminal.stdout(`${printable(line)}\n`);
    if (report.skipped !== undefined) skipped.add(report.skipped);
    worst = Math.max(worst, report.code);
  }
  for (const reason of skipped) terminal.stdout(`types were not checked: ${printable(reason)}\n`);
  terminal.setExitCode(worst);
}

async function checkScript(given: string, cwd: string): Promise<Report> {
  try {
    return await checkFile(await scriptAt(given, cwd), cwd);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return { code: EXIT.failed, errors: [error.message], remarks: [] };
  }
}

async function checkFile(file: ScriptFile, cwd: string): Promise<Report> {
  const { text, modules, problem } = await compileScript(file);
  const { settings, issues } = headerOf(file, text);
  // The compiler would say the same once more about a text that cannot be read, and in other words.
  const types: TypeCheck = problem ? { findings: [problem] } : await checkTypes(file, modules, cwd);
  const errors = [...issues, ...types.findings.map((finding) => findingLine(file, finding))];
  const remarks = settings
    ? [
        ...ungranted(modules, settings).map((finding) => `warning: ${findingLine(file, finding)}`),
        `${file.label}: ${errors.length === 0 ? 'ok; ' : ''}asks for: ${asksFor(settings)}`,
      ]
    : [];
  const code = issues.length > 0 ? EXIT.badConfig : errors.length > 0 ? EXIT.failed : EXIT.ok;
  return { code, errors, remarks, skipped: types.skipped };
}

interface Header {
  /** Missing when something is wrong with it. */
  readonly settings?: ScriptSettings;
  readonly issues: readonly string[];
}

function headerOf({ label }: ScriptFile, text: string | undefined): Header {
  if (text === undefined) return { issues: [] };
  try {
    const { settings } = readHeader(label, text);
    // What it asks for is looked at more closely when the script starts.
    if (settings.http) new HttpTargets(settings.http);
    return { settings, issues: [] };
  } catch (error) {
    if (error instanceof ConfigError) return { issues: error.message.split('\n') };
    if (error instanceof ScriptError) return { issues: [`${label}: http: ${error.message}`] };
    throw error;
  }
}
