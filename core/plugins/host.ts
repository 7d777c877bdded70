import type { Static, TSchema } from 'typebox';
import type { ProtocolDefinition } from '../catalogue/definition.js';
import { type Clock, withDeadline } from '../clock.js';
import { describeError, PluginError } from '../errors.js';
import type { Logger } from '../logging/logger.js';
import { resolve } from '../tokens.js';
import type { Plugin, PluginInstance, PluginKind } from './contract.js';
import { type Finding, problem } from './finding.js';
import type { PluginScope } from './scope.js';

/** `unavailable`: did not start. `failed`: stopped working later. */
type PluginState = 'disabled' | 'starting' | 'running' | 'unavailable' | 'failed' | 'stopped';

export interface PluginStatus {
  readonly name: string;
  readonly kind: PluginKind;
  readonly description: string;
  readonly state: PluginState;
  readonly required: boolean;
  /** Why it does not run. */
  readonly reason?: string | undefined;
}

export interface PluginEntry {
  readonly plugin: Plugin;
  readonly enabled: boolean;
  readonly required: boolean;
  /** Checked against the plugin's schema, complete and frozen. */
  readonly config: Static<TSchema>;
}

export interface PluginHostOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** The child container for one plugin, with its own view of the gateway's services. */
  readonly scopeFor: (name: string, kind: PluginKind) => PluginScope;
  /** A plugin the configuration calls required does not run (any more). */
  readonly onRequiredFailure: (error: PluginError) => void;
}

/** How long a plugin may take to start or to stop, ms. */
const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 5_000;

/** Protocols first, so that hardware finds what drives it; transports last, so that clients find everything ready. */
const START_ORDER: readonly PluginKind[] = ['protocol', 'hardware', 'extension', 'transport'];

interface Running {
  readonly entry: PluginEntry;
  readonly scope: PluginScope;
  state: PluginState;
  reason?: string;
  instance?: PluginInstance;
}

/** Starts and stops plugins, and keeps what goes wrong in one of them from the rest. */
export class PluginHost {
  readonly #plugins: readonly Running[];
  #stopping = false;

  constructor(
    entries: readonly PluginEntry[],
    private readonly options: PluginHostOptions,
  ) {
    this.#plugins = START_ORDER.flatMap((kind) => entries.filter(({ plugin }) => plugin.kind === kind)).map(
      (entry) => ({
        entry,
        scope: options.scopeFor(entry.plugin.name, entry.plugin.kind),
        state: entry.enabled ? 'starting' : 'disabled',
      }),
    );
  }

  get statuses(): readonly PluginStatus[] {
    return this.#plugins.map(({ entry: { plugin, required }, state, reason }) => {
      const { name, kind, description } = plugin;
      return { name, kind, description, state, required, reason };
    });
  }

  /** Rejects with a PluginError when a required plugin does not start. */
  async start(): Promise<void> {
    for (const running of this.#plugins) {
      if (running.entry.enabled) await this.#start(running);
    }
  }

  /** Lets those that would start look whether they could, one after the other. Nothing is started. */
  async *examine(
    definitions: readonly ProtocolDefinition[],
  ): AsyncGenerator<readonly [name: string, findings: readonly Finding[]]> {
    for (const { entry } of this.#plugins) {
      if (entry.enabled && entry.plugin.examine) yield [entry.plugin.name, await this.#examined(entry, definitions)];
    }
  }

  async #examined(
    { plugin, config }: PluginEntry,
    definitions: readonly ProtocolDefinition[],
  ): Promise<readonly Finding[]> {
    const { clock, log } = this.options;
    const late = () => new PluginError(plugin.name, `looking took longer than ${START_TIMEOUT_MS / 1000} s`);
    try {
      const examined = plugin.examine?.({ config, clock, log: log.child({ plugin: plugin.name }), definitions }) ?? [];
      return await withDeadline(clock, START_TIMEOUT_MS, Promise.resolve(examined), late);
    } catch (error) {
      return [problem(describeError(error))];
    }
  }

  /** In reverse order of starting. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const running of this.#plugins.toReversed()) {
      if (running.state !== 'running') continue;
      running.state = 'stopped';
      await this.#end(running);
    }
  }

  async #start(running: Running): Promise<void> {
    const { plugin, required } = running.entry;
    const { clock, log } = this.options;
    try {
      running.instance = plugin.create({
        name: plugin.name,
        config: running.entry.config,
        log: log.child({ plugin: plugin.name }),
        clock,
        container: running.scope.container,
        use: (token) => resolve(running.scope.container, token),
        fail: (error) => this.#fail(running, error),
      });
      await withDeadline(
        clock,
        START_TIMEOUT_MS,
        Promise.resolve(running.instance.start()),
        () => new PluginError(plugin.name, `did not start within ${START_TIMEOUT_MS / 1000} s`),
      );
      if (running.state === 'starting') running.state = 'running';
    } catch (error) {
      running.state = 'unavailable';
      running.reason = describeError(error);
      log.warn(`plugin ${plugin.name} is unavailable: ${running.reason}`);
      log.debug({ plugin: plugin.name, err: error }, 'why it is unavailable');
      await running.scope.end();
      if (required)
        throw new PluginError(plugin.name, `${plugin.name} is required and did not start: ${running.reason}`, {
          cause: error,
        });
    }
  }

  #fail(running: Running, error: unknown): void {
    if (this.#stopping || running.state === 'failed' || running.state === 'unavailable') return;
    const { plugin, required } = running.entry;
    running.state = 'failed';
    running.reason = describeError(error);
    this.options.log.error({ plugin: plugin.name, err: error }, `${plugin.name} has failed: ${running.reason}`);
    void this.#end(running);
    if (required) {
      this.options.onRequiredFailure(
        new PluginError(plugin.name, `${plugin.name} is required and has failed: ${running.reason}`, { cause: error }),
      );
    }
  }

  /** The scope ends first: sessions and devices that came from this plugin are let go of while it can still write their stops. */
  async #end(running: Running): Promise<void> {
    const { clock, log } = this.options;
    const { name } = running.entry.plugin;
    const late = () => new PluginError(name, `did not stop within ${STOP_TIMEOUT_MS / 1000} s`);
    const steps = [() => running.scope.end(), async () => running.instance?.stop()];
    for (const step of steps) {
      await withDeadline(clock, STOP_TIMEOUT_MS, step(), late).catch((error: unknown) =>
        log.warn({ plugin: name, err: error }, `${name} did not stop in order: ${describeError(error)}`),
      );
    }
  }
}
