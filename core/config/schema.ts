import Type, { type Static } from 'typebox';
import { LOG_LEVELS } from '../logging/logger.js';
import type { Frozen } from './freeze.js';
import { flag, milliseconds, number, path, secret, section } from './keys.js';
import { scripts } from './scripts-section.js';

const server = section('How the gateway presents itself to clients.', {
  name: Type.String({
    default: 'Pulsegate',
    maxLength: 200,
    description: 'Name that clients are told in the handshake, at most 200 characters.',
  }),
  maxPingTime: milliseconds(
    0,
    3_600_000,
    0,
    'Longest time between two pings of a client, in milliseconds, 0 to 3600000; 0 asks for no pings. A transport may set its own.',
  ),
});

const http = section('The port that clients, status and metrics share, and who may use it.', {
  host: Type.String({
    default: '127.0.0.1',
    minLength: 1,
    description: 'Address or host name to listen on; anything but loopback needs a token, or insecure: true.',
  }),
  port: number(0, 65_535, 12_345, 'Port to listen on, 0 to 65535; 0 picks a free one.'),
  token: Type.Optional(
    secret(
      'Secret that every client has to show, at least 16 characters, or file:PATH or env:NAME for where it is; none by default.',
      { minLength: 16 },
    ),
  ),
  insecure: flag(false, 'Whether anyone who reaches the address may control the devices without a token.'),
  allowedHosts: Type.Array(Type.String({ minLength: 1 }), {
    default: [],
    description: 'Host names that requests may be addressed to, besides the loopback names and the address above.',
  }),
  allowedOrigins: Type.Array(Type.String({ minLength: 1 }), {
    default: ['*'],
    description:
      'Origins of the web pages that may connect over loopback, such as https://example.org; "*" stands for every one.',
  }),
});

const safety = section('When outputs are stopped.', {
  onPingTimeout: Type.Enum(['all', 'driven'], {
    default: 'all',
    description:
      'What stops when a client misses its ping: "all" active devices, or only the outputs "driven" by that client.',
  }),
  stopTimeout: milliseconds(
    100,
    10_000,
    1_000,
    'How long the gateway waits at its end for the stops to be written to the devices, in milliseconds, 100 to 10000.',
  ),
  stallLimit: milliseconds(
    500,
    600_000,
    5_000,
    'How long something in the gateway, a plugin for example, may block everything else before it is interrupted, all devices are stopped and the gateway ends, in milliseconds, 500 to 600000.',
  ),
});

const sessions = section('Limits on connections. One that breaks a limit is closed; the others go on.', {
  handshakeTimeout: milliseconds(
    100,
    600_000,
    10_000,
    'How long a new connection may wait with its handshake, in milliseconds, 100 to 600000.',
  ),
  maxPending: number(1, 100_000, 64, 'How many connections may be without a handshake at a time, 1 to 100000.'),
  maxSessions: number(1, 100_000, 1_000, 'How many clients may be connected at a time, 1 to 100000.'),
  maxMessagesPerFrame: number(1, 100_000, 1_000, 'How many messages a client may send in one frame, 1 to 100000.'),
  maxErrorsPerSecond: number(
    1,
    1_000_000,
    2_000,
    'How many answers per second may be errors, 1 to 1000000; a burst may have ten times as many, beyond that the connection is closed.',
  ),
});

const reconnect = section('What happens when a known device drops out.', {
  enabled: flag(true, 'Whether a known device that drops out is connected again without a scan.'),
  maxDelay: milliseconds(
    1_000,
    3_600_000,
    30_000,
    'Longest pause between two attempts, in milliseconds, 1000 to 3600000; the pauses grow up to it.',
  ),
});

const devices = section('Which devices are known and where the gateway keeps what it learns about them.', {
  catalogue: Type.Union([Type.Literal('builtin'), path()], {
    default: 'builtin',
    description:
      'Where the tables of devices come from: "builtin", or the path of a device configuration file of the community (JSON, version 4).',
  }),
  userConfig: Type.Optional(
    path({
      description:
        'A user device configuration of the community (JSON, version 4): names and models of your own, and settings of single devices. It is only read.',
    }),
  ),
  settings: path({
    default: './data/devices.yml',
    description: 'File with your names and limits for devices; the gateway reads it and never writes it.',
  }),
  state: path({
    default: './data/known-devices.yml',
    description: 'File in which the gateway notes the devices it has seen and their indexes.',
  }),
  connectTimeout: milliseconds(
    100,
    600_000,
    15_000,
    'How long connecting to a device may take, in milliseconds, 100 to 600000.',
  ),
  reconnect,
});

const log = section('What the gateway writes about itself.', {
  level: Type.Enum(LOG_LEVELS, {
    default: 'info',
    description: 'Least important messages that are written, from "fatal" to "trace"; "silent" writes none.',
  }),
  format: Type.Enum(['auto', 'pretty', 'json'], {
    default: 'auto',
    description:
      'How messages look: "pretty" for people, "json" for machines, "auto" picks by whether a terminal is there.',
  }),
});

/** Keys that every plugin's section has, besides the plugin's own. */
export const pluginKeys = {
  enabled: flag(true, 'Whether the plugin runs.'),
  required: flag(false, 'Whether the gateway ends when the plugin fails, instead of running on without it.'),
  from: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'Where a third-party plugin comes from: the name of an npm package, or a folder that starts with ./, ../ or /, relative to this file.',
    }),
  ),
};

/** The whole configuration; what is inside a plugin's section is checked against the plugin's own schema. */
export const ConfigSchema = section('Configuration of the Pulsegate gateway.', {
  server,
  http,
  safety,
  sessions,
  devices,
  scripts,
  log,
  plugins: Type.Record(Type.String(), Type.Object(pluginKeys, { additionalProperties: true }), {
    default: {},
    description: 'One section per plugin, by name. A built-in plugin that is not mentioned runs with its defaults.',
  }),
});

/** A plugin's section, split into what the gateway needs and what the plugin asked for. */
export interface PluginSection {
  readonly enabled: boolean;
  /** Whether the gateway ends when this plugin fails. */
  readonly required: boolean;
  /** Npm package or absolute folder of a third-party plugin; missing for a built-in one. */
  readonly from?: string;
  /**
   * The plugin's own keys: checked against its schema, defaults filled in, frozen. Of a plugin that is not enabled or could
   * not be loaded, as written.
   */
  readonly config: unknown;
}

/** A configuration that has been checked: complete, frozen, paths absolute. Durations are in milliseconds where nothing else is said. */
export type Config = Frozen<Omit<Static<typeof ConfigSchema>, 'plugins'>> & {
  readonly plugins: Readonly<Record<string, PluginSection>>;
};
