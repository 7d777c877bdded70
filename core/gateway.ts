import type { DependencyContainer } from 'tsyringe';
import Type from 'typebox';
import { builtinPlugins, builtinProtocols, builtinSections } from './builtin-plugins.js';
import { type Clock, systemClock } from './clock.js';
import {
  CATALOGUE,
  compose,
  DEVICES,
  HTTP_SERVER,
  KNOWN_DEVICES,
  PLUGIN_HOST,
  SCRIPTS,
  SESSION_REGISTRY,
} from './composition.js';
import { type LoadedConfig, loadConfig } from './config/load.js';
import type { ConfigFlags } from './config/overrides.js';
import type { Config } from './config/schema.js';
import { loadDeviceFiles } from './device-files.js';
import { loadDeviceSettings } from './device-settings.js';
import type { ButtplugConnector, EmbeddedClient, EmbeddedTransport } from './embedded.js';
import { PluginError } from './errors.js';
import { LogFeed } from './logging/log-feed.js';
import { createLogger, type Logger, type LogOutput } from './logging/logger.js';
import { PLUGIN_API, type Plugin } from './plugins/contract.js';
import type { Finding } from './plugins/finding.js';
import type { PluginEntry, PluginStatus } from './plugins/host.js';
import { ThirdPartyPlugins } from './plugins/third-party.js';
import { registerScriptRoutes } from './scripting/routes.js';
import type { Scripts } from './scripting/scripts.js';
import { forkHost, type LaunchHost } from './scripting/supervisor/host-process.js';
import { registerStatusRoutes } from './status-routes.js';
import { EMBEDDED, METRICS, MQTT, resolve, type Token } from './tokens.js';

export interface GatewayOptions {
  /** The configuration as a value, in the form of the file; relative paths in it start at `cwd`. Instead of `file`. */
  readonly config?: object | undefined;
  /** Configuration file. Without either: the one PULSEGATE_CONFIG names, else pulsegate.yml in `cwd`, else the defaults. */
  readonly file?: string | undefined;
  readonly flags?: ConfigFlags | undefined;
  /** Default: none, so that a program that embeds the gateway is not steered by its surroundings. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Default: the process's working folder. */
  readonly cwd?: string | undefined;
  /** Plugins handed over as values, besides the built-in and the configured ones. They are enabled unless configured otherwise. */
  readonly plugins?: readonly Plugin[] | undefined;
  readonly clock?: Clock | undefined;
  /** No script runs by itself; default false. */
  readonly safeStart?: boolean | undefined;
  /** Starts the process that scripts run in. For tests that move time by hand. */
  readonly launchScriptHost?: LaunchHost | undefined;
  /** Where log lines go. Default: a logger by the configuration's `log` section, on standard output. */
  readonly logOutput?: LogOutput | undefined;
}

/**
 * Checks the configuration and builds a gateway from it, without starting anything.
 *
 * @throws ConfigError with everything that is wrong in the configuration or the device settings
 */
export async function createGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const thirdParty = new ThirdPartyPlugins();
  const given = options.plugins ?? [];
  const loaded = await loadConfig({
    file: options.file,
    inline: options.config,
    env: options.env ?? {},
    flags: options.flags ?? {},
    cwd: options.cwd ?? process.cwd(),
    builtins: new Map([
      ...builtinSections,
      ...given.map(({ name, config }) => [name, { schema: config, enabledByDefault: true }] as const),
    ]),
    pluginSchema: async (name, { from }, baseDir) => from && (await thirdParty.load(name, from, baseDir))?.config,
  });
  const { config } = loaded;
  const plugins = await pluginEntries(loaded, [...builtinPlugins, ...given], thirdParty);
  const logFeed = new LogFeed();
  const { level, format } = config.log;
  const log = createLogger({ level, format, feed: logFeed, ...(options.logOutput && { output: options.logOutput }) });
  const deviceFiles = await loadDeviceFiles(config, builtinProtocols);
  const fatal = Promise.withResolvers<PluginError>();
  const container = compose({
    config,
    deviceSettings: await loadDeviceSettings(loaded),
    deviceFiles,
    plugins,
    clock: options.clock ?? systemClock,
    log,
    logFeed,
    onRequiredFailure: fatal.resolve,
    safeStart: options.safeStart ?? false,
    launchScriptHost: options.launchScriptHost ?? forkHost,
  });
  for (const warning of [...loaded.warnings, ...deviceFiles.complaints]) log.warn(warning);
  return new Gateway(config, log, container, fatal.promise);
}

