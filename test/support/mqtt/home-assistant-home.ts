import { connectAsync, type MqttClient } from 'mqtt';
import { expect } from 'vitest';
import { PATIENCE_MS } from '../timing.js';
import { complaints } from './home-assistant-schema.js';
import { renderAvailability, renderCommand, renderState } from './home-assistant-template.js';

interface Availability {
  readonly topic: string;
  readonly value_template?: string;
}

/** A component, as far as an emulation has to understand it. */
interface Entity {
  readonly platform: string;
  readonly default_entity_id: string;
  readonly state_topic?: string;
  readonly value_template?: string;
  readonly command_topic?: string;
  readonly command_template?: string;
  readonly payload_on?: string;
  readonly payload_off?: string;
  readonly availability?: readonly Availability[];
}

interface Config {
  readonly components: Readonly<Record<string, Entity>>;
  readonly availability?: readonly Availability[];
}

/**
 * What Home Assistant's MQTT integration does with discovery: it listens to configurations, subscribes to the topics in them, and
 * publishes what their templates make of a wish. Its entities go by their entity ids.
 */
export class Home implements AsyncDisposable {
  readonly #configs = new Map<string, Config>();
  /** The last payload by topic. */
  readonly #said = new Map<string, string>();
  /** By availability topic. */
  readonly #isThere = new Map<string, boolean>();
  readonly #events = new Map<string, string[]>();
  /** Topics of configurations in the order they came, those that were retained left out. */
  readonly announced: string[] = [];
  /** What it would have written to its log. */
  readonly complaints: string[] = [];

  private constructor(private readonly client: MqttClient) {
    client.on('message', (topic, payload, { retain }) => this.#heard(topic, payload.toString(), retain));
  }

  static async start(url: string, prefix = 'homeassistant'): Promise<Home> {
    const client = await connectAsync(url, { reconnectPeriod: 50, connectTimeout: PATIENCE_MS });
    client.on('error', () => {});
    const home = new Home(client);
    await client.subscribeAsync(`${prefix}/device/+/config`);
    await client.publishAsync(`${prefix}/status`, 'online');
    return home;
  }

  get entities(): ReadonlyMap<string, Entity> {
    const all = [...this.#configs.values()].flatMap(({ components, availability }) =>
      Object.values(components)
        .filter(({ default_entity_id }) => default_entity_id)
        .map((entity): [string, Entity] => [
          entity.default_entity_id,
          { ...(availability && { availability }), ...entity },
        ]),
    );
    return new Map(all);
  }

  /** The state as the history would show it; undefined while it is unknown. */
  state(entityId: string): string | undefined {
    const { state_topic = '', value_template, payload_on, payload_off } = this.#entity(entityId);
    const payload = this.#said.get(state_topic);
    if (payload === undefined) return undefined;
    const shown = value_template === undefined ? payload : renderState(value_template, payload);
    if (shown === payload_on) return 'ON';
    if (shown === payload_off) return 'OFF';
    return shown === '' ? undefined : shown;
  }

  isAvailable(entityId: string): boolean {
    const { availability = [] } = this.#entity(entityId);
    return availability.every(({ topic }) => this.#isThere.get(topic) ?? false);
  }

  /** What an event entity has fired, oldest first. */
  events(entityId: string): readonly string[] {
    return this.#events.get(entityId) ?? [];
  }

  /** The action `number.set_value`. */
  async setValue(entityId: string, value: number): Promise<void> {
    const { command_template = '' } = this.#entity(entityId);
    await this.#command(entityId, renderCommand(command_template, value));
  }

  /** The action `button.press`. */
  press(entityId: string): Promise<void> {
    return this.#command(entityId, 'PRESS');
  }

  /** The actions `switch.turn_on` and `switch.turn_off`. */
  turn(entityId: string, to: 'ON' | 'OFF'): Promise<void> {
    return this.#command(entityId, to);
  }

  async has(...entityIds: readonly string[]): Promise<void> {
    await this.#until(() => entityIds.filter((id) => !this.entities.has(id)), []);
  }

  async hasNot(entityId: string): Promise<void> {
    await this.#until(() => this.entities.has(entityId), false);
  }

  async reaches(entityId: string, state: string): Promise<void> {
    await this.#until(() => this.state(entityId), state);
  }

  async isSoonAvailable(entityId: string, available = true): Promise<void> {
    await this.#until(() => this.isAvailable(entityId), available);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.endAsync(true);
  }

  #until<T>(look: () => T, expected: T): Promise<void> {
    return expect.poll(look, { interval: 5, timeout: PATIENCE_MS }).toEqual(expected);
  }

  #entity(entityId: string): Entity {
    const entity = this.entities.get(entityId);
    if (!entity) throw new Error(`There is no ${entityId}; there are ${[...this.entities.keys()].join(', ')}`);
    return entity;
  }

  async #command(entityId: string, payload: string): Promise<void> {
    const { command_topic } = this.#entity(entityId);
    if (command_topic === undefined) throw new Error(`${entityId} takes no commands`);
    await this.client.publishAsync(command_topic, payload, { qos: 1 });
  }

  #heard(topic: string, payload: string, retain: boolean): void {
    if (topic.endsWith('/config')) {
      if (!retain) this.announced.push(topic);
      this.#discovered(topic, payload);
      return;
    }
    this.#said.set(topic, payload);
    for (const { topic: at, value_template } of this.#availabilities()) {
      if (at !== topic) continue;
      const rendered = value_template === undefined ? payload : renderAvailability(value_template, payload);
      // Anything else changes nothing.
      if (rendered === 'online' || rendered === 'offline') this.#isThere.set(topic, rendered === 'online');
    }
    for (const [entityId, { platform, state_topic, value_template = '' }] of this.entities) {
      if (platform !== 'event' || state_topic !== topic || retain) continue;
      const rendered = renderState(value_template, payload);
      if (rendered === '') continue;
      const fired = this.#events.get(entityId) ?? [];
      this.#events.set(entityId, [...fired, String(JSON.parse(rendered).event_type)]);
    }
  }

  #availabilities(): readonly Availability[] {
    return [...this.entities.values()].flatMap(({ availability = [] }) => availability);
  }

  #discovered(topic: string, payload: string): void {
    if (payload === '') {
      this.#configs.delete(topic);
      return;
    }
    this.complaints.push(...complaints(topic, payload));
    const config: Config = JSON.parse(payload);
    this.#configs.set(topic, config);
    const topics = Object.values(config.components).flatMap(({ state_topic, availability = [] }) => [
      ...(state_topic === undefined ? [] : [state_topic]),
      ...availability.map((one) => one.topic),
    ]);
    this.client.subscribe([...topics, ...(config.availability ?? []).map((one) => one.topic)], { qos: 1 });
  }
}
