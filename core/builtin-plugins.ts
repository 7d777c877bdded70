import definitionFiles from '../plugins/definition-files/index.js';
import bluetooth from '../plugins/hardware-bluetooth/index.js';
import hid from '../plugins/hardware-hid/index.js';
import lovenseConnect from '../plugins/hardware-lovense-connect/index.js';
import lovenseDongle from '../plugins/hardware-lovense-dongle/index.js';
import remote from '../plugins/hardware-remote/index.js';
import hardwareSerial from '../plugins/hardware-serial/index.js';
import simulated from '../plugins/hardware-simulated/index.js';
import hardwareWebSocket from '../plugins/hardware-websocket/index.js';
import homeAssistant from '../plugins/home-assistant/index.js';
import broker from '../plugins/mqtt-broker/index.js';
import topics from '../plugins/mqtt-topics/index.js';
import protocols, { protocols as builtinProtocols } from '../plugins/protocols/index.js';
import embedded from '../plugins/transport-embedded/index.js';
import ipc from '../plugins/transport-ipc/index.js';
import mqtt from '../plugins/transport-mqtt/index.js';
import webSocket from '../plugins/transport-websocket/index.js';
import type { BuiltinPlugins } from './config/builtins.js';
import type { Plugin } from './plugins/contract.js';

/** The protocols among them. */
export { builtinProtocols };

/** The plugins that come with the gateway. They go through the same door as everyone else's. */
export const builtinPlugins: readonly Plugin[] = [
  protocols,
  definitionFiles,
  simulated,
  remote,
  bluetooth,
  hid,
  lovenseDongle,
  lovenseConnect,
  hardwareSerial,
  hardwareWebSocket,
  broker,
  topics,
  homeAssistant,
  embedded,
  ipc,
  mqtt,
  webSocket,
];

/** They open a door that not everybody needs. */
const OFF_BY_DEFAULT: ReadonlySet<Plugin> = new Set([hardwareWebSocket, lovenseDongle, lovenseConnect]);

/** The same, as far as configuration goes. */
export const builtinSections: BuiltinPlugins = new Map(
  builtinPlugins.map((plugin) => [
    plugin.name,
    { schema: plugin.config, enabledByDefault: !OFF_BY_DEFAULT.has(plugin) },
  ]),
);
