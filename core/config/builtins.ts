import type { TSchema } from 'typebox';

/** A plugin that comes with the gateway, as far as its configuration goes. */
export interface BuiltinPlugin {
  /** Schema of the plugin's own keys. */
  readonly schema: TSchema;
  /** Whether it runs when its section does not say; writing a section does not change that. */
  readonly enabledByDefault: boolean;
}

/** The plugins that come with the gateway, by name. */
export type BuiltinPlugins = ReadonlyMap<string, BuiltinPlugin>;
