import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  battery,
  combined,
  constrict,
  type FeatureDefinition,
  features,
  at as numbered,
  position,
  rotateBothWays,
  timedPosition,
  vibrate,
} from 'pulsegate/plugin';
import { expect } from 'vitest';
import { type Booted, type BootOptions, boot, type Message, type TestLine } from '../../support/boot.js';

export const VERSIONS = [0, 1, 2, 3, 4] as const;
export type Version = (typeof VERSIONS)[number];

/** The device of the worked example (messages §5): gaps in its indexes, two outputs in one feature. */
export const workedExample: readonly FeatureDefinition[] = features(
  numbered(0, vibrate(20, { description: 'Shaft' })),
  numbered(1, rotateBothWays(20, { description: 'Head' })),
  numbered(4, combined(timedPosition(100, 10_000, { description: 'Stroker' }), position(100))),
  numbered(5, constrict(3)),
  numbered(7, battery({ description: 'Battery' })),
);

/** Boots with a device settings file. It is read by then, so the file goes away at once. */
export async function bootWithSettings(devices: readonly object[], options: BootOptions): Promise<Booted> {
  const folder = await mkdtemp(join(tmpdir(), 'pulsegate-settings-'));
  try {
    const settings = join(folder, 'devices.yml');
    // JSON is YAML.
    await writeFile(settings, JSON.stringify({ devices }));
    return await boot({ ...options, config: { ...options.config, devices: { settings } } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sends text as it is and returns everything that came back without time passing. */
export async function exchange({ clock }: Booted, line: TestLine, text: string): Promise<Message[]> {
  line.take();
  line.raw(text);
  await clock.advance(0);
  return line.take();
}

/** An error of exactly this code and Id, with a sentence that fits. */
export function failure(code: number, id: number, sentence: RegExp = /\w+ \w+/): Message {
  return { Error: { Id: id, ErrorCode: code, ErrorMessage: expect.stringMatching(sentence) } };
}

export const ok = (id: number): Message => ({ Ok: { Id: id } });
