import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Type, { type TSchema } from 'typebox';
import { onTestFinished } from 'vitest';
import type { BuiltinPlugins } from '../../../core/config/builtins.js';
import { ConfigError, type ConfigIssue } from '../../../core/config/issues.js';
import { secret } from '../../../core/config/keys.js';
import { type LoadedConfig, type LoadOptions, loadConfig } from '../../../core/config/load.js';

/** Stand-ins for the plugins that come with the gateway, with every kind of key a plugin may have. */
export const builtins: BuiltinPlugins = new Map([
  [
    'transport-websocket',
    {
      enabledByDefault: true,
      schema: Type.Object({
        maxPingTime: Type.Integer({ minimum: 0, maximum: 3_600_000, default: 0 }),
        heartbeat: Type.Object({ period: Type.Number({ exclusiveMinimum: 0, default: 30.5 }) }),
      }),
    },
  ],
  [
    'transport-mqtt',
    {
      enabledByDefault: true,
      schema: Type.Object({
        broker: Type.Union(
          [Type.Literal('embedded'), Type.String({ pattern: '^mqtts?://', examples: ['mqtt://host:1883'] })],
          {
            default: 'embedded',
          },
        ),
        password: Type.Optional(secret('Password to log in with.', { minLength: 4 })),
      }),
    },
  ],
  [
    'hardware-simulated',
    {
      enabledByDefault: true,
      schema: Type.Object({
        devices: Type.Array(
          Type.Object({
            model: Type.String({ minLength: 1 }),
            battery: Type.Integer({ minimum: 0, maximum: 100, default: 100 }),
          }),
          { default: [{ model: 'Lovense Edge' }], maxItems: 3 },
        ),
        names: Type.Record(Type.String(), Type.String(), { default: {} }),
      }),
    },
  ],
  [
    'hardware-websocket',
    {
      enabledByDefault: false,
      schema: Type.Object({ port: Type.Integer({ minimum: 0, maximum: 65_535, default: 54_817 }) }),
    },
  ],
]);

/** A fresh folder that is gone after the test. */
export async function folder(files: Record<string, string | Uint8Array> = {}): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'pulsegate-config-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

export interface World extends Partial<LoadOptions> {
  /** Content of pulsegate.yml in the working folder. */
  readonly yaml?: string | Uint8Array;
  /** Schemas of third-party plugins that are installed, by name. */
  readonly installed?: Readonly<Record<string, TSchema>>;
}

export async function load({ yaml, installed = {}, ...options }: World = {}): Promise<LoadedConfig> {
  const cwd = options.cwd ?? (await folder(yaml === undefined ? {} : { 'pulsegate.yml': yaml }));
  const pluginSchema = async (name: string) => (Object.hasOwn(installed, name) ? installed[name] : undefined);
  return loadConfig({ env: {}, builtins, pluginSchema, ...options, cwd });
}

/** The lines of the ConfigError that this configuration is refused with. */
export async function refusal(world: World): Promise<string[]> {
  return (await issues(world)).message.split('\n');
}

export async function issues(world: World): Promise<ConfigError> {
  try {
    await load(world);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted');
}

export const keys = (error: ConfigError): string[] => error.issues.map((issue: ConfigIssue) => issue.key);
