import { type Clock, type Logger, type MqttDoor, PluginError, remoteClientName } from 'pulsegate/plugin';
import type { RemoteConfig, RemoteEntry } from './config.js';
import { Gateways } from './lines/gateways.js';
import type { Way } from './lines/line.js';
import { MqttWay } from './lines/mqtt-line.js';
import { WebSocketWay } from './lines/websocket-line.js';
import type { RemoteManager } from './manager.js';
import { Remote } from './remote.js';

export interface RemotesOptions {
  /** Name of the plugin, for errors. */
  readonly plugin: string;
  readonly config: RemoteConfig;
  readonly gatewayId: string;
  readonly hostname: string;
  readonly mqtt: MqttDoor;
  readonly manager: RemoteManager;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onListenerError: (error: unknown, event: string) => void;
}

/** All servers whose devices are shown: those that are configured, and those that are found on the broker. */
export class Remotes {
  readonly #byName = new Map<string, Remote>();
  readonly #byGateway = new Map<string, Remote>();
  #gateways: Gateways | undefined;

  /** Throws a PluginError when the configuration asks for what cannot be. */
  constructor(private readonly options: RemotesOptions) {
    const { plugin, config } = options;
    const names = new Set<string>();
    const gateways = new Set<string>();
    for (const { name, url, gateway } of config.remotes) {
      if (gateway !== undefined && gateways.has(gateway)) {
        throw new PluginError(plugin, `Two remotes are the gateway ${gateway}`);
      }
      if (gateway !== undefined) gateways.add(gateway);
      if (names.has(name.toLowerCase())) throw new PluginError(plugin, `Two remotes are called ${name}`);
      names.add(name.toLowerCase());
      if ((url === undefined) === (gateway === undefined)) {
        throw new PluginError(plugin, `The remote ${name} needs either a url or a gateway`);
      }
      if (url !== undefined && !URL.canParse(url)) {
        throw new PluginError(plugin, `The url of the remote ${name} is not an address`);
      }
    }
  }

  get all(): Iterable<Remote> {
    return this.#byName.values();
  }

  start(): void {
    const { config, mqtt, onListenerError } = this.options;
    // Nobody listens to other gateways' topics for nothing.
    if (config.discover || config.remotes.some(({ gateway }) => gateway !== undefined)) {
      const gateways = new Gateways(mqtt, onListenerError);
      this.#gateways = gateways;
      gateways.on('online', (gateway) => this.#online(gateway, gateways));
    }
    for (const entry of config.remotes) this.#add(entry.name, this.#wayTo(entry), entry.gateway);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.all].map((remote) => remote.stop()));
    this.#gateways?.[Symbol.dispose]();
  }

  #online(gateway: string, gateways: Gateways): void {
    const known = this.#byGateway.get(gateway);
    if (known) known.nudge();
    else if (this.options.config.discover && !this.#byName.has(gateway)) {
      this.#add(gateway, new MqttWay(gateway, gateways, this.options.clock), gateway);
    }
  }

  #add(name: string, way: Way, gateway: string | undefined): void {
    const { config, clock, log, gatewayId, hostname, manager } = this.options;
    const remote = new Remote(name, way, {
      clientName: remoteClientName(gatewayId, hostname),
      clock,
      log,
      heartbeatMs: config.heartbeat,
      answerTimeoutMs: config.answerTimeout,
      maxUnanswered: config.maxUnanswered,
      maxDevices: config.maxDevices,
      firstDelayMs: config.reconnect.firstDelay,
      maxDelayMs: config.reconnect.maxDelay,
      random: Math.random,
    });
    this.#byName.set(name, remote);
    if (gateway !== undefined) this.#byGateway.set(gateway, remote);
    manager.add(remote);
    remote.start();
  }

  #wayTo({ url, gateway, token, spec }: RemoteEntry): Way {
    const { config, clock } = this.options;
    if (url !== undefined) {
      const specs = spec === undefined ? ([4, 3] as const) : [spec];
      return new WebSocketWay({ url, token: token?.reveal(), specs, maxPayload: config.maxPayload, clock });
    }
    if (gateway === undefined || !this.#gateways) throw new PluginError(this.options.plugin, 'A remote has no address');
    return new MqttWay(gateway, this.#gateways, clock);
  }
}
