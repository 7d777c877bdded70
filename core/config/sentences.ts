import type { TSchema } from 'typebox';
import { listed, type Path, quoted } from './issues.js';
import { branchesOf, isSection, itemsOf, keyword, propertiesOf } from './shape.js';

/** Keys whose value is never printed, wherever it was written. */
const SECRET = /token|password|passphrase|passwd|secret|credential|api-?_?key|private-?_?key/i;
const HIDDEN = '(hidden)';
/** A longer list of keys says less than none. */
const MAX_KEYS_NAMED = 8;

/** Whether the schema is one of a secret, or of a choice with a secret in it. */
export const isSecret = (schema: TSchema): boolean =>
  keyword(schema, 'x-secret') === true || (branchesOf(schema)?.some(isSecret) ?? false);

/** A value as a person would point at it; secrets and the insides of sections and lists are left out. */
export function foundSentence(value: unknown, path: Path, schema?: TSchema): string {
  if (value === undefined || value === null) return 'nothing';
  if (schema && isSecret(schema)) return HIDDEN;
  if (path.some((part) => typeof part === 'string' && SECRET.test(part))) return HIDDEN;
  if (typeof value === 'string') return quoted(value.replace(/\/\/[^/@\s]*@/g, `//${HIDDEN}@`));
  if (Array.isArray(value)) return `a list of ${count(value.length, value.length, 'item')}`;
  return isSection(value) ? 'a section' : String(value);
}

/** What the schema asks for, in words: `a whole number from 0 to 65535`. */
export function expectedSentence(schema: TSchema): string {
  const fixed = keyword(schema, 'const');
  if (fixed !== undefined) return literal(fixed);
  const values = keyword(schema, 'enum');
  if (Array.isArray(values)) return listed(values.map(literal), 'or');
  const branches = branchesOf(schema);
  if (branches) return listed([...new Set(branches.map(expectedSentence))], 'or');
  switch (keyword(schema, 'type')) {
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return text(schema);
    case 'array':
      return list(schema);
    case 'object':
      return section(schema);
    case 'null':
      return 'nothing';
    default:
      return 'a value of another kind';
  }
}

const literal = (value: unknown) => (typeof value === 'string' ? quoted(value) : String(value));

function range(schema: TSchema): string {
  const least = keyword(schema, 'minimum');
  const most = keyword(schema, 'maximum');
  const parts = [];
  if (least !== undefined && most !== undefined) parts.push(`from ${least} to ${most}`);
  else if (least !== undefined) parts.push(`of at least ${least}`);
  else if (most !== undefined) parts.push(`of at most ${most}`);
  const above = keyword(schema, 'exclusiveMinimum');
  const below = keyword(schema, 'exclusiveMaximum');
  const step = keyword(schema, 'multipleOf');
  if (above !== undefined) parts.push(`above ${above}`);
  if (below !== undefined) parts.push(`below ${below}`);
  if (step !== undefined) parts.push(`in steps of ${step}`);
  return parts.map((part) => ` ${part}`).join('');
}

function text(schema: TSchema): string {
  if (keyword(schema, 'x-path') === true) return 'a path';
  const [example] = asList(keyword(schema, 'examples'));
  const pattern = keyword(schema, 'pattern');
  const format = keyword(schema, 'format');
  let sentence = 'text';
  if (typeof format === 'string')
    sentence += format === 'uri' || format === 'url' ? ' that is a URL' : ` that is a valid ${format}`;
  const size = count(keyword(schema, 'minLength'), keyword(schema, 'maxLength'), 'character');
  if (size === 'at least 1 character') sentence += ' that is not empty';
  else if (size !== '') sentence += ` of ${size}`;
  if (typeof example === 'string') sentence += ` such as ${quoted(example)}`;
  else if (pattern !== undefined) sentence += ` that matches ${pattern}`;
  return sentence;
}

/** What items are called together; their own limits are told when an item breaks one. */
const PLURAL: ReadonlyMap<unknown, string> = new Map([
  ['string', 'texts'],
  ['integer', 'whole numbers'],
  ['number', 'numbers'],
  ['object', 'sections'],
  ['array', 'lists'],
]);

function list(schema: TSchema): string {
  const items = itemsOf(schema);
  const values = items && keyword(items, 'enum');
  const plural = Array.isArray(values) ? values.map(literal).join(', ') : items && PLURAL.get(keyword(items, 'type'));
  const size = count(keyword(schema, 'minItems'), keyword(schema, 'maxItems'), 'item');
  const distinct = keyword(schema, 'uniqueItems') === true ? ', none of them twice' : '';
  return `a list of ${plural ?? 'values'}${size === '' ? '' : `, ${size}`}${distinct}`;
}

function section(schema: TSchema): string {
  const keys = [...(propertiesOf(schema)?.keys() ?? [])];
  if (keys.length === 0 || keys.length > MAX_KEYS_NAMED) return 'a section';
  return `a section with ${keys.length === 1 ? 'the key' : 'the keys'} ${listed(keys, 'and')}`;
}

/** `at least 16 characters` */
function count(least: unknown, most: unknown, unit: string): string {
  const units = (amount: unknown) => `${amount} ${unit}${amount === 1 ? '' : 's'}`;
  if (least !== undefined && most !== undefined) return least === most ? units(least) : `${least} to ${units(most)}`;
  if (least !== undefined) return `at least ${units(least)}`;
  return most === undefined ? '' : `at most ${units(most)}`;
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
