import { mqttTopics } from 'pulsegate/plugin';
import type { Announcement, Component } from './component.js';
import type { Place } from './device.js';
import { gatewayObjectId } from './identity.js';
import { readable, slug } from './names.js';

export interface GatewayOptions {
  readonly gatewayName?: string;
  readonly suggestedArea?: string;
}

/** The gateway as a device of its own, through which Home Assistant knows the others. */
export function announceGateway({ gateway, root, version }: Place, options: GatewayOptions): Announcement {
  const objectId = gatewayObjectId(gateway);
  const topics = mqttTopics(root);
  const name = readable(options.gatewayName ?? '') || `Pulsegate ${gateway}`;
  const ids = (platform: Component['platform'], key: string, label: string) => ({
    name: label,
    unique_id: `${objectId}_${key}`,
    default_entity_id: `${platform}.${slug(name)}_${slug(label)}`,
  });
  // Not for the whole device: whether the gateway is there can be told also when it is not.
  const availability = [{ topic: topics.status }];
  return {
    objectId,
    config: {
      device: {
        identifiers: [objectId],
        name,
        manufacturer: 'Pulsegate',
        model: 'Gateway',
        sw_version: version,
        ...(options.suggestedArea !== undefined && { suggested_area: options.suggestedArea }),
      },
      origin: { name: 'Pulsegate', sw_version: version },
      qos: 1,
      components: {
        stop_all: {
          platform: 'button',
          ...ids('button', 'stop_all', 'Stop all'),
          command_topic: topics.stop,
          icon: 'mdi:stop-circle',
          availability,
        },
        scanning: {
          platform: 'switch',
          ...ids('switch', 'scanning', 'Scanning'),
          command_topic: topics.scanSet,
          state_topic: topics.scan,
          icon: 'mdi:magnify-scan',
          availability,
        },
        connection: {
          platform: 'binary_sensor',
          ...ids('binary_sensor', 'connection', 'Connection'),
          state_topic: topics.status,
          payload_on: 'online',
          payload_off: 'offline',
          device_class: 'connectivity',
          entity_category: 'diagnostic',
        },
        devices: {
          platform: 'sensor',
          ...ids('sensor', 'devices', 'Connected devices'),
          state_topic: topics.deviceCount,
          state_class: 'measurement',
          suggested_display_precision: 0,
          icon: 'mdi:counter',
          entity_category: 'diagnostic',
          availability,
        },
      },
    },
  };
}
