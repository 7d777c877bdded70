import { definePlugin, EMBEDDED, PLUGIN_API, SESSIONS, Type } from 'pulsegate/plugin';
import { EmbeddedLines } from './lines.js';

const config = Type.Object(
  {
    maxPingTime: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 3_600_000,
        description: 'How often a client must ping, ms; 0 for never. Without it, server.maxPingTime counts',
      }),
    ),
  },
  { additionalProperties: false },
);

export default definePlugin({
  name: 'transport-embedded',
  kind: 'transport',
  api: PLUGIN_API,
  description: 'Clients inside the gateway’s own process',
  config,
  create({ config: options, clock, log, use }) {
    const lines = new EmbeddedLines(use(SESSIONS), options.maxPingTime, clock, log);
    let provided: Disposable | undefined;
    return {
      start() {
        provided = use(EMBEDDED).provide(lines);
      },
      stop() {
        provided?.[Symbol.dispose]();
        lines.closeAll();
      },
    };
  },
});
