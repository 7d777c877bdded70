import { definePlugin, IPC, PLUGIN_API, SESSIONS, Type } from 'pulsegate/plugin';
import { ChannelLines } from './lines.js';

const config = Type.Object(
  {
    maxPayload: Type.Integer({
      default: 262_144,
      minimum: 1024,
      maximum: 16_777_216,
      description: 'Largest frame a client may send, bytes; a larger one closes its session',
    }),
  },
  { additionalProperties: false },
);

export default definePlugin({
  name: 'transport-ipc',
  kind: 'transport',
  api: PLUGIN_API,
  description: 'Clients in child processes of the gateway, such as scripts',
  config,
  create({ config: { maxPayload }, use }) {
    const attached = new Set<ChannelLines>();
    let provided: Disposable | undefined;
    return {
      start() {
        provided = use(IPC).provide({
          attach(channel) {
            const lines = new ChannelLines(channel, use(SESSIONS), maxPayload, () => attached.delete(lines));
            attached.add(lines);
            return lines;
          },
        });
      },
      stop() {
        provided?.[Symbol.dispose]();
        for (const lines of attached) lines.closeAll('this transport has stopped');
      },
    };
  },
});
