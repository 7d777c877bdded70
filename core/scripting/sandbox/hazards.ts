/**
 * What is taken out of a sandbox before a script runs. The limits would end such code too, but late: the engine does not look up
 * from it, and its thread, or the memory of the whole process, is lost meanwhile.
 */

/** More elements than the memory of any sandbox has room for; only lists with holes are longer. */
const LONGEST_LIST = 10_000_000;

/** Methods that walk every index up to `length`, there or not, without a look at the engine's stop flag. */
const WALKING = [
  'concat',
  'copyWithin',
  'fill',
  'flat',
  'includes',
  'indexOf',
  'join',
  'lastIndexOf',
  'reverse',
  'toReversed',
  'toSorted',
  'toSpliced',
  'with',
] as const;

// Taken before a script can put its own in their place, and be handed the original.
const { apply } = Reflect;
const numberOf = Number;

export function removeHazards(): void {
  // They share memory, block threads, or bring another engine.
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) Reflect.deleteProperty(globalThis, name);
  for (const name of WALKING) limit(name);
}

function limit(name: (typeof WALKING)[number]): void {
  const original: unknown = Reflect.get(Array.prototype, name);
  if (typeof original !== 'function') return;
  const { [name]: limited } = {
    [name](this: { readonly length?: unknown }, ...values: readonly unknown[]): unknown {
      if (numberOf(this?.length) > LONGEST_LIST) {
        throw new RangeError(`${name} is for lists of at most ${LONGEST_LIST} elements`);
      }
      return apply(original, this, values);
    },
  };
  Object.defineProperty(limited, 'length', { value: original.length, configurable: true });
  Object.defineProperty(Array.prototype, name, { value: limited, writable: true, configurable: true });
}
