import {
  type Clock,
  type Logger,
  type MqttClient,
  mqttTopics,
  type RetainedTopics,
  type Timer,
} from 'pulsegate/plugin';
import type { Announcement, Component, DiscoveryConfig, Tombstone } from './discovery/component.js';
import { announceDevice, type DeviceOptions, type Place } from './discovery/device.js';
import { announceGateway, type GatewayOptions } from './discovery/gateway.js';
import { configPrefix, configTopic, deviceObjectId } from './discovery/identity.js';
import type { KnownDevice } from './known-device.js';
import type { Components, Memory } from './memory.js';
import type { Roster } from './roster.js';

interface AnnouncerOptions extends DeviceOptions, GatewayOptions {
  readonly discoveryPrefix: string;
  readonly birth: { readonly topic?: string; readonly payload: string; readonly maxDelay: number };
}

export interface AnnouncerParts {
  readonly client: MqttClient;
  readonly roster: Roster;
  readonly memory: Memory;
  readonly version: string;
  readonly options: AnnouncerOptions;
  readonly clock: Clock;
  readonly log: Logger;
  /** 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** How long Home Assistant has to take notice that a component is gone, ms; then it is left out altogether. */
const TOMBSTONE_MS = 5_000;

/** Tells Home Assistant over one connection what there is. */
export class Announcer implements Disposable {
  readonly #place: Place;
  readonly #configs: RetainedTopics;
  readonly #count: RetainedTopics;
  readonly #owned = new DisposableStack();
  readonly #tombstones = new Map<string, Timer>();
  #reannouncing: Timer | undefined;

  constructor(private readonly parts: AnnouncerParts) {
    const { client, roster, version, options } = parts;
    const { gateway, root } = client;
    const { discoveryPrefix, birth } = options;
    this.#place = { gateway, root, version };
    this.#configs = this.#owned.use(
      client.retain({ filter: configTopic(discoveryPrefix, '+'), prefix: configPrefix(discoveryPrefix, gateway) }),
    );
    const countTopic = mqttTopics(root).deviceCount;
    this.#count = this.#owned.use(client.retain({ filter: countTopic, prefix: countTopic }));
    this.#owned.use(roster.on('known', (device) => this.#announceDevice(device)));
    this.#owned.use(roster.on('forgotten', (id) => this.#withdraw(id)));
    this.#owned.use(roster.on('count', (count) => this.#count.set(countTopic, String(count))));
    this.#owned.use(
      client.listen(birth.topic ?? `${discoveryPrefix}/status`, ({ payload, retain }) => {
        // One that was kept tells of a start long ago; on a connection everything is compared anyway.
        if (!retain && payload.toString() === birth.payload) this.#reannounceSoon();
      }),
    );
    this.#owned.use(client.on('connected', () => parts.memory.keep()));
    if (client.isConnected) parts.memory.keep();
    this.#announce(announceGateway(this.#place, options));
    for (const device of roster.devices) this.#announceDevice(device);
    this.#count.set(countTopic, String(roster.count));
  }

  [Symbol.dispose](): void {
    this.#reannouncing?.cancel();
    for (const timer of this.#tombstones.values()) timer.cancel();
    this.#owned.dispose();
  }

  #announceDevice(device: KnownDevice): void {
    this.#announce(announceDevice(device, this.#place, this.parts.options));
  }

  /**
   * What Home Assistant knew and is not there any more is named once without anything else, and then left out: so its
   * documentation asks for it. Until that is done, it is remembered.
   */
  #announce({ objectId, config }: Announcement): void {
    const { memory } = this.parts;
    this.#tombstones.get(objectId)?.cancel();
    this.#tombstones.delete(objectId);
    const now = platforms(config.components);
    const before = memory.components(objectId);
    const gone = Object.entries(before).filter(([key]) => !(key in now));
    memory.setComponents(objectId, { ...before, ...now });
    if (gone.length === 0) {
      this.#publish(objectId, config);
      return;
    }
    const tombstones = Object.fromEntries(gone.map(([key, platform]): [string, Tombstone] => [key, { platform }]));
    this.#publish(objectId, { ...config, components: { ...config.components, ...tombstones } });
    this.#leaveOutLater(objectId, config, now);
  }

  #leaveOutLater(objectId: string, config: DiscoveryConfig, now: Components): void {
    const { client, clock, memory } = this.parts;
    const leaveOut = () => {
      // Nobody has heard it yet.
      if (!client.isConnected) return this.#leaveOutLater(objectId, config, now);
      this.#tombstones.delete(objectId);
      memory.setComponents(objectId, now);
      this.#publish(objectId, config);
    };
    this.#tombstones.set(objectId, clock.after(TOMBSTONE_MS, leaveOut));
  }

  #publish(objectId: string, config: DiscoveryConfig): void {
    this.#configs.set(configTopic(this.parts.options.discoveryPrefix, objectId), JSON.stringify(config));
  }

  #withdraw(id: string): void {
    const objectId = deviceObjectId(this.#place.gateway, id);
    this.#tombstones.get(objectId)?.cancel();
    this.#tombstones.delete(objectId);
    this.parts.memory.forgetComponents(objectId);
    this.#configs.delete(configTopic(this.parts.options.discoveryPrefix, objectId));
  }

  /** At a moment of our own: everybody on the broker hears of the start, and wants to speak first. */
  #reannounceSoon(): void {
    const { clock, log, options, random } = this.parts;
    this.#reannouncing?.cancel();
    this.#reannouncing = clock.after(random() * options.birth.maxDelay, () => {
      log.debug('Home Assistant has started: everything is announced once more');
      this.#configs.republish();
      this.#count.republish();
    });
  }
}

const platforms = (components: Readonly<Record<string, Component>>): Components =>
  Object.fromEntries(Object.entries(components).map(([key, { platform }]) => [key, platform]));
