import type { Registry } from 'prom-client';
import type { DependencyContainer } from 'tsyringe';
import type { ProtocolRegistry } from './catalogue/catalogue.js';
import type { Clock } from './clock.js';
import type { DeviceRegister } from './devices/register.js';
import type { EmbeddedDoor } from './embedded.js';
import type { HardwareHost } from './hardware/host.js';
import type { HttpHost } from './http/http-host.js';
import type { IpcDoor } from './ipc.js';
import type { Logger } from './logging/logger.js';
import type { BrokerDoor } from './mqtt/broker.js';
import type { MqttDoor } from './mqtt/door.js';
import type { SessionHost } from './sessions/connection.js';

/** Names a service in the container and carries its type. */
export type Token<T> = symbol & { readonly provides?: T };

/** Registered symbols, so that a plugin with a copy of this package of its own still names the same services. */
export const token = <T>(name: string): Token<T> => Symbol.for(`pulsegate.${name}`) as Token<T>;

/** Services that plugins may use. */
export const CLOCK = token<Clock>('clock');
/** Tells this gateway from every other, for as long as it runs: `a` to `z`, digits and `-`. */
export const GATEWAY_ID = token<string>('gateway-id');
export const LOGGER = token<Logger>('logger');
export const SESSIONS = token<SessionHost>('sessions');
export const HARDWARE = token<HardwareHost>('hardware');
export const PROTOCOLS = token<ProtocolRegistry>('protocols');
export const HTTP = token<HttpHost>('http');
export const EMBEDDED = token<EmbeddedDoor>('embedded');
export const IPC = token<IpcDoor>('ipc');
export const MQTT = token<MqttDoor>('mqtt');
export const MQTT_BROKER = token<BrokerDoor>('mqtt-broker');
export const DEVICE_REGISTER = token<DeviceRegister>('device-register');
export const METRICS = token<Registry>('metrics');

/** Typed lookup. Only the composition root and a plugin's own set-up call it. */
export const resolve = <T>(container: DependencyContainer, name: Token<T>): T => container.resolve<T>(name);
