import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Catalogue } from '../../core/catalogue/catalogue.js';
import { ConfigError } from '../../core/config/issues.js';
import { readDeviceFiles } from '../../core/device-files/read.js';
import { SPEC_VERSIONS, type SpecVersion } from '../../core/protocol/model.js';
import { protocols } from '../../plugins/protocols/index.js';
import type { DeviceCase } from './case.js';
import { CaseFileError, readCase } from './case-file.js';
import { DOUBTS } from './doubts.js';
import { advertisementOf } from './recorder.js';
import { type DeviceFilePaths, runCase } from './run-case.js';
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

/** @param deviceConfig path of a device configuration in place of the built-in tables */
export async function* runSuite(paths: readonly string[], deviceConfig?: string): AsyncGenerator<Outcome> {
  for (const path of paths) yield* runFile(path, deviceConfig);
}

async function* runFile(path: string, deviceConfig: string | undefined): AsyncGenerator<Outcome> {
  let deviceCase: DeviceCase;
  try {
    deviceCase = await readCase(path);
  } catch (error) {
    if (!(error instanceof CaseFileError)) throw error;
    yield { kind: 'failed', name: basename(path), problem: error.message };
    return;
  }
  const { name, userConfig } = deviceCase;
  // A case knows best which devices it is about.
  const files = { catalogue: deviceCase.deviceConfig ?? deviceConfig, userConfig };
  let reason: string | undefined;
  try {
    reason = await whyUnknown(deviceCase, files);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    yield { kind: 'failed', name, problem: error.message };
    return;
  }
  if (reason !== undefined) {
    yield { kind: 'skipped', name, reason };
    return;
  }
  let vibrators: number | undefined;
  for (const version of VERSIONS) {
    const obstruction = obstacle(deviceCase, version, vibrators);
    if (obstruction !== undefined) {
      yield { kind: 'left out', name, version, reason: obstruction };
      continue;
    }
    const result = await runCase(deviceCase, version, files);
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

/** Why no protocol would take the devices of the case for its own; undefined when all are known. */
async function whyUnknown(deviceCase: DeviceCase, files: DeviceFilePaths): Promise<string | undefined> {
  const { tables } = await readDeviceFiles(files.catalogue, files.userConfig, protocols);
  const catalogue = new Catalogue(tables);
  for (const definition of protocols) catalogue.add(definition, { isReplaceable: true });
  const unknown = deviceCase.devices.find(
    (device, place) => catalogue.candidates(advertisementOf(device, place)).length === 0,
  );
  return unknown && `no protocol in the catalogue claims "${unknown.identifier.name}" yet`;
}
