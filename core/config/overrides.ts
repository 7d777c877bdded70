import { check } from './check.js';
import { type ConfigIssue, issueAt, keyOf, type Path, type Place } from './issues.js';
import { nearest } from './nearest.js';
import { CONFIG_VARIABLE, isText, type Leaf, PREFIX } from './variables.js';
import { readYaml } from './yaml.js';

/** A single key that a variable or a flag sets. */
export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly place: Place;
}

export interface Overrides {
  readonly set: readonly Override[];
  readonly issues: readonly ConfigIssue[];
}

/** What the command line may say besides the name of the file; text is read as it would be in the file. */
export interface ConfigFlags {
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
  readonly logLevel?: string | undefined;
}

const FLAGS = [
  { flag: 'host', name: '--host', variable: 'PULSEGATE_HTTP_HOST' },
  { flag: 'port', name: '--port', variable: 'PULSEGATE_HTTP_PORT' },
  { flag: 'logLevel', name: '--log-level', variable: 'PULSEGATE_LOG_LEVEL' },
] as const;

export function readFlags(flags: ConfigFlags, leaves: ReadonlyMap<string, Leaf>): Overrides {
  return joined(
    FLAGS.map(({ flag, name, variable }) => {
      const leaf = leaves.get(variable);
      const given = flags[flag];
      return leaf && given !== undefined ? override(leaf, String(given), { source: 'command line', name }) : NONE;
    }),
  );
}

/** An empty variable counts as not set: not every tool that starts programs is able to leave one out. */
export function readEnvironment(env: NodeJS.ProcessEnv, leaves: ReadonlyMap<string, Leaf>): Overrides {
  return joined(
    Object.entries(env).map(([name, text]) => {
      if (!name.startsWith(PREFIX) || name === CONFIG_VARIABLE || !text || isServiceLink(name, text)) return NONE;
      const leaf = leaves.get(name);
      return leaf ? override(leaf, text, { source: 'environment', name }) : unknownVariable(name, leaves);
    }),
  );
}

const NONE: Overrides = { set: [], issues: [] };

const joined = (all: readonly Overrides[]): Overrides => ({
  set: all.flatMap(({ set }) => set),
  issues: all.flatMap(({ issues }) => issues),
});

function override({ path, schema }: Leaf, text: string, place: Place): Overrides {
  const value = isText(schema) ? text : parsed(text);
  const one = { path, value, place };
  const issues = check(schema, value, path).map((finding) => issueAt(placeIn(one, finding.path), finding));
  return { set: [one], issues };
}

/** The place of something inside the value: `PULSEGATE_…_DEVICES[1].model`. */
export function placeIn({ path, place }: Override, inner: Path): Place {
  return { ...place, name: `${place.name}${keyOf(inner.slice(path.length))}` };
}

function parsed(text: string): unknown {
  const { root, problems } = readYaml(text);
  // Text that is not YAML is shown as it is, when it turns out not to be what the key needs.
  return problems.length > 0 ? text : root?.value;
}

function unknownVariable(name: string, leaves: ReadonlyMap<string, Leaf>): Overrides {
  const meant = meantVariable(name, [...leaves.keys(), CONFIG_VARIABLE]);
  const hint = meant ? `did you mean ${meant}?` : 'only keys of the gateway and of built-in plugins have variables';
  const problem = 'unknown variable';
  const finding = { path: [], found: 'an unknown variable', expected: 'the variable of a key', problem, hint };
  return { set: [], issues: [issueAt({ source: 'environment', name: keyOf([name]) }, finding)] };
}

function meantVariable(name: string, known: readonly string[]): string | undefined {
  const word = name.slice(PREFIX.length);
  const similar = nearest(
    word,
    known.map((one) => one.slice(PREFIX.length)),
  );
  // PULSEGATE_PORT: the section was left out.
  return similar === undefined ? known.find((one) => one.endsWith(`_${word}`)) : PREFIX + similar;
}

/** Kubernetes and Docker tell the neighbours of a service called "pulsegate" its addresses in variables like ours. */
function isServiceLink(name: string, text: string): boolean {
  if (/^PULSEGATE_(SERVICE_(HOST|PORT(_.+)?)|PORT_\d+_(TCP|UDP|SCTP)(_.+)?)$/.test(name)) return true;
  return name === 'PULSEGATE_PORT' && /^(tcp|udp|sctp):\/\//.test(text);
}
