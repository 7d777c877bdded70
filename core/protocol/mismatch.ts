import Type, { type TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import Value from 'typebox/value';

/**
 * One sentence about the first field that does not fit: `VibrateCmd.Speeds.0.Speed must be <= 1`. It looks no further than that
 * field: a hostile message may hold hundreds of thousands of faults, and to collect them would hold up everybody else.
 */
export function explainMismatch(path: string, schema: TSchema, value: unknown): string {
  if (Type.IsObject(schema) && isRecord(value)) {
    const { properties, required = [] } = schema;
    const isClosed = 'additionalProperties' in schema && schema.additionalProperties === false;
    const extra = isClosed ? firstKey(value, (key) => !Object.hasOwn(properties, key)) : undefined;
    if (extra !== undefined) return `${path} has a field that does not belong there: ${extra.slice(0, 40)}`;
    const missing = required.filter((key) => !Object.hasOwn(value, key));
    if (missing.length > 0) return `${path} must have required properties ${missing.join(', ')}`;
    for (const [key, property] of Object.entries(properties)) {
      const part = value[key];
      if (Object.hasOwn(value, key) && !fits(property, part)) return explainMismatch(`${path}.${key}`, property, part);
    }
  }
  if (Type.IsArray(schema) && Array.isArray(value)) {
    const at = value.findIndex((element) => !fits(schema.items, element));
    if (at >= 0) return explainMismatch(`${path}.${at}`, schema.items, value[at]);
    return `${path} must not have ${value.length} entries`;
  }
  const [first] = Value.Errors(schema, value);
  return `${path} ${first?.message ?? 'is malformed'}`;
}

const validators = new WeakMap<TSchema, Validator>();

/** Compiled when first needed: a list may be long, and wrong at its very end. */
function fits(schema: TSchema, value: unknown): boolean {
  const validator = validators.get(schema) ?? Compile(schema);
  validators.set(schema, validator);
  return validator.Check(value);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without a list of all keys, of which there may be many. */
function firstKey(value: object, wanted: (key: string) => boolean): string | undefined {
  for (const key in value) if (wanted(key)) return key;
  return undefined;
}
