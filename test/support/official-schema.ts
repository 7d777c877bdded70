import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import Schema from 'typebox/schema';
import type { SpecVersion } from '../../core/protocol/model.js';

/** The JSON Schemas that official clients check what they receive with. */

/** Lies beside the repository and is never copied into it. */
const path = fileURLToPath(new URL('../../../shared/facts/buttplug-schema.json', import.meta.url));

/** Skips a test that the official schema is not there for, and says so; in CI nothing is skipped. */
export function needsOfficialSchema(skip: (reason: string) => void): void {
  if (existsSync(path)) return;
  const reason = `${path} is not there to check frames with`;
  if (process.env.CI) throw new Error(reason);
  // The reporter counts what was skipped and does not say why.
  process.stderr.write(`skipped: ${reason}\n`);
  skip(reason);
}

/** What is wrong with a frame, one sentence per finding. */
export type FrameCheck = (frame: string) => string[];

function compile(schema: object): FrameCheck {
  const validator = Schema.Compile(schema);
  return (frame) => {
    const value: unknown = JSON.parse(frame);
    const [, errors] = validator.Errors(value);
    const findings = errors.map(({ instancePath, message }) => `${instancePath || 'the frame'} ${message}`);
    return validator.Check(value) ? [] : findings.length > 0 ? findings : ['the frame does not fit'];
  };
}

/**
 * The official schema, with its two holes filled: versions 0 and 1 forget ScanningFinished, which their clients' own schema had,
 * and RSSILevelReading is said to be 0…1 where the documents, and its unit, say dBm.
 */
function mended(): { readonly components: object; readonly messages: object; readonly specs: object } {
  const text = readFileSync(path, 'utf8');
  const { components, messages, specs } = JSON.parse(text);
  const scanningFinished = { $ref: '#/messages/SpecV0Messages/ScanningFinished' };
  for (const version of [0, 1]) specs[`MessageSpecV${version}`].items.properties.ScanningFinished ??= scanningFinished;
  messages.SpecV2Messages.RSSILevelReading.properties.RSSILevel = { type: 'integer', minimum: -128, maximum: 0 };
  return { components, messages, specs };
}

/** Checks whole frames of one spec version. */
export const officialCheck = (version: SpecVersion): FrameCheck =>
  compile({ ...mended(), allOf: [{ $ref: `#/specs/MessageSpecV${version}` }] });

/** The check inside npm's buttplug 0.13, a client of version 1. */
export function checkOfVersion1Client(): FrameCheck {
  const { resolve } = createRequire(import.meta.url);
  const schema = resolve('buttplug-v1/dependencies/buttplug-schema/schema/buttplug-schema.json');
  return compile(JSON.parse(readFileSync(schema, 'utf8')));
}
