import { isAbsolute, resolve } from 'node:path';
import Type, { type TSchema } from 'typebox';
import Value from 'typebox/value';
import { describeError } from '../errors.js';
import type { BuiltinPlugin, BuiltinPlugins } from './builtins.js';
import { check } from './check.js';
import { complete } from './complete.js';
import { type Finding, quoted } from './issues.js';
import { nearest } from './nearest.js';
import { type PluginSection, pluginKeys } from './schema.js';
import { conceal } from './secret-source.js';
import { expectedSentence } from './sentences.js';
import { isSection, type Section } from './shape.js';

/**
 * Loads a third-party plugin far enough to learn the schema of its own keys. Undefined: there is no such plugin. A rejection:
 * there is one, and it does not load.
 */
export type PluginSchemaLookup = (
  name: string,
  /** `from` is the name of an npm package or an absolute folder. */
  section: { readonly required: boolean; readonly from?: string },
  /** Absolute folder from where packages are looked for. */
  baseDir: string,
) => Promise<TSchema | undefined>;

export interface PluginsInput {
  /** What the file says under `plugins`. */
  readonly written: unknown;
  /** The same with environment and flags on top. */
  readonly merged: unknown;
  readonly builtins: BuiltinPlugins;
  readonly pluginSchema: PluginSchemaLookup;
  readonly baseDir: string;
  /** Where secrets may be that the configuration only points at. */
  readonly env: NodeJS.ProcessEnv;
}

