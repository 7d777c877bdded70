import { existsSync, readFileSync, statSync } from 'node:fs';
import { findPackageJSON, registerHooks } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { describeError, PluginError } from '../errors.js';
import { PLUGIN_API, type Plugin } from './contract.js';

const Manifest = Compile(Type.Object({ main: Type.Optional(Type.String()), exports: Type.Optional(Type.Unknown()) }));

// The shape alone is checked here; `create` and `config` are what the types of the contract promise.
const PluginShape = Compile(
  Type.Object({
    name: Type.String({ minLength: 1 }),
    kind: Type.Enum(['transport', 'hardware', 'protocol', 'extension']),
    api: Type.Integer(),
    description: Type.String(),
    config: Type.Object({}, { additionalProperties: true }),
    create: Type.Unknown(),
  }),
);

/** Loads plugins from outside the package: from a folder, or an npm package installed beside the configuration. */
export class ThirdPartyPlugins {
  readonly #loaded = new Map<string, Promise<Plugin | undefined>>();

  /**
   * Undefined: there is nothing there. Rejects with a PluginError: there is, and it is no plugin this gateway is able to run.
   *
   * @param source absolute folder, or name of a package
   * @param baseDir folder that packages are looked for from
   */
  load(name: string, source: string, baseDir: string): Promise<Plugin | undefined> {
    let loading = this.#loaded.get(name);
    if (!loading) {
      loading = loadFrom(name, source, baseDir);
      this.#loaded.set(name, loading);
    }
    return loading;
  }
}

async function loadFrom(name: string, source: string, baseDir: string): Promise<Plugin | undefined> {
  const entry = isAbsolute(source) ? entryOfFolder(source) : entryOfPackage(source, baseDir);
  if (!entry) return undefined;
  shareContract();
  let module: unknown;
  try {
    module = await import(pathToFileURL(entry).href);
  } catch (error) {
    throw new PluginError(name, `its module ${entry} does not load: ${describeError(error)}`, { cause: error });
  }
  const exported = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  return checkShape(name, exported);
}

function checkShape(name: string, exported: unknown): Plugin {
  if (!PluginShape.Check(exported)) {
    const [first] = PluginShape.Errors(exported);
    const problem = first ? ` (${first.instancePath || 'it'} ${first.message})` : '';
    throw new PluginError(name, `its default export is not a plugin${problem}; see docs/plugins.md`);
  }
  if (exported.api !== PLUGIN_API) {
    throw new PluginError(name, `it is written for plugin API ${exported.api}, this gateway has ${PLUGIN_API}`);
  }
  if (exported.name !== name) {
    throw new PluginError(
      name,
      `the plugin calls itself "${exported.name}", the configuration "${name}"; use the plugin's name`,
    );
  }
  const { create } = exported;
  if (!isCreate(create)) throw new PluginError(name, 'its "create" is not a function');
  return {
    name: exported.name,
    kind: exported.kind,
    api: PLUGIN_API,
    description: exported.description,
    config: exported.config,
    create,
  };
}

const isCreate = (value: unknown): value is Plugin['create'] => typeof value === 'function';

function entryOfPackage(name: string, baseDir: string): string | undefined {
  try {
    const manifest = findPackageJSON(name, pathToFileURL(join(baseDir, 'any.js')));
    return manifest === undefined ? undefined : entryOfFolder(dirname(manifest));
  } catch {
    return undefined;
  }
}

/** The module a folder stands for: what its package.json says, else index.js. */
function entryOfFolder(folder: string): string | undefined {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return undefined;
  const manifestPath = join(folder, 'package.json');
  const manifest: unknown = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, 'utf8')) : {};
  const main = Manifest.Check(manifest) ? (exportedEntry(manifest.exports) ?? manifest.main) : undefined;
  const entry = join(folder, main ?? 'index.js');
  return existsSync(entry) ? entry : undefined;
}

/** The `.` of an exports map, by the conditions an import has. */
function exportedEntry(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return undefined;
  for (const key of ['.', 'import', 'node', 'default']) {
    if (key in exports) return exportedEntry(Reflect.get(exports, key));
  }
  return undefined;
}

let contractShared = false;

/**
 * Lets modules outside this package import `pulsegate/plugin`, and get the very one this gateway runs on. A hook of the
 * process, set once, because module resolution belongs to the process.
 */
function shareContract(): void {
  if (contractShared) return;
  contractShared = true;
  const door = new URL('../plugin.js', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'pulsegate/plugin' ? { url: door, shortCircuit: true } : next(specifier, context),
  });
}
