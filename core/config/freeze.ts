import type { Secret } from './secret.js';

/** Nothing in it may be set. */
export type Frozen<T> = T extends Secret
  ? T
  : T extends readonly unknown[] | object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
