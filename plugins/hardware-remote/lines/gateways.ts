import { Events, type MqttClient, type MqttDoor, type MqttMessage, mqttTopics } from 'pulsegate/plugin';

export interface GatewaysEvents {
  online: [gateway: string];
  offline: [gateway: string, reason: string];
}

const NAME = /^[a-z0-9-]{1,40}$/;
/** More gateways on one broker are not believed to be real. */
const MAX_GATEWAYS = 500;

/** Which gateways are on the broker, by the status that each of them has retained there. */
export class Gateways implements Disposable {
  readonly #events: Events<GatewaysEvents>;
  readonly #online = new Set<string>();
  readonly #attachment: Disposable;
  #client: MqttClient | undefined;

  constructor(door: MqttDoor, onListenerError: (error: unknown, event: string) => void) {
    this.#events = new Events(onListenerError);
    this.#attachment = door.attach((client) => this.#use(client));
  }

  on: Events<GatewaysEvents>['on'] = (event, listener) => this.#events.on(event, listener);

  /** The connection to the broker, while there is one. */
  get client(): MqttClient | undefined {
    return this.#client?.isConnected ? this.#client : undefined;
  }

  isOnline(gateway: string): boolean {
    return this.#online.has(gateway);
  }

  /** The address space of a gateway on the same broker. */
  rootOf(gateway: string, client: MqttClient): string {
    return client.root.slice(0, -client.gateway.length) + gateway;
  }

  [Symbol.dispose](): void {
    this.#attachment[Symbol.dispose]();
  }

  #use(client: MqttClient): Disposable {
    const uses = new DisposableStack();
    const base = this.rootOf('', client);
    this.#client = client;
    uses.use(client.on('disconnected', () => this.#forgetAll()));
    uses.use(client.listen(mqttTopics(`${base}+`).status, (message) => this.#heard(client, base, message)));
    uses.defer(() => {
      this.#client = undefined;
      this.#forgetAll();
    });
    return uses;
  }

  #heard(client: MqttClient, base: string, { topic, payload }: MqttMessage): void {
    const [gateway = ''] = topic.slice(base.length).split('/');
    if (!NAME.test(gateway) || gateway === client.gateway) return;
    const isOnline = payload.length <= 16 && payload.toString() === 'online';
    if (isOnline === this.#online.has(gateway) || (isOnline && this.#online.size >= MAX_GATEWAYS)) return;
    if (isOnline) {
      this.#online.add(gateway);
      this.#events.emit('online', gateway);
    } else {
      this.#online.delete(gateway);
      this.#events.emit('offline', gateway, 'the gateway is offline');
    }
  }

  /** Whoever is still there says so again after the next connection. */
  #forgetAll(): void {
    const gone = [...this.#online];
    this.#online.clear();
    for (const gateway of gone) this.#events.emit('offline', gateway, 'the broker is away');
  }
}
