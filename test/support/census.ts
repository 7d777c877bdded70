import { EventEmitter } from 'node:events';
import { queryObjects } from 'node:v8';

/** Where to stop: what is behind it is not ours, and changes by itself. */
const FOREIGN = new Set(['Socket', 'Timeout', 'Immediate', 'Process', 'AbortSignal', 'Pino', 'Server']);

/**
 * How many entries there are in the maps, sets, lists and records within some objects, by where they are; names that are made up of what
 * happened count as one. For two moments at rest that ought to look alike.
 */
export function census(roots: Readonly<Record<string, object>>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  const known = new Set<object>();
  const waiting: [path: string, value: unknown][] = Object.entries(roots);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [path, value] = next;
    if (typeof value !== 'object' || value === null || known.has(value) || isForeign(value)) continue;
    known.add(value);
    const entries = entriesOf(value);
    counts.set(path, (counts.get(path) ?? 0) + entries.length);
    for (const [name, one] of entries) waiting.push([`${path}.${name}`, one]);
  }
  return Object.fromEntries([...counts].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/**
 * Emitters of events and their targets that are alive once all garbage is collected; a device, what is in it and a signal to give up
 * are some.
 */
export function livingEmitters(): number {
  return queryObjects(EventEmitter, { format: 'count' }) + queryObjects(EventTarget, { format: 'count' });
}

function entriesOf(value: object): readonly [string, unknown][] {
  if (value instanceof Map) return [...value].map(([, one]) => ['*', one]);
  if (value instanceof Set || Array.isArray(value)) return [...value].map((one) => ['*', one]);
  const isRecord = Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
  return Object.entries(value).map(([name, one]) => [isRecord && /\d|:/.test(name) ? '*' : name, one]);
}

function isForeign(value: object): boolean {
  return ArrayBuffer.isView(value) || FOREIGN.has(value.constructor?.name ?? '');
}
