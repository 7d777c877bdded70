import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { builtinPlugins } from '../../builtin-plugins.js';
import type { Config } from '../../config/schema.js';
import { isSection } from '../../config/shape.js';

/** The plugin that everything here is about. */
const SIMULATION = 'hardware-simulated';
/** A trial must not take the place of the gateway that may be running, on a broker in the home. */
const NOT_ON_TRIAL: ReadonlySet<string> = new Set(['mqtt-broker', 'mqtt-topics', 'home-assistant', 'transport-mqtt']);

export interface Simulation {
  /** Names of models; without any, those that are simulated where nobody says anything else. */
  readonly models: readonly string[];
  /** Where the gateway may write. */
  readonly folder: string;
}

/**
 * The configuration of a gateway that has simulated devices and no others, on a free port. What it says of scripts, their limits
 * and what is granted to them, is what the user's own says.
 */
export function simulated(config: Config, { models, folder }: Simulation): object {
  const { scripts, devices, http: _, plugins, ...rest } = config;
  const { settings, ...others } = devices;
  // Nobody steers it over HTTP, and a secret is not given on.
  const { token: _token, ...scripting } = scripts;
  return {
    ...rest,
    http: { port: 0 },
    devices: {
      ...others,
      state: join(folder, 'known-devices.yml'),
      // Whoever names that file has to have it.
      ...(existsSync(settings) && { settings }),
    },
    scripts: { ...scripting, ...withoutOthers(folder), storage: join(folder, 'storage') },
    // Those from elsewhere may bring hardware of their own.
    plugins: Object.fromEntries(
      builtinPlugins.map(({ name, kind }) => [name, sectionOf(name, kind === 'hardware', plugins, models)]),
    ),
  };
}

/** So that a gateway has no scripts but the one it is given: an empty folder in place of theirs. */
const withoutOthers = (folder: string) => ({ directory: join(folder, 'scripts'), examples: false });

/** The same as variables of the environment, which count before what a file says. */
export function variablesWithoutOthers(folder: string): NodeJS.ProcessEnv {
  const { directory, examples } = withoutOthers(folder);
  return { PULSEGATE_SCRIPTS_DIRECTORY: directory, PULSEGATE_SCRIPTS_EXAMPLES: String(examples) };
}

function sectionOf(name: string, isHardware: boolean, plugins: Config['plugins'], models: readonly string[]): object {
  if (name === SIMULATION)
    return { required: true, ...(models.length > 0 && { devices: models.map((model) => ({ model })) }) };
  if (isHardware || NOT_ON_TRIAL.has(name)) return { enabled: false };
  const { enabled = true, required = false, config } = plugins[name] ?? {};
  return { ...(isSection(config) ? config : {}), enabled, required };
}
