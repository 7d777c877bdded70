import type { HardwareCommand } from './case.js';

/** One line of text for people who compare packets. */

const hex = (data: readonly number[]) => data.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
const text = (data: readonly number[]) =>
  Buffer.from(data)
    .toString('latin1')
    .replace(/[^ -~]/g, '.');

export function describeCommand(command: HardwareCommand): string {
  if (command.tag !== 'Write') return `${command.tag} ${command.value.endpoint}`;
  const { endpoint, data, write_with_response: withResponse } = command.value;
  return `Write ${endpoint} ${withResponse ? 'with' : 'without'} response [${hex(data)}] "${text(data)}"`;
}

/** Equal as the format wants it: endpoint, bytes and kind of write. */
export function sameCommand(left: HardwareCommand, right: HardwareCommand): boolean {
  return describeCommand(left) === describeCommand(right);
}
