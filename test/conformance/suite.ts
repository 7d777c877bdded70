import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Catalogue } from '../../core/catalogue/catalogue.js';
import type { DeviceSettingsFile } from '../../core/devices/settings.js';
import { SPEC_VERSIONS, type SpecVersion } from '../../core/protocol/model.js';
import { protocols } from '../../plugins/protocols/index.js';
import type { DeviceCase } from './case.js';
import { CaseFileError, readCase } from './case-file.js';
import { DOUBTS } from './doubts.js';
import { advertisementOf } from './recorder.js';
import { runCase } from './run-case.js';
import { NotSupportedYet, settingsFrom } from './user-config.js';
import { obstacle } from './versions.js';

/** Runs the cases of a folder, each for every version it can work for. */

/** What became of one case: for one version, or as a whole. */
export type Outcome =
  | { readonly kind: 'passed'; readonly name: string; readonly version: SpecVersion }
  | { readonly kind: 'failed'; readonly name: string; readonly version?: SpecVersion; readonly problem: string }
  /** Nobody vouches for the case. */
  | { readonly kind: 'doubtful'; readonly name: string; readonly version: SpecVersion; readonly problem: string }
  /** No server could pass it for this version. */
  | { readonly kind: 'left out'; readonly name: string; readonly version: SpecVersion; readonly reason: string }
  /** The gateway is not able to play it yet. */
  | { readonly kind: 'skipped'; readonly name: string; readonly reason: string };

/** Newest first: what the device announces there decides where version 0 can follow. */
const VERSIONS = SPEC_VERSIONS.toReversed();

/** Paths of the cases in a folder, by name. */
export async function findCases(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => ['.yaml', '.yml'].includes(extname(file)))
    .sort()
    .map((file) => join(folder, file));
}

export async function* runSuite(paths: readonly string[]): AsyncGenerator<Outcome> {
  for (const path of paths) yield* runFile(path);
}

async function* runFile(path: string): AsyncGenerator<Outcome> {
  let deviceCase: DeviceCase;
  try {
    deviceCase = await readCase(path);
  } catch (error) {
    if (!(error instanceof CaseFileError)) throw error;
    yield { kind: 'failed', name: basename(path), problem: error.message };
    return;
  }
  const { name } = deviceCase;
  let settings: DeviceSettingsFile;
  try {
    settings = await requirements(deviceCase);
  } catch (error) {
    if (!(error instanceof NotSupportedYet)) throw error;
    yield { kind: 'skipped', name, reason: error.message };
    return;
  }
  let vibrators: number | undefined;
  for (const version of VERSIONS) {
    const reason = obstacle(deviceCase, version, vibrators);
    if (reason !== undefined) {
      yield { kind: 'left out', name, version, reason };
      continue;
    }
    const result = await runCase(deviceCase, version, settings);
    vibrators ??= result.vibrators;
    yield judge(name, version, result.failure);
  }
}

function judge(name: string, version: SpecVersion, failure: string | undefined): Outcome {
  if (failure === undefined) return { kind: 'passed', name, version };
  const doubt = DOUBTS.get(name);
  if (doubt === undefined) return { kind: 'failed', name, version, problem: failure };
  return { kind: 'doubtful', name, version, problem: `${failure}, but ${doubt}` };
}

/** The device settings a case needs. Rejects with NotSupportedYet when it needs what the gateway does not have yet. */
async function requirements(deviceCase: DeviceCase): Promise<DeviceSettingsFile> {
  if (deviceCase.deviceConfig !== undefined)
    throw new NotSupportedYet('it brings a device database of its own, not supported yet');
  const settings = deviceCase.userConfig === undefined ? {} : await settingsFrom(deviceCase.userConfig, protocols);
  const catalogue = new Catalogue();
  for (const definition of protocols) catalogue.add(definition);
  for (const [place, device] of deviceCase.devices.entries()) {
    const { name } = device.identifier;
    if (catalogue.candidates(advertisementOf(device, place)).length === 0) {
      throw new NotSupportedYet(`no protocol in the catalogue claims "${name}" yet`);
    }
  }
  return settings;
}
