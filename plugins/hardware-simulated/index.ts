import {
  definePlugin,
  HARDWARE,
  HTTP,
  PLUGIN_API,
  type PluginContext,
  type PluginInstance,
  PROTOCOLS,
} from 'pulsegate/plugin';
import { configSchema, type SimulationConfig } from './config.js';
import { SimulatedManager } from './manager.js';
import { furnish } from './room.js';
import { simulationRoutes } from './routes.js';

class HardwareSimulated implements PluginInstance {
  #manager: SimulatedManager | undefined;
  #attachment: AsyncDisposable | undefined;

  constructor(private readonly context: PluginContext<SimulationConfig>) {}

  async start(): Promise<void> {
    const { name: plugin, config, clock, log } = this.context;
    const onListenerError = (error: unknown, event: string) => log.error({ err: error, event }, 'a listener failed');
    const { definitions } = this.context.use(PROTOCOLS);
    const peripherals = await furnish({ plugin, config, definitions, clock, onListenerError });
    this.context.use(HTTP).routes(simulationRoutes(peripherals));
    const manager = new SimulatedManager(peripherals, clock, onListenerError);
    this.#manager = manager;
    this.#attachment = this.context.use(HARDWARE).attach(manager);
    manager.start();
  }

  /** The devices are stopped and disconnected first: nothing is left running in them. */
  async stop(): Promise<void> {
    await this.#attachment?.[Symbol.asyncDispose]();
    this.#manager?.close();
  }
}

/** Simulates the hardware and the link to it, and nothing above: to the gateway these are devices like all others. */
export default definePlugin({
  name: 'hardware-simulated',
  kind: 'hardware',
  api: PLUGIN_API,
  description: 'Simulated devices that speak the protocols of real ones, to try things out without hardware',
  config: configSchema,
  create: (context) => new HardwareSimulated(context),
});
