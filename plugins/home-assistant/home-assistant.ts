import type { Clock, DeviceRegister, Logger, MqttDoor, PluginInstance, Static } from 'pulsegate/plugin';
import { Announcer } from './announcer.js';
import type { config } from './config.js';
import { Memory } from './memory.js';
import { Roster } from './roster.js';

export interface HomeAssistantParts {
  readonly config: Static<typeof config>;
  readonly version: string;
  readonly mqtt: MqttDoor;
  readonly register: DeviceRegister;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps Home Assistant informed for as long as the gateway runs, over whatever connection to a broker there is. */
export class HomeAssistant implements PluginInstance {
  readonly #memory: Memory;
  readonly #owned = new DisposableStack();

  constructor(private readonly parts: HomeAssistantParts) {
    this.#memory = new Memory(parts.config.state, parts.clock, parts.log);
  }

  async start(): Promise<void> {
    const { config: options, version, mqtt, register, clock, log } = this.parts;
    const memory = this.#memory;
    await memory.load();
    const roster = this.#owned.use(
      new Roster(register, memory, clock, log, {
        removed: options.removed,
        graceMs: options.grace,
        forgetAfterDays: options.forgetAfter,
        remote: options.remote,
      }),
    );
    this.#owned.use(
      mqtt.attach(
        (client) => new Announcer({ client, roster, memory, version, options, clock, log, random: Math.random }),
      ),
    );
  }

  async stop(): Promise<void> {
    this.#owned.dispose();
    await this.#memory.saved();
  }
}
