import type { DependencyContainer } from 'tsyringe';
import type { Static, TSchema } from 'typebox';
import type { ProtocolDefinition } from '../catalogue/definition.js';
import type { Clock } from '../clock.js';
import type { Logger } from '../logging/logger.js';
import type { Token } from '../tokens.js';
import type { Finding } from './finding.js';

export type PluginKind = 'transport' | 'hardware' | 'protocol' | 'extension';

/** The contract's version; raised when a plugin written for the old one would no longer work. */
export const PLUGIN_API = 1;

/** Everything a plugin is given. What is not here, it has no business with. */
export interface PluginContext<C = unknown> {
  readonly name: string;
  /** This plugin's section of the configuration: checked against its schema, defaults filled in, frozen. */
  readonly config: C;
  readonly log: Logger;
  readonly clock: Clock;
  /** The plugin's own child container; it sees the gateway's services and nobody sees what it registers. */
  readonly container: DependencyContainer;
  /** One of the gateway's services, by the tokens that `pulsegate/plugin` exports. */
  use<T>(token: Token<T>): T;
  /** Tells the gateway that this plugin is not able to go on. It is stopped, shown as failed, and its outputs are stopped. */
  fail(error: unknown): void;
}

/** One plugin at work in one gateway. */
export interface PluginInstance {
  /** Rejects when the plugin is not able to work; the gateway then runs on without it, unless it is `required`. */
  start(): Promise<void> | void;
  /** Called once after a start that resolved, in reverse order of starting, also after `fail`. */
  stop(): Promise<void> | void;
}

/** What a plugin is given that looks whether it could work here. */
export interface ExamineContext<C = unknown> {
  readonly config: C;
  readonly clock: Clock;
  readonly log: Logger;
  /** The protocols that come with the gateway. */
  readonly definitions: readonly ProtocolDefinition[];
}

/** What a plugin's module exports as `default`. A value: no work is done before `create`. */
export interface Plugin<S extends TSchema = TSchema> {
  readonly name: string;
  readonly kind: PluginKind;
  readonly api: typeof PLUGIN_API;
  /** One line for `pulsegate plugins`. */
  readonly description: string;
  /** Schema of the plugin's section, without the keys every section has (`enabled`, `required`, `from`). */
  readonly config: S;
  create(context: PluginContext<Static<S>>): PluginInstance;
  /** For `pulsegate doctor`: looks at what the plugin needs, without starting it. What it opens, it closes. */
  examine?(context: ExamineContext<Static<S>>): Promise<readonly Finding[]>;
}

/** Checks the shape at compile time and leaves the value alone. */
export const definePlugin = <S extends TSchema>(plugin: Plugin<S>): Plugin<S> => plugin;