export interface PluginsResult {
  readonly sections: Readonly<Record<string, PluginSection>>;
  /** Mistakes in the plugins' own keys; common keys are checked with the core's sections. */
  readonly findings: readonly Finding[];
  /** Sections that break a rule about the section as a whole; only worth telling when nothing else is wrong. */
  readonly unfit: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** The section of every plugin that is built in or mentioned. */
export async function resolvePlugins(input: PluginsInput): Promise<PluginsResult> {
  const written = asSection(input.written);
  const merged = asSection(input.merged);
  const names = [...new Set([...input.builtins.keys(), ...Object.keys(merged)])];
  const outcomes = await Promise.all(
    names.map((name) => {
      const plugin = { name, written: sectionOf(written, name), merged: sectionOf(merged, name), input };
      const builtin = input.builtins.get(name);
      return builtin ? builtinPlugin(plugin, builtin) : thirdPartyPlugin(plugin);
    }),
  );
  const sections = names.flatMap((name, index): [string, PluginSection][] => {
    const section = outcomes[index]?.section;
    return section ? [[name, section]] : [];
  });
  return {
    sections: Object.fromEntries(sections),
    findings: outcomes.flatMap(({ findings = [] }) => findings),
    unfit: outcomes.flatMap(({ unfit = [] }) => unfit),
    warnings: outcomes.flatMap(({ warnings = [] }) => warnings),
  };
}

interface Mentioned {
  readonly name: string;
  readonly written: Section;
  readonly merged: Section;
  readonly input: PluginsInput;
}

interface Outcome {
  readonly section?: PluginSection;
  readonly findings?: readonly Finding[];
  readonly unfit?: readonly Finding[] | undefined;
  readonly warnings?: readonly Finding[];
}

function builtinPlugin(plugin: Mentioned, { schema, enabledByDefault }: BuiltinPlugin): Outcome {
  const { name, written, merged } = plugin;
  const common = commonKeys(merged, enabledByDefault);
  const { config, findings, unfit } = ownKeys(plugin, schema, common.enabled);
  if (Object.hasOwn(written, 'from')) findings.push(notForBuiltins(name, written.from));
  const forgotten = !enabledByDefault && !Object.hasOwn(merged, 'enabled') && Object.keys(written).length > 0;
  return { section: { ...common, config }, findings, unfit, warnings: forgotten ? [doesNotRun(name)] : [] };
}

async function thirdPartyPlugin(plugin: Mentioned): Promise<Outcome> {
  const { name, merged, input } = plugin;
  // Reported with the core's sections; what to load is not known.
  if (check(CommonKeys, merged, []).length > 0) return {};
  const { enabled, required } = commonKeys(merged, true);
  const source = sourceOf(name, merged.from, input.baseDir);
  const common = { enabled, required, ...(source === undefined ? {} : { from: source }) };
  if (!enabled) {
    // Code that is switched off is not even imported, so its own keys stay unchecked.
    if (source === undefined) return { warnings: [ignored(unknownPlugin(name, input.builtins))] };
    return { section: { ...common, config: withoutCommonKeys(merged) } };
  }
  let schema: TSchema | undefined;
  try {
    schema = await input.pluginSchema(name, common, input.baseDir);
  } catch (error) {
    const broken = doesNotLoad(name, error);
    if (required) return { findings: [broken] };
    return { section: { ...common, config: withoutCommonKeys(merged) }, warnings: [broken] };
  }
  if (!schema)
    return { findings: [source === undefined ? unknownPlugin(name, input.builtins) : nothingThere(name, merged.from)] };
  const { config, findings, unfit } = ownKeys(plugin, schema, true);
  return { section: { ...common, config }, findings, unfit };
}

const CommonKeys = Type.Object(pluginKeys, { additionalProperties: true });
const COMMON_NAMES = Object.keys(pluginKeys);

function commonKeys(section: Section, enabledByDefault: boolean) {
  const { enabled, required } = section;
  return {
    enabled: typeof enabled === 'boolean' ? enabled : enabledByDefault,
    required: typeof required === 'boolean' ? required : false,
  };
}

const withoutCommonKeys = (section: Section): Section =>
  Object.fromEntries(Object.entries(section).filter(([key]) => !COMMON_NAMES.includes(key)));

function ownKeys({ name, written, merged, input }: Mentioned, schema: TSchema, enabled: boolean) {
  const path = ['plugins', name];
  const findings = check(schema, withoutCommonKeys(written), path, COMMON_NAMES);
  const { value, missing, unreadable } = complete(schema, withoutCommonKeys(merged), path, input);
  // A plugin that is switched off may stay half configured.
  if (!enabled) return { config: conceal(schema, value), findings };
  findings.push(...unreadable);
  findings.push(...missing.map(({ path, schema }) => ({ path, found: 'nothing', expected: expectedSentence(schema) })));
  if (!Value.Check(schema, value)) return { config: value, findings, unfit: [doesNotFit(name, schema, value)] };
  return { config: conceal(schema, value), findings };
}

function doesNotFit(name: string, schema: TSchema, value: unknown): Finding {
  const [error] = Value.Errors(schema, value);
  const problem = `does not fit what the plugin asks for${error ? `: ${error.instancePath || 'the section'} ${error.message}` : ''}`;
  return { path: ['plugins', name], found: 'a section', expected: expectedSentence(schema), problem };
}

/** Packages with this prefix need no `from`. */
const PACKAGE_PREFIX = 'pulsegate-plugin-';

/** Name of a package, or absolute folder, that a third-party plugin comes from. */
function sourceOf(name: string, from: unknown, baseDir: string): string | undefined {
  if (typeof from !== 'string') return name.startsWith(PACKAGE_PREFIX) ? name : undefined;
  return isAbsolute(from) || /^\.\.?([/\\]|$)/.test(from) ? resolve(baseDir, from) : from;
}

function unknownPlugin(name: string, builtins: BuiltinPlugins): Finding {
  const meant = nearest(name, builtins.keys());
  return {
    path: ['plugins', name],
    found: 'an unknown plugin',
    expected: `one of ${[...builtins.keys()].join(', ')}, or a third-party plugin with "from"`,
    problem: 'unknown plugin',
    hint: meant
      ? `did you mean "${meant}"?`
      : 'a third-party plugin needs "from": the name of its package, or its folder',
  };
}

const ignored = (finding: Finding): Finding => ({
  ...finding,
  problem: `${finding.problem}, ignored because it is not enabled`,
});

function nothingThere(name: string, from: unknown): Finding {
  const expected = 'the name of an installed package, or a folder (./…) with a plugin in it';
  if (typeof from === 'string') return { path: ['plugins', name, 'from'], found: quoted(from), expected };
  return { path: ['plugins', name], found: 'no package of this name', expected: 'it to be installed with npm' };
}

const doesNotLoad = (name: string, error: unknown): Finding => ({
  path: ['plugins', name],
  found: 'a plugin that does not load',
  expected: 'one that does',
  problem: `the plugin does not load: ${describeError(error).split('\n', 1)[0]}`,
});

const notForBuiltins = (name: string, from: unknown): Finding => ({
  path: ['plugins', name, 'from'],
  found: quoted(String(from)),
  expected: 'no such key',
  problem: 'this plugin is built in and takes no "from"',
  hint: 'give a third-party plugin a name of its own',
});

const doesNotRun = (name: string): Finding => ({
  path: ['plugins', name],
  found: 'no "enabled"',
  expected: 'enabled: true or enabled: false',
  problem: 'this plugin does not run unless its section says enabled: true',
});

const asSection = (value: unknown): Section => (isSection(value) ? value : {});
const sectionOf = (sections: Section, name: string): Section =>
  Object.hasOwn(sections, name) ? asSection(sections[name]) : {};
