import type { TSchema } from 'typebox';
import { builtinPlugins, builtinSections } from '../core/builtin-plugins.js';
import { ConfigSchema, pluginKeys } from '../core/config/schema.js';
import { ScriptSettings } from '../core/config/script-settings.js';
import { expectedSentence } from '../core/config/sentences.js';
import { branchesOf, isSection, isSectionSchema, itemsOf, keyword, propertiesOf } from '../core/config/shape.js';
import { variables } from '../core/config/variables.js';
import { DeviceSettingsFile } from '../core/devices/settings-file.js';

/** Writes the tables of docs/configuration.md from the schemas that the gateway checks what people write with. */

const START = '<!-- generated: do not edit below, run `npm run docs` -->';
const END = '<!-- end of the generated part -->';

/** The page with its generated part renewed; what stands around it is left alone. */
export function configurationPage(page: string): string {
  const [head, tail] = [page.split(START)[0], page.split(END)[1]];
  if (head === undefined || tail === undefined) throw new Error('docs/configuration.md has lost its markers');
  return `${head}${START}\n\n${reference()}\n\n${END}${tail}`;
}

function reference(): string {
  const { plugins, ...core } = ConfigSchema.properties;
  const { enabled, required, from } = pluginKeys;
  const common = { type: 'object', properties: { enabled, required, from } };
  return [
    '## Reference: the core',
    ...Object.entries(core).flatMap(([name, schema]) => section(name, describe(schema), schema)),
    '## Reference: plugins',
    describe(plugins),
    ...section(
      'plugins.<any plugin>',
      'Every plugin has these keys. Variables exist for built-in plugins only.',
      common,
    ),
    ...builtinPlugins.flatMap(({ name, description, config }) => section(`plugins.${name}`, `${description}.`, config)),
    '## Reference: settings of a script',
    'Written in the header of its file, or under `scripts.each` and its name. The latter count first, key by key.',
    table('', rows(ScriptSettings, ''), ['Key', 'Value', 'Meaning']),
    '## Reference: the device settings file',
    table('', rows(DeviceSettingsFile, ''), ['Key', 'Value', 'Meaning']),
  ].join('\n\n');
}

function section(name: string, about: string, schema: TSchema): string[] {
  const found = rows(schema, '');
  const columns = ['Key', 'Value', 'Default', 'Meaning', 'Variable'] as const;
  const body = found.length === 0 ? 'It has no keys of its own.' : table(name, found, columns);
  return [`### \`${name}\``, about, body];
}

interface Row {
  readonly key: string;
  readonly schema: TSchema;
}

/** A row per key that holds a value; sections and lists of sections are walked into. */
function rows(schema: TSchema, path: string): Row[] {
  const patterns = keyword(schema, 'patternProperties');
  if (isSection(patterns)) {
    // What a script may be told has a table of its own.
    if (Object.values(patterns).includes(ScriptSettings)) return [{ key: `${path}.<script>`, schema }];
    return Object.values(patterns).flatMap((inner) => rows(inner as TSchema, `${path}.<feature>`));
  }
  const properties = [...(propertiesOf(schema) ?? [])];
  const [first] = properties;
  // Every output type has the same keys.
  const alike = properties.length > 1 && new Set(properties.map(([, value]) => JSON.stringify(value))).size === 1;
  if (first && alike) return rows(first[1], `${path}.<output>`);
  return properties.flatMap(([name, value]) => {
    const key = path === '' ? name : `${path}.${name}`;
    if (isSectionSchema(value)) return rows(value, key);
    const items = [value, ...(branchesOf(value) ?? [])].map(itemsOf).find((found) => found !== undefined);
    const inside = items && isSectionSchema(items) ? rows(items, `${key}[]`) : [];
    return describe(value) === '' ? inside : [{ key, schema: value }, ...inside];
  });
}

type Column = 'Key' | 'Value' | 'Default' | 'Meaning' | 'Variable';

const variableOf = new Map([...variables(builtinSections)].map(([name, { path }]) => [path.join('.'), name]));

function table(sectionName: string, found: readonly Row[], columns: readonly Column[]): string {
  const lines = found.map(({ key, schema }) => {
    const cells: Record<Column, string> = {
      Key: code(key),
      Value: expected(schema),
      Default: code(JSON.stringify(keyword(schema, 'default'))),
      Meaning: describe(schema),
      Variable: code(variableOf.get(`${sectionName}.${key}`)),
    };
    return columns.map((column) => cells[column].replaceAll('|', '\\|'));
  });
  // As wide as the formatter of this project makes them.
  const widths = columns.map((column, place) =>
    Math.max(column.length, ...lines.map((cells) => cells[place]?.length ?? 0)),
  );
  const line = (cells: readonly string[], filler = ' ') =>
    `| ${cells.map((cell, place) => cell.padEnd(widths[place] ?? 0, filler)).join(' | ')} |`;
  return [
    line(columns),
    line(
      columns.map(() => ''),
      '-',
    ),
    ...lines.map((cells) => line(cells)),
  ].join('\n');
}

function expected(schema: TSchema): string {
  const items = keyword(schema, 'items');
  return Array.isArray(items) ? `[${items.map(expectedSentence).join(', ')}]` : expectedSentence(schema);
}

const describe = (schema: TSchema) => String(keyword(schema, 'description') ?? '').replace(/(?<=[^.])$/, '.');
const code = (text: string | undefined) => (text === undefined ? '' : `\`${text}\``);
