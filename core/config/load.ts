import { resolve } from 'node:path';
import type { Static } from 'typebox';
import Value from 'typebox/value';
import type { BuiltinPlugins } from './builtins.js';
import { check } from './check.js';
import { checkCombinations } from './combinations.js';
import { complete } from './complete.js';
import { type ConfigFile, inlineConfig, readConfigFile } from './file.js';
import { deepFreeze } from './freeze.js';
import { ConfigError, type ConfigIssue, issueAt, issueLine, type Path, type Place } from './issues.js';
import { Layers } from './layers.js';
import { type ConfigFlags, readEnvironment, readFlags } from './overrides.js';
import { type PluginSchemaLookup, resolvePlugins } from './plugins.js';
import { type Config, ConfigSchema } from './schema.js';
import { conceal } from './secret-source.js';
import { isSection } from './shape.js';
import { CONFIG_VARIABLE, variables } from './variables.js';

export interface LoadOptions {
  /** The file to read. Without one: the one PULSEGATE_CONFIG names, else pulsegate.yml in `cwd` if there is one. */
  readonly file?: string | undefined;
  /** The configuration as a value instead of a file; its relative paths start at `cwd`. */
  readonly inline?: object | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly flags?: ConfigFlags;
  /** Absolute path of the working folder. */
  readonly cwd: string;
  readonly builtins: BuiltinPlugins;
  /** Asked about every enabled plugin that is not built in. */
  readonly pluginSchema: PluginSchemaLookup;
}

export interface LoadedConfig {
  readonly config: Config;
  /** The file that was read, as it was named; missing when there was none. */
  readonly file?: string;
  /** Absolute folder that relative paths of the configuration start at. */
  readonly baseDir: string;
  /** One line each, for the log. */
  readonly warnings: readonly string[];
  /** Where a key was written, for those who find fault with its value later. */
  readonly place: (path: Path) => Place;
  /** Somebody set this key; its value is not the default. */
  readonly isWritten: (path: Path) => boolean;
}

/**
 * Flags count before the environment, the environment before the file, the file before the defaults.
 *
 * @throws ConfigError with everything that is wrong, wherever it was written
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { env, flags = {}, cwd, builtins, pluginSchema, inline } = options;
  const leaves = variables(builtins);
  const named = options.file ?? (env[CONFIG_VARIABLE] || undefined);
  const file = inline ? inlineConfig(inline, cwd) : await readConfigFile(named, cwd);
  const environment = readEnvironment(env, leaves);
  const commandLine = readFlags(flags, leaves);
  const layers = new Layers(file, [...environment.set, ...commandLine.set]);
  const baseDir = file?.folder ?? resolve(cwd);

  const plugins = await resolvePlugins({
    written: pluginsOf(file?.value),
    merged: pluginsOf(layers.merged),
    builtins,
    pluginSchema,
    baseDir,
    env,
  });
  const { value: completed, unreadable } = complete(ConfigSchema, layers.merged, [], { baseDir, env });
  const findings = [...unreadable, ...plugins.findings, ...combinations(completed)];
  const issues = [
    ...commandLine.issues,
    ...environment.issues,
    ...inOrder([...fileIssues(file), ...findings.map((finding) => issueAt(layers.place(finding.path), finding))]),
  ];
  if (issues.length === 0) issues.push(...plugins.unfit.map((finding) => issueAt(layers.place(finding.path), finding)));
  if (issues.length > 0) throw new ConfigError(issues);

  if (!isConfig(completed)) throw new Error('The configuration does not fit its schema after all checks');
  const config: Config = deepFreeze({ ...completed, plugins: plugins.sections });
  const warnings = plugins.warnings.map((finding) => issueLine(issueAt(layers.place(finding.path), finding)));
  return {
    config,
    baseDir,
    warnings,
    place: (path) => layers.place(path),
    isWritten: (path) => path.reduce<unknown>(partOf, layers.merged) !== undefined,
    ...(file ? { file: file.name } : {}),
  };
}

function fileIssues(file: ConfigFile | undefined): ConfigIssue[] {
  if (!file) return [];
  const findings = check(ConfigSchema, file.value, []);
  return [...file.issues, ...findings.map((finding) => issueAt(file.place(finding.path), finding))];
}

/** From the top of the file to its end; of several mistakes in one place, the first tells the cause. */
function inOrder(issues: readonly ConfigIssue[]): ConfigIssue[] {
  const first = new Map<string, ConfigIssue>();
  for (const issue of issues) {
    const spot = `${issue.source}:${issue.line}:${issue.key}`;
    if (!first.has(spot)) first.set(spot, issue);
  }
  return [...first.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function combinations(config: unknown) {
  const { http } = ConfigSchema.properties;
  return isSection(config) && Value.Check(http, config.http) ? checkCombinations({ http: config.http }) : [];
}

/** Whether it is whole. The secrets in it are under lock from then on. */
function isConfig(value: unknown): value is Static<typeof ConfigSchema> {
  if (!Value.Check(ConfigSchema, value)) return false;
  conceal(ConfigSchema, value);
  return true;
}

const partOf = (section: unknown, key: string | number) =>
  isSection(section) && Object.hasOwn(section, key) ? section[key] : undefined;

const pluginsOf = (config: unknown) => (isSection(config) ? config.plugins : undefined);
