import { hostname } from 'node:os';
import {
  GATEWAY_ID,
  HARDWARE,
  HTTP,
  METRICS,
  MQTT,
  type PluginContext,
  type PluginInstance,
  PROTOCOLS,
} from 'pulsegate/plugin';
import type { RemoteConfig } from './config.js';
import { RemoteManager } from './manager.js';
import { measure } from './metrics.js';
import { remoteProtocol } from './protocol.js';
import { Remotes } from './remotes.js';
import { remoteRoutes } from './routes.js';

/** The devices of all remotes there are. */
export class HardwareRemote implements PluginInstance {
  readonly #manager: RemoteManager;
  readonly #remotes: Remotes;
  readonly #brought = new DisposableStack();
  #attachment: AsyncDisposable | undefined;

  constructor(private readonly context: PluginContext<RemoteConfig>) {
    const { name: plugin, config, clock, log, use } = context;
    const onListenerError = (error: unknown, event: string) => log.error({ err: error, event }, 'a listener failed');
    this.#manager = new RemoteManager(config.prefixNames, onListenerError);
    this.#remotes = new Remotes({
      plugin,
      config,
      gatewayId: use(GATEWAY_ID),
      hostname: hostname(),
      mqtt: use(MQTT),
      manager: this.#manager,
      clock,
      log,
      onListenerError,
    });
  }

  start(): void {
    const { use } = this.context;
    const remotes = () => this.#remotes.all;
    use(HTTP).routes(remoteRoutes(remotes));
    this.#brought.use(measure(use(METRICS), remotes));
    this.#brought.use(use(PROTOCOLS).add(remoteProtocol));
    this.#attachment = use(HARDWARE).attach(this.#manager);
    this.#remotes.start();
  }

  /** The devices are stopped and disconnected first; then the sessions end, and with them whatever they still drive. */
  async stop(): Promise<void> {
    await this.#attachment?.[Symbol.asyncDispose]();
    await this.#remotes.stop();
    this.#brought.dispose();
  }
}
