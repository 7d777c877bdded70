import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import { type DependencyContainer, instanceCachingFactory, container as processContainer } from 'tsyringe';
import { Catalogue } from './catalogue/catalogue.js';
import type { Clock } from './clock.js';
import type { Config } from './config/schema.js';
import type { DeviceFiles } from './device-files/read.js';
import { Connector } from './devices/connector.js';
import { KnownDevices } from './devices/known-devices.js';
import { DeviceManager } from './devices/manager.js';
import { type DeviceRegister, ManagedDevices } from './devices/register.js';
import { DeviceSettingsBook } from './devices/settings.js';
import type { DeviceSettingsFile } from './devices/settings-file.js';
import { EmbeddedDoor } from './embedded.js';
import type { PluginError } from './errors.js';
import { HttpServer } from './http/http-server.js';
import { IpcDoor } from './ipc.js';
import type { LogFeed } from './logging/log-feed.js';
import type { Logger } from './logging/logger.js';
import { createMetrics } from './metrics/metrics.js';
import { BrokerDoor } from './mqtt/broker.js';
import { MqttDoor } from './mqtt/door.js';
import { type PluginEntry, PluginHost } from './plugins/host.js';
import { createScope } from './plugins/scope.js';
import { Scripts } from './scripting/scripts.js';
import type { LaunchHost } from './scripting/supervisor/host-process.js';
import { SessionRegistry } from './sessions/session-registry.js';
import {
  CLOCK,
  DEVICE_REGISTER,
  EMBEDDED,
  GATEWAY_ID,
  HTTP,
  IPC,
  LOGGER,
  METRICS,
  MQTT,
  MQTT_BROKER,
  resolve,
  type Token,
  token,
} from './tokens.js';
import { packageFolder, versionNumbers } from './version.js';

/** What a gateway is made of, from outside. */
export interface Ingredients {
  readonly config: Config;
  readonly deviceSettings: DeviceSettingsFile;
  readonly deviceFiles: DeviceFiles;
  readonly plugins: readonly PluginEntry[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly logFeed: LogFeed;
  readonly onRequiredFailure: (error: PluginError) => void;
  /** No script runs by itself. */
  readonly safeStart: boolean;
  readonly launchScriptHost: LaunchHost;
}

/** The gateway's own parts; plugins never see these. */
export const CATALOGUE = token<Catalogue>('internal.catalogue');
const SETTINGS = token<DeviceSettingsBook>('internal.settings');
export const KNOWN_DEVICES = token<KnownDevices>('internal.known-devices');
const CONNECTOR = token<Connector>('internal.connector');
export const DEVICES = token<DeviceManager>('internal.devices');
export const SESSION_REGISTRY = token<SessionRegistry>('internal.sessions');
export const HTTP_SERVER = token<HttpServer>('internal.http-server');
export const PLUGIN_HOST = token<PluginHost>('internal.plugin-host');
export const SCRIPTS = token<Scripts>('internal.scripts');

/** Every service of a gateway's container. */
export const ALL_SERVICES: readonly Token<unknown>[] = [
  CLOCK,
  LOGGER,
  GATEWAY_ID,
  EMBEDDED,
  HTTP,
  IPC,
  MQTT,
  MQTT_BROKER,
  METRICS,
  DEVICE_REGISTER,
  CATALOGUE,
  SETTINGS,
  KNOWN_DEVICES,
  CONNECTOR,
  DEVICES,
  SESSION_REGISTRY,
  HTTP_SERVER,
  PLUGIN_HOST,
  SCRIPTS,
];

/**
 * One gateway's container. Every part is made by a factory that names its ingredients by typed tokens, so the compiler checks
 * what decorators would only find at run time. Nothing is made before it is asked for.
 */
export function compose(ingredients: Ingredients): DependencyContainer {
  const { config, clock, log, logFeed } = ingredients;
  const container = processContainer.createChildContainer();
  const provide = <T>(name: Token<T>, make: (get: <D>(dependency: Token<D>) => D) => T) =>
    container.register<T>(name, {
      useFactory: instanceCachingFactory((within) => make((dependency) => resolve(within, dependency))),
    });

  provide<Clock>(CLOCK, () => clock);
  provide<Logger>(LOGGER, () => log);
  provide(GATEWAY_ID, () => randomUUID());
  provide(EMBEDDED, () => new EmbeddedDoor());
  provide(IPC, () => new IpcDoor());
  provide(MQTT, () => new MqttDoor());
  provide(MQTT_BROKER, () => new BrokerDoor());
  provide(CATALOGUE, () => new Catalogue(ingredients.deviceFiles.tables));
  provide(SETTINGS, () => new DeviceSettingsBook(ingredients.deviceSettings, ingredients.deviceFiles.devices));
  provide(KNOWN_DEVICES, (get) => new KnownDevices(config.devices.state, get(CLOCK), get(LOGGER)));
  provide(
    CONNECTOR,
    (get) =>
      new Connector(
        get(CATALOGUE),
        get(SETTINGS),
        get(KNOWN_DEVICES),
        get(CLOCK),
        get(LOGGER),
        config.devices.connectTimeout,
      ),
  );
  provide(
    DEVICES,
    (get) =>
      new DeviceManager(get(CONNECTOR), get(KNOWN_DEVICES), get(CLOCK), get(LOGGER), {
        reconnect: { enabled: config.devices.reconnect.enabled, maxDelayMs: config.devices.reconnect.maxDelay },
        stopTimeoutMs: config.safety.stopTimeout,
      }),
  );
  provide<DeviceRegister>(DEVICE_REGISTER, (get) => new ManagedDevices(get(DEVICES), get(LOGGER)));
  provide(
    SESSION_REGISTRY,
    (get) =>
      new SessionRegistry(get(DEVICES), get(CLOCK), get(LOGGER), logFeed, {
        limits: {
          handshakeTimeoutMs: config.sessions.handshakeTimeout,
          maxMessagesPerFrame: config.sessions.maxMessagesPerFrame,
          maxErrorsPerSecond: config.sessions.maxErrorsPerSecond,
        },
        maxPending: config.sessions.maxPending,
        maxSessions: config.sessions.maxSessions,
        maxPingTimeMs: config.server.maxPingTime,
        onPingTimeout: config.safety.onPingTimeout,
        identity: { name: config.server.name, version: versionNumbers() },
        gatewayId: get(GATEWAY_ID),
      }),
  );
  provide(HTTP_SERVER, (get) => new HttpServer(config.http, get(LOGGER)));
  provide(HTTP, (get) => get(HTTP_SERVER));
  provide<Registry>(METRICS, (get) => createMetrics(get(SESSION_REGISTRY), get(DEVICES)));
  provide(
    PLUGIN_HOST,
    (get) =>
      new PluginHost(ingredients.plugins, {
        clock: get(CLOCK),
        log: get(LOGGER),
        scopeFor: (name) =>
          createScope(container, name, {
            sessions: get(SESSION_REGISTRY),
            devices: get(DEVICES),
            catalogue: get(CATALOGUE),
          }),
        onRequiredFailure: ingredients.onRequiredFailure,
      }),
  );
  provide(
    SCRIPTS,
    (get) =>
      new Scripts({
        section: config.scripts,
        examples: join(packageFolder, 'scripts-examples'),
        safeStart: ingredients.safeStart,
        launch: ingredients.launchScriptHost,
        ipc: get(IPC),
        mqtt: get(MQTT),
        clock: get(CLOCK),
        log: get(LOGGER),
        isDriving: (session) => get(DEVICES).isDrivenBy(session),
      }),
  );
  return container;
}
