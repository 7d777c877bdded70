import Type, { type Static } from 'typebox';
import { deepFreeze, type Frozen } from './freeze.js';
import { section } from './keys.js';

/** What a person says about one script: in the header of its file, or in the configuration under `scripts.each`. */

interface Limit {
  readonly minimum: number;
  readonly maximum: number;
  readonly preset: number;
  readonly description: string;
}

const limit = (minimum: number, maximum: number, preset: number, description: string): Limit => ({
  minimum,
  maximum,
  preset,
  description,
});

/** What every script has a bound of. */
const LIMITS = {
  memoryMb: limit(8, 512, 32, 'Memory of one script, in MiB, 8 to 512.'),
  cpuMs: limit(10, 10_000, 200, 'CPU time that one turn of a script may take, in milliseconds, 10 to 10000.'),
  wallMs: limit(
    20,
    30_000,
    500,
    'Time that one turn of a script may take by the clock on the wall, in milliseconds, 20 to 30000.',
  ),
  messagesPerSecond: limit(
    1,
    10_000,
    200,
    'How many messages a script may send to the gateway in a second, 1 to 10000.',
  ),
  logLinesPerSecond: limit(1, 1_000, 50, 'How many lines a script may log in a second, 1 to 1000.'),
  httpPerMinute: limit(1, 6_000, 60, 'How many HTTP requests a script may make in a minute, 1 to 6000.'),
  storageKb: limit(1, 102_400, 256, 'How much a script may store, in KiB, 1 to 102400.'),
};

const preset = ({ preset, ...bounds }: Limit) => Type.Integer({ ...bounds, default: preset });
const own = ({ preset: _, ...bounds }: Limit) => Type.Optional(Type.Integer(bounds));

/** The limits of every script, as keys of the configuration. */
export const limitKeys = {
  memoryMb: preset(LIMITS.memoryMb),
  cpuMs: preset(LIMITS.cpuMs),
  wallMs: preset(LIMITS.wallMs),
  messagesPerSecond: preset(LIMITS.messagesPerSecond),
  logLinesPerSecond: preset(LIMITS.logLinesPerSecond),
  httpPerMinute: preset(LIMITS.httpPerMinute),
  storageKb: preset(LIMITS.storageKb),
};

const limits = section('Limits of this script, where they differ from those of all scripts.', {
  memoryMb: own(LIMITS.memoryMb),
  cpuMs: own(LIMITS.cpuMs),
  wallMs: own(LIMITS.wallMs),
  messagesPerSecond: own(LIMITS.messagesPerSecond),
  logLinesPerSecond: own(LIMITS.logLinesPerSecond),
  httpPerMinute: own(LIMITS.httpPerMinute),
  storageKb: own(LIMITS.storageKb),
});

const device = section('Devices that fit everything said here.', {
  name: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Name of the devices it may use; * stands for anything, as in "Lovense *".',
    }),
  ),
  index: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: 'Index of the device it may use.' }),
  ),
  features: Type.Optional(
    Type.Array(Type.Union([Type.Integer({ minimum: 0 }), Type.String({ minLength: 1, maxLength: 200 })]), {
      description: 'The features it may use, by index or by what they are called; without it, all of them.',
    }),
  ),
});

const LABEL = '[A-Za-z0-9_-]+';
// Its last part begins with a letter, or "private:8123" could be read in two ways.
const NAME = `(\\*\\.)?(${LABEL}\\.)*[A-Za-z][A-Za-z0-9_-]*`;
const ADDRESS = '\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9A-Fa-f:.]+\\]';
const host = Type.String({
  maxLength: 300,
  format: 'host',
  pattern: `^(private:)?(${NAME}|${ADDRESS})(:[1-9]\\d{0,4})?$`,
  examples: ['api.example.org'],
});

const topic = Type.String({
  minLength: 1,
  maxLength: 1_000,
  format: 'MQTT topic filter',
  pattern: '^(([^+#/\\u0000]*|\\+)/)*([^+#/\\u0000]*|\\+|#)$',
  examples: ['home/+/state'],
});

const mqtt = section('Topics of the MQTT broker it may use; + and # are wildcards.', {
  subscribe: Type.Optional(Type.Array(topic, { description: 'Topics whose messages it may get; by default none.' })),
  publish: Type.Optional(Type.Array(topic, { description: 'Topics it may publish to; by default none.' })),
});

export const ScriptSettings = section('Settings of one script.', {
  name: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Name that is shown to people and that it has as a client; by default that of its file.',
    }),
  ),
  description: Type.Optional(Type.String({ maxLength: 500, description: 'What it does, in a sentence.' })),
  enabled: Type.Optional(Type.Boolean({ description: 'Whether it runs; true by default.' })),
  devices: Type.Optional(
    Type.Union([Type.Literal('all'), Type.Literal('none'), Type.Array(device)], {
      description: 'Devices it may use: "all" (the default), "none", or a list.',
    }),
  ),
  http: Type.Optional(
    Type.Array(host, {
      description:
        'Hosts it may send HTTP requests to, such as api.example.org, *.example.org or localhost:8123; "private:" before one lets it be in a private network. By default none.',
    }),
  ),
  mqtt: Type.Optional(mqtt),
  limits: Type.Optional(limits),
  restartable: Type.Optional(
    Type.Boolean({
      description:
        'Whether the gateway may end it and start it anew, at a moment when it drives nothing, to give memory back; false by default.',
    }),
  ),
});
export type ScriptSettings = Frozen<Static<typeof ScriptSettings>>;

type Limits = Readonly<Record<keyof typeof LIMITS, number>>;

/** What holds for a script, with nothing left open. */
export interface ResolvedScriptSettings {
  /** Missing when nobody gave it one: it is called like its file. */
  readonly name?: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly devices: NonNullable<ScriptSettings['devices']>;
  readonly http: readonly string[];
  readonly mqtt: { readonly subscribe: readonly string[]; readonly publish: readonly string[] };
  readonly limits: Limits;
  readonly restartable: boolean;
}

/** What the configuration says about the script of this name. */
export function settingsFor(each: Readonly<Record<string, ScriptSettings>>, scriptName: string): ScriptSettings {
  // A script may be called "constructor".
  return (Object.hasOwn(each, scriptName) ? each[scriptName] : undefined) ?? {};
}

/**
 * The configuration's word about a script counts before the script's own, key by key, and that before the defaults.
 *
 * @param section limits of all scripts
 * @param header what the script's file asks for
 * @param configured what the configuration says about this script
 */
export function effectiveSettings(
  section: Limits,
  header: ScriptSettings,
  configured: ScriptSettings,
): ResolvedScriptSettings {
  const { mqtt = {}, limits: _, ...said } = { ...header, ...configured };
  return deepFreeze(
    structuredClone({
      description: '',
      enabled: true,
      devices: 'all' as const,
      http: [],
      restartable: false,
      ...said,
      mqtt: { subscribe: mqtt.subscribe ?? [], publish: mqtt.publish ?? [] },
      limits: { ...onlyLimits(section), ...header.limits, ...configured.limits },
    }),
  );
}

/** The section has other keys besides. */
const onlyLimits = ({
  memoryMb,
  cpuMs,
  wallMs,
  messagesPerSecond,
  logLinesPerSecond,
  httpPerMinute,
  storageKb,
}: Limits): Limits => ({
  memoryMb,
  cpuMs,
  wallMs,
  messagesPerSecond,
  logLinesPerSecond,
  httpPerMinute,
  storageKb,
});
