/**
 * The public contract for plugins: everything `pulsegate/plugin` offers, and nothing else of the gateway is reachable. Built-in
 * plugins come through this door too.
 */

export type { Static, TSchema } from 'typebox';
export { default as Type } from 'typebox';
export * from './catalogue/build.js';
export { endpointsOf } from './catalogue/build.js';
export { modelFor, type ProtocolRegistry } from './catalogue/catalogue.js';
export { aes128 } from './catalogue/cipher.js';
export type * from './catalogue/definition.js';
export { ask, type Question, readWithin } from './catalogue/exchange.js';
export * from './catalogue/packets.js';
export { type Clock, type Timer, withDeadline } from './clock.js';
export { secret } from './config/keys.js';
export { Secret } from './config/secret.js';
export { loadSettingsFile } from './config/settings-file.js';
export type { DeviceCard } from './devices/card.js';
export type { OutputChange } from './devices/output.js';
export type { DeviceRegister, DeviceRegisterEvents } from './devices/register.js';
export type {
  ButtplugConnector,
  ButtplugConnectorEvents,
  EmbeddedClient,
  EmbeddedClientEvents,
  EmbeddedDoor,
  EmbeddedTransport,
  MessageBody,
  WireMessage,
} from './embedded.js';
export { DeviceError, describeError, ErrorCode, GatewayError, LinkError, PluginError, RefusedError } from './errors.js';
export { type EventSource, Events } from './events.js';
export { growingPause } from './growing-pause.js';
export type * from './hardware/contract.js';
export type { HardwareHost } from './hardware/host.js';
export { LinkState } from './hardware/link-state.js';
export { loadSerialPorts } from './hardware/load-serial-ports.js';
export { Lookout } from './hardware/lookout.js';
export { ManagerState } from './hardware/manager-state.js';
export type { OpenSerialPort, SerialPort, SerialPortSettings } from './hardware/serial-port.js';
export type { HttpHost } from './http/http-host.js';
export { isLoopback } from './http/loopback.js';
export type { IpcChannel, IpcClientOptions, IpcDoor, IpcFrame, IpcLines, IpcTransport } from './ipc.js';
export type { Logger } from './logging/logger.js';
export type { BrokerDoor, EmbeddedBroker, EmbeddedBrokerEvents } from './mqtt/broker.js';
export type {
  MqttClient,
  MqttClientEvents,
  MqttListener,
  MqttListenOptions,
  MqttMessage,
  MqttPublishOptions,
  RetainedScope,
  RetainedTopics,
} from './mqtt/client.js';
export type { MqttDoor, MqttUser } from './mqtt/door.js';
export { covers, isFilter, isTopic } from './mqtt/filters.js';
export { mqttTopics } from './mqtt/topics.js';
export {
  definePlugin,
  type ExamineContext,
  PLUGIN_API,
  type Plugin,
  type PluginContext,
  type PluginInstance,
  type PluginKind,
} from './plugins/contract.js';
export { type Finding, fine, missing, problem } from './plugins/finding.js';
export { type InputType, isPositionType, OUTPUT_TYPES, type OutputType, type Range } from './protocol/model.js';
export type { CloseReason, Connection, SessionHost, SessionOptions, SessionPort } from './sessions/connection.js';
export type { DeviceGrant } from './sessions/grants.js';
export { remoteClientName } from './sessions/remote-gateway.js';
export { StateFile } from './state-file.js';
export {
  CLOCK,
  DEVICE_REGISTER,
  EMBEDDED,
  GATEWAY_ID,
  HARDWARE,
  HTTP,
  IPC,
  LOGGER,
  METRICS,
  MQTT,
  MQTT_BROKER,
  PROTOCOLS,
  SESSIONS,
  type Token,
} from './tokens.js';
export { packageVersion } from './version.js';
