import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { Compile } from 'typebox/compile';
import { type CaseStep, type DeviceCase, WrittenCase, WrittenStep } from './case.js';
import { readTaggedYaml } from './tagged-yaml.js';

const caseForm = Compile(WrittenCase);
const stepForm = Compile(WrittenStep);

/** A file that is not a case. The message says where and why. */
export class CaseFileError extends Error {}

/** Reads one case. Rejects with a CaseFileError. */
export async function readCase(path: string): Promise<DeviceCase> {
  return parseCase(path, await readFile(path, 'utf8'));
}

/** Reads the text of a case, as it would stand in the file `path`. Throws a CaseFileError. */
export function parseCase(path: string, text: string): DeviceCase {
  const file = basename(path);
  const content = readTaggedYaml(text, (line, problem) => new CaseFileError(`${file}:${line}: ${problem}`));
  if (!caseForm.Check(content)) throw new CaseFileError(`${file}: ${misfit(caseForm.Errors(content))}`);
  const configFile = (name: string | undefined) => name && join(dirname(path), 'config', name);
  const init = readSteps(file, content.device_init ?? []);
  const early = firstMessage(init);
  if (early !== undefined) throw new CaseFileError(`${file}:${early}: there are no clients yet in device_init`);
  return {
    name: basename(path, extname(path)),
    path,
    userConfig: configFile(content.user_device_config_file),
    deviceConfig: configFile(content.device_config_file),
    devices: content.devices,
    init,
    commands: readSteps(file, content.device_commands ?? []),
  };
}

function readSteps(file: string, nodes: readonly unknown[]): CaseStep[] {
  return nodes.map((node) => {
    if (!stepForm.Check(node)) throw new CaseFileError(`${file}:${lineOf(node)}: ${misfit(stepForm.Errors(node))}`);
    if (node.tag !== 'VersionGated') return node;
    const { min_spec_version: minVersion, commands } = node.value;
    return { tag: node.tag, minVersion, steps: readSteps(file, commands) };
  });
}

function firstMessage(steps: readonly CaseStep[]): number | undefined {
  for (const step of steps) {
    if (step.tag === 'Messages') return step.line;
    const within = step.tag === 'VersionGated' ? firstMessage(step.steps) : undefined;
    if (within !== undefined) return within;
  }
  return undefined;
}

const lineOf = (node: unknown) => (typeof node === 'object' && node && 'line' in node ? node.line : '?');

interface Misfit {
  readonly instancePath: string;
  readonly message: string;
}

/** Of all forms that were tried, the one that went furthest was meant. */
function misfit(errors: readonly Misfit[]): string {
  const depth = ({ instancePath }: Misfit) => instancePath.split('/').length;
  const furthest = errors.reduce<Misfit | undefined>(
    (best, error) => (best && depth(best) >= depth(error) ? best : error),
    undefined,
  );
  const place = furthest?.instancePath.replaceAll('/', '.').replace(/^\./, '') || 'it';
  return `not a device case: ${place} ${furthest?.message ?? 'is malformed'}`;
}
