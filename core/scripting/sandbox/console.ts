import { emit } from './port.js';

/** `console` for scripts: lines in the gateway's log. */

const MAX_LINE = 2000;
const MAX_DEPTH = 3;
const MAX_ITEMS = 50;

export function createConsole() {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (...values: readonly unknown[]): void => {
      const text = values.map((value) => (typeof value === 'string' ? value : describe(value, 0, []))).join(' ');
      emit(['l', level, text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text]);
    };
  return { log: write('info'), info: write('info'), debug: write('debug'), warn: write('warn'), error: write('error') };
}

/** A value as a person would write it down. */
function describe(value: unknown, depth: number, seen: readonly object[]): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[function ${value.name || 'without a name'}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return value.stack ?? String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid date' : value.toISOString();
  if (seen.includes(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[…]' : '{…}';
  const inner = (one: unknown) => describe(one, depth + 1, [...seen, value]);
  if (Array.isArray(value)) return bracket('[', value.map(inner), ']');
  if (value instanceof Set) return bracket('Set {', [...value].map(inner), '}');
  if (value instanceof Map)
    return bracket(
      'Map {',
      [...value].map(([key, one]) => `${inner(key)} => ${inner(one)}`),
      '}',
    );
  const fields = Object.entries(value).map(([key, one]) => `${key}: ${inner(one)}`);
  const name = value.constructor?.name;
  return bracket(name === undefined || name === 'Object' ? '{' : `${name} {`, fields, '}');
}

function bracket(open: string, items: readonly string[], close: string): string {
  if (items.length === 0) return open + close;
  const shown = items.slice(0, MAX_ITEMS);
  if (items.length > MAX_ITEMS) shown.push(`… ${items.length - MAX_ITEMS} more`);
  return open === '[' ? `${open}${shown.join(', ')}${close}` : `${open} ${shown.join(', ')} ${close}`;
}
