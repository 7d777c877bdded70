import remote from '../plugins/hardware-remote/index.js';
import simulated from '../plugins/hardware-simulated/index.js';
import homeAssistant from '../plugins/home-assistant/index.js';
import broker from '../plugins/mqtt-broker/index.js';
import topics from '../plugins/mqtt-topics/index.js';
import protocols from '../plugins/protocols/index.js';
import embedded from '../plugins/transport-embedded/index.js';
import ipc from '../plugins/transport-ipc/index.js';
import mqtt from '../plugins/transport-mqtt/index.js';
import webSocket from '../plugins/transport-websocket/index.js';
import type { BuiltinPlugins } from './config/builtins.js';
import type { Plugin } from './plugins/contract.js';

/** The plugins that come with the gateway. They go through the same door as everyone else's. */
export const builtinPlugins: readonly Plugin[] = [
  protocols,
  simulated,
  remote,
  broker,
  topics,
  homeAssistant,
  embedded,
  ipc,
  mqtt,
  webSocket,
];

/** The same, as far as configuration goes. */
export const builtinSections: BuiltinPlugins = new Map(
  builtinPlugins.map(({ name, config }) => [name, { schema: config, enabledByDefault: true }]),
);
