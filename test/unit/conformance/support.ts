import type { SpecVersion } from '../../../core/protocol/model.js';
import type { DeviceCase } from '../../conformance/case.js';
import { parseCase } from '../../conformance/case-file.js';
import { runCase } from '../../conformance/run-case.js';

/** A case without a file. */
export const caseOf = (text: string): DeviceCase => parseCase('/nowhere/made-up.yaml', text);

/** What the runner says about it; undefined when all is as the case has it. */
export async function failureOf(text: string, version: SpecVersion = 4): Promise<string | undefined> {
  return (await runCase(caseOf(text), version)).failure;
}

const step = (tag: string, items: string, entries: readonly string[]) =>
  `  - !${tag}\n    device_index: 0\n    ${items}:\n${entries.map((entry) => `      - ${entry}\n`).join('')}`;

/** Steps in the words of the format, each entry in one line. */
export const messages = (...entries: string[]) => step('Messages', 'messages', entries);
export const commands = (...entries: string[]) => step('Commands', 'commands', entries);
export const events = (...entries: string[]) => step('Events', 'events', entries);

/** `write('tx', '06 03 32', true)` */
export const write = (endpoint: string, hex: string, withResponse: boolean) =>
  `!Write { endpoint: ${endpoint}, data: [${hex.replaceAll(/(\w\w) ?/g, '0x$1,')}], write_with_response: ${withResponse} }`;

const vibrate = (speed: number) => `!Vibrate [{ Index: 0, Speed: ${speed} }]`;

/** A case with a Vorze Bach, which has one vibrator, a single packet for it, and nothing else. */
export const bach = (...steps: string[]) =>
  `devices:\n  - identifier: { name: Bach smart }\ndevice_commands:\n${steps.join('') || '  []\n'}`;
export const buzz = (speed: number) => messages(vibrate(speed));
export const bachWrite = (level: string) => write('tx', `06 03 ${level}`, true);
