import { DEVICE_REGISTER, definePlugin, MQTT, PLUGIN_API, packageVersion } from 'pulsegate/plugin';
import { config } from './config.js';
import { HomeAssistant } from './home-assistant.js';

export default definePlugin({
  name: 'home-assistant',
  kind: 'extension',
  api: PLUGIN_API,
  description: 'Devices show up in Home Assistant by themselves, over MQTT',
  config,
  create: ({ config: options, clock, log, use }) =>
    new HomeAssistant({
      config: options,
      version: packageVersion,
      mqtt: use(MQTT),
      register: use(DEVICE_REGISTER),
      clock,
      log,
    }),
});
