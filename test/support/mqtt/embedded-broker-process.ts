import { GatewayProcess, TestFolder } from '../gateway-process.js';
import type { BrokerProcess } from './broker-process.js';
import { freePort } from './free-port.js';
import { retainedAt } from './retained-at.js';

/** The embedded broker of a gateway in a process of its own, which has nothing else to do. */
export class EmbeddedBrokerProcess implements BrokerProcess {
  #gateway: GatewayProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: TestFolder,
  ) {}

  static async start(): Promise<EmbeddedBrokerProcess> {
    const broker = new EmbeddedBrokerProcess(await freePort(), await TestFolder.create());
    await broker.#launch();
    return broker;
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.#launch();
  }

  pause(): void {
    this.#gateway?.signal('SIGSTOP');
  }

  resume(): void {
    this.#gateway?.signal('SIGCONT');
  }

  retained(filter = '#'): Promise<ReadonlyMap<string, string>> {
    return retainedAt(`mqtt://127.0.0.1:${this.port}`, filter);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.folder[Symbol.asyncDispose]();
  }

  async #launch(): Promise<void> {
    const plugins = { 'transport-mqtt': { enabled: false }, 'hardware-simulated': { enabled: false } };
    const env = { PULSEGATE_PLUGINS_MQTT_BROKER_PORT: String(this.port) };
    this.#gateway = await GatewayProcess.start(this.folder, { plugins, scripts: { enabled: false } }, env);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#gateway?.signal(signal);
    await this.#gateway?.exited;
    this.#gateway = undefined;
  }
}
