import { definePlugin, HTTP, PLUGIN_API, type PluginInstance } from 'pulsegate/plugin';
import { configSchema } from './config.js';

export default definePlugin({
  name: 'hardware-remote',
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Devices of other Buttplug servers, over WebSocket or MQTT, as if they were this one’s own',
  config: configSchema,
  create(context) {
    let instance: PluginInstance | undefined;
    return {
      async start() {
        const { config, use } = context;
        // Few gateways have remotes: the others need nothing of all this, and have nothing that could be scanned.
        if (config.remotes.length === 0 && !config.discover) {
          use(HTTP).routes((app) => {
            app.get('/api/remotes', () => []);
          });
          return;
        }
        const { HardwareRemote } = await import('./hardware-remote.js');
        instance = new HardwareRemote(context);
        await instance.start();
      },
      async stop() {
        await instance?.stop();
      },
    };
  },
});
