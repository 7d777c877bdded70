import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ConfigError } from '../../core/config/issues.js';
import { readDeviceFiles } from '../../core/device-files/read.js';
import { SPEC_VERSIONS } from '../../core/protocol/model.js';
import { findCases, type Outcome, runSuite } from './suite.js';

export interface Surroundings {
  /** Where relative paths start. */
  readonly cwd: string;
  readonly print: (line: string) => void;
}

const USAGE = 'Usage: npm run conformance -- DIR [--only NAME] [--verbose] [--device-config FILE]';
const OWN_CASES = fileURLToPath(new URL('./cases/', import.meta.url));

/** Something the person who called can put right. */
class UsageError extends Error {}

/** Runs the device cases of a folder (the project's own without one). Resolves with the exit code: 0, 1 or 2. */
export async function main(args: readonly string[], { cwd, print }: Surroundings): Promise<number> {
  try {
    const { folder, only, verbose, deviceConfig } = readArguments(args, cwd);
    const paths = await casesIn(folder, only);
    // One that is damaged is the person's to put right, and no failure of the cases.
    await readDeviceFiles(deviceConfig, undefined, []);
    const outcomes: Outcome[] = [];
    for await (const outcome of runSuite(paths, deviceConfig)) {
      outcomes.push(outcome);
      const isNews = outcome.kind === 'failed' || (verbose && ['passed', 'left out'].includes(outcome.kind));
      if (isNews) print(describe(outcome));
    }
    for (const line of summary(outcomes)) print(line);
    return outcomes.some(({ kind }) => kind === 'failed') ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigError)) throw error;
    print(error.message);
    return 2;
  }
}

function readArguments(args: readonly string[], cwd: string) {
  const options = {
    'device-config': { type: 'string' },
    only: { type: 'string' },
    verbose: { type: 'boolean' },
  } as const;
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (positionals.length > 1) throw new UsageError(`One folder at a time, please.\n${USAGE}`);
  const folder = positionals[0] === undefined ? OWN_CASES : resolve(cwd, positionals[0]);
  const file = values['device-config'];
  const deviceConfig = file === undefined ? undefined : resolve(cwd, file);
  return { folder, only: values.only, verbose: values.verbose ?? false, deviceConfig };
}

async function casesIn(folder: string, only: string | undefined): Promise<string[]> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new UsageError(`There is no folder ${folder}`);
  const all = await findCases(folder);
  if (all.length === 0) throw new UsageError(`There are no device cases (*.yaml) in ${folder}`);
  const wanted = only === undefined ? all : all.filter((path) => basename(path, extname(path)).includes(only));
  if (wanted.length === 0) throw new UsageError(`No case in ${folder} has "${only}" in its name`);
  return wanted;
}

function describe(outcome: Outcome): string {
  const version = 'version' in outcome && outcome.version !== undefined ? ` v${outcome.version}` : '';
  const who = `${outcome.kind}: ${outcome.name}${version}`;
  if (outcome.kind === 'passed') return who;
  return `${who}: ${'reason' in outcome ? outcome.reason : outcome.problem}`;
}

function summary(outcomes: readonly Outcome[]): string[] {
  const of = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind);
  const skipped = of('skipped');
  const doubtful = of('doubtful');
  const runs = SPEC_VERSIONS.toReversed().map((version) => {
    const ran = [...of('passed'), ...of('failed'), ...doubtful];
    return `v${version} ${ran.filter((outcome) => 'version' in outcome && outcome.version === version).length}`;
  });
  return [
    ...doubtful.map(describe),
    ...skipped.map(describe),
    `runs by spec version: ${runs.join(', ')}`,
    ...(doubtful.length > 0 ? [`doubtful runs, not counted: ${doubtful.length}`] : []),
    ...(skipped.length > 0 ? [`cases skipped: ${skipped.length}`] : []),
    `${of('passed').length} passed, ${of('failed').length} failed`,
  ];
}
