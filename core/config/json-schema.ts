import type { TSchema } from 'typebox';
import type { BuiltinPlugin, BuiltinPlugins } from './builtins.js';
import { ConfigSchema, pluginKeys } from './schema.js';
import {
  branchesOf,
  isSection,
  isSectionSchema,
  itemsOf,
  keyword,
  propertiesOf,
  requiredOf,
  type Section,
} from './shape.js';

/** JSON Schema (draft 2020-12) of the configuration file as a person writes it, for editors. */
export function configJsonSchema(builtins: BuiltinPlugins): Section {
  const { plugins, ...core } = ConfigSchema.properties;
  const thirdParty = {
    type: 'object',
    description: 'A third-party plugin; its own keys are described by the plugin.',
    properties: editable(pluginKeys),
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Pulsegate configuration',
    description: keyword(ConfigSchema, 'description'),
    type: 'object',
    properties: {
      ...editable(core),
      plugins: {
        type: 'object',
        description: keyword(plugins, 'description'),
        default: {},
        properties: Object.fromEntries([...builtins].map(([name, plugin]) => [name, builtinSection(plugin)])),
        patternProperties: { '^pulsegate-plugin-': thirdParty },
        additionalProperties: { ...thirdParty, required: ['from'] },
      },
    },
    additionalProperties: false,
  };
}

function builtinSection({ schema, enabledByDefault }: BuiltinPlugin): Section {
  const { enabled, required } = pluginKeys;
  const own = forEditors(schema);
  const properties = isSection(own.properties) ? own.properties : {};
  return {
    ...own,
    properties: { ...editable({ enabled: { ...enabled, default: enabledByDefault }, required }), ...properties },
  };
}

const editable = (properties: Readonly<Record<string, TSchema>>): Section =>
  Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, forEditors(schema)]));

/** The schema describes the complete configuration; a person leaves out whatever has a default. */
function forEditors(schema: TSchema): Section {
  const { required: _, ...copy }: Section = isSection(schema) ? schema : {};
  const properties = propertiesOf(schema);
  if (properties) {
    const needed = requiredOf(schema).filter((key) => !mayBeLeftOut(properties.get(key)));
    if (needed.length > 0) copy.required = needed;
    copy.properties = editable(Object.fromEntries(properties));
    copy.additionalProperties ??= false;
  }
  const items = itemsOf(schema);
  if (items) copy.items = forEditors(items);
  for (const choice of ['anyOf', 'oneOf']) if (choice in copy) copy[choice] = branchesOf(schema)?.map(forEditors);
  return copy;
}

/** A section may be left out when all of its keys may. */
function mayBeLeftOut(schema: TSchema | undefined): boolean {
  if (!schema || keyword(schema, 'default') !== undefined) return true;
  const properties = isSectionSchema(schema) ? propertiesOf(schema) : undefined;
  return properties !== undefined && requiredOf(schema).every((key) => mayBeLeftOut(properties.get(key)));
}
