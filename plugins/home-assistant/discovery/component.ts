/**
 * What Home Assistant is told, in its own words (https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery). One unknown key
 * at the top of a configuration and it refuses the device with everything in it, so this is kept to what is used.
 */

interface Entity {
  /** What it is called beside the name of the device. */
  readonly name: string;
  readonly unique_id: string;
  /** Only a proposal, for the first time that Home Assistant sees the entity. */
  readonly default_entity_id: string;
  readonly icon?: string;
  readonly entity_category?: 'config' | 'diagnostic';
  readonly enabled_by_default?: boolean;
  readonly availability?: readonly Availability[];
}

interface Availability {
  /** Says `online` or `offline`. */
  readonly topic: string;
  /** What is there instead of what the topic says. */
  readonly value_template?: string;
}

export interface NumberComponent extends Entity {
  readonly platform: 'number';
  readonly command_topic: string;
  readonly command_template: string;
  readonly state_topic: string;
  readonly value_template: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly mode: 'slider';
  readonly unit_of_measurement: '%';
}

export interface SensorComponent extends Entity {
  readonly platform: 'sensor';
  readonly state_topic: string;
  readonly value_template?: string;
  readonly device_class?: 'battery' | 'signal_strength';
  readonly state_class: 'measurement';
  readonly unit_of_measurement?: '%' | 'dBm';
  readonly suggested_display_precision: number;
}

interface BinarySensorComponent extends Entity {
  readonly platform: 'binary_sensor';
  readonly state_topic: string;
  readonly value_template?: string;
  readonly device_class?: 'connectivity';
  readonly payload_on?: string;
  readonly payload_off?: string;
}

interface EventComponent extends Entity {
  readonly platform: 'event';
  readonly state_topic: string;
  readonly value_template: string;
  readonly device_class: 'button';
  readonly event_types: readonly string[];
}

interface ButtonComponent extends Entity {
  readonly platform: 'button';
  readonly command_topic: string;
}

interface SwitchComponent extends Entity {
  readonly platform: 'switch';
  readonly command_topic: string;
  readonly state_topic: string;
}

export type Component =
  | NumberComponent
  | SensorComponent
  | BinarySensorComponent
  | EventComponent
  | ButtonComponent
  | SwitchComponent;

export const PLATFORMS = [
  'number',
  'sensor',
  'binary_sensor',
  'event',
  'button',
  'switch',
] as const satisfies readonly Component['platform'][];
type Platform = (typeof PLATFORMS)[number];

/** A component that only lacks its name, and what follows from that. */
export type Unnamed<C> = C extends unknown ? Omit<C, 'name' | 'unique_id' | 'default_entity_id'> : never;

/** Says that a component is gone. */
export interface Tombstone {
  readonly platform: Platform;
}

export interface DiscoveryConfig {
  readonly device: {
    readonly identifiers: readonly string[];
    readonly name: string;
    readonly manufacturer: string;
    readonly model: string;
    readonly serial_number?: string;
    readonly sw_version?: string;
    readonly suggested_area?: string;
    readonly via_device?: string;
  };
  readonly origin: { readonly name: 'Pulsegate'; readonly sw_version: string };
  readonly availability?: readonly Availability[];
  readonly availability_mode?: 'all';
  readonly qos: 1;
  readonly components: Readonly<Record<string, Component | Tombstone>>;
}

/** A configuration and what its topic is made of. */
export interface Announcement {
  readonly objectId: string;
  readonly config: DiscoveryConfig & { readonly components: Readonly<Record<string, Component>> };
}