/** What will run, and with what configuration. A third-party plugin that does not load is there to be reported. */
async function pluginEntries(
  { config, baseDir }: LoadedConfig,
  known: readonly Plugin[],
  thirdParty: ThirdPartyPlugins,
): Promise<PluginEntry[]> {
  const entries = Object.entries(config.plugins).map(async ([name, section]): Promise<PluginEntry[]> => {
    const { enabled, required, from } = section;
    const builtIn = known.find((candidate) => candidate.name === name);
    const plugin = builtIn ?? (enabled && from ? await loadOrReport(thirdParty, name, from, baseDir) : undefined);
    return plugin ? [{ plugin, enabled, required, config: section.config }] : [];
  });
  return (await Promise.all(entries)).flat();
}

/** A plugin that does not load takes its place all the same, as one that does not start, so that it is seen everywhere. */
function loadOrReport(
  thirdParty: ThirdPartyPlugins,
  name: string,
  from: string,
  baseDir: string,
): Promise<Plugin | undefined> {
  return thirdParty.load(name, from, baseDir).catch((error: unknown) => ({
    name,
    kind: 'extension' as const,
    api: PLUGIN_API,
    description: `Third-party plugin from ${from}`,
    config: Type.Object({}),
    create() {
      throw error;
    },
    examine() {
      throw error;
    },
  }));
}

/** One gateway: start it, talk to it, stop it. Several may live in one process. */
export class Gateway {
  readonly #inCharge = Promise.withResolvers<void>();
  #stopped: Promise<void> | undefined;

  constructor(
    readonly config: Config,
    readonly log: Logger,
    private readonly container: DependencyContainer,
    /** Resolves when a required plugin has failed and the gateway should end. */
    readonly failed: Promise<PluginError>,
  ) {}

  /** Where clients connect, once started: `127.0.0.1:12345`. */
  get addresses(): readonly string[] {
    return this.#get(HTTP_SERVER).addresses;
  }

  /** The port in use; useful with `port: 0`. */
  get port(): number | undefined {
    return this.#get(HTTP_SERVER).port;
  }

  get plugins(): readonly PluginStatus[] {
    return this.#get(PLUGIN_HOST).statuses;
  }

  /** What the plugins find out that look whether they could work here. For a gateway that has not been started. */
  examinePlugins(): AsyncGenerator<readonly [name: string, findings: readonly Finding[]]> {
    return this.#get(PLUGIN_HOST).examine(builtinProtocols);
  }

  get scripts(): Scripts {
    return this.#get(SCRIPTS);
  }

  /** Resolves when something may be on: an earlier run has left devices behind, or the first client is welcome. */
  get inCharge(): Promise<void> {
    return this.#inCharge.promise;
  }

  /** Rejects with a ListenError or a PluginError; nothing is left running then. */
  async start(): Promise<void> {
    try {
      const http = this.#get(HTTP_SERVER);
      // The port first: whoever finds it taken must not take the devices from the gateway that has it.
      await http.bind();
      await this.#get(KNOWN_DEVICES).load();
      if (this.#get(KNOWN_DEVICES).left.length > 0) this.#inCharge.resolve();
      void this.#get(SESSION_REGISTRY).used.then(this.#inCharge.resolve);
      registerStatusRoutes(http, {
        plugins: () => this.plugins,
        sessions: this.#get(SESSION_REGISTRY),
        devices: this.#get(DEVICES),
        metrics: this.#get(METRICS),
        mqtt: this.#get(MQTT),
      });
      registerScriptRoutes(http, this.scripts, this.config);
      await this.#get(PLUGIN_HOST).start();
      const { missing } = this.#get(CATALOGUE);
      if (missing.length > 0) this.log.warn(`nobody here can drive devices of the protocols ${missing.join(', ')}`);
      this.#get(DEVICES).searchLeftBehind();
      await http.open();
      await this.scripts.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops every output, then everything else. Resolves when all is down; harmless when repeated. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** A connector for `ButtplugClient.connect` of npm's `buttplug` 5.x. Throws a PluginError when the embedded transport is off. */
  embeddedConnector(): ButtplugConnector {
    return this.#embedded().connector();
  }

  /** A client without any library. Rejects with the gateway's own error when the handshake is refused. */
  embeddedClient(name: string): Promise<EmbeddedClient> {
    return this.#embedded().client(name);
  }

  async #stop(): Promise<void> {
    // Sessions first, those of scripts with their host: their outputs stop in this very turn, and no order gets in any more.
    this.scripts.close();
    this.#get(SESSION_REGISTRY).close();
    await this.#get(DEVICES).close();
    await this.scripts.closed();
    await this.#get(PLUGIN_HOST).stop();
    await this.#get(HTTP_SERVER).close();
    await this.#get(KNOWN_DEVICES).saved();
  }

  #embedded(): EmbeddedTransport {
    const { transport } = this.#get(EMBEDDED);
    if (!transport) {
      throw new PluginError(
        'transport-embedded',
        'The embedded transport does not run; start the gateway with plugins.transport-embedded enabled',
      );
    }
    return transport;
  }

  #get<T>(name: Token<T>): T {
    return resolve(this.container, name);
  }
}
