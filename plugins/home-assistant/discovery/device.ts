import { mqttTopics } from 'pulsegate/plugin';
import { type KnownDevice, shownName } from '../known-device.js';
import { type AreaOptions, areaOf } from './areas.js';
import type { Announcement, Component, Unnamed } from './component.js';
import { deviceObjectId, gatewayObjectId } from './identity.js';
import { INPUT_ENTITIES, type InputEntity } from './inputs.js';
import { distinctNames, type Labelled, readable, slug } from './names.js';
import { numberParts, OUTPUT_ENTITIES, type OutputOptions } from './outputs.js';
import { ONLINE_OR_NOT } from './templates.js';

/** The gateway as far as discovery is concerned. */
export interface Place {
  /** Its name on the broker. */
  readonly gateway: string;
  /** What its topics begin with. */
  readonly root: string;
  readonly version: string;
}

export interface DeviceOptions extends AreaOptions, OutputOptions {
  readonly serialNumber: boolean;
}

/** An entity that only lacks its name, and what follows from that. */
interface Draft extends Labelled {
  /** Tells it from the others of the device, for ever. */
  readonly key: string;
  readonly parts: Unnamed<Component>;
}

/** All that Home Assistant has to know of a device. */
export function announceDevice(device: KnownDevice, place: Place, options: DeviceOptions): Announcement {
  const { gateway, root, version } = place;
  const objectId = deviceObjectId(gateway, device.id);
  const topics = mqttTopics(root);
  const area = areaOf(device, options);
  const name = readable(shownName(device)) || device.id;
  return {
    objectId,
    config: {
      device: {
        identifiers: [objectId],
        name,
        manufacturer: readable(device.brand) || 'unknown',
        model: readable(device.name) || 'unknown',
        ...(options.serialNumber && { serial_number: device.address }),
        ...(area !== undefined && { suggested_area: area }),
        via_device: gatewayObjectId(gateway),
      },
      origin: { name: 'Pulsegate', sw_version: version },
      availability: [
        { topic: topics.status },
        { topic: topics.device(device.id).availability, value_template: ONLINE_OR_NOT },
      ],
      availability_mode: 'all',
      qos: 1,
      components: named(objectId, slug(name) || slug(device.id), drafts(device, root, options)),
    },
  };
}

function drafts(device: KnownDevice, root: string, options: DeviceOptions): Draft[] {
  const topics = mqttTopics(root).device(device.id);
  return [
    ...device.outputs.flatMap((output): Draft[] => {
      const { feature, type, description } = output;
      const { set: command_topic, state: state_topic } = topics.feature(feature);
      const number = numberParts(output, options);
      if (!number) return [];
      const key = `${feature}_${slug(type)}`;
      const { label } = OUTPUT_ENTITIES[type];
      return [{ key, label, description, parts: { platform: 'number', command_topic, state_topic, ...number } }];
    }),
    ...device.inputs.flatMap(({ feature, type, description }) =>
      INPUT_ENTITIES[type].map(
        ({ key, label, describe }: InputEntity): Draft => ({
          key: `${feature}_${key}`,
          label,
          description,
          parts: describe(topics.feature(feature)),
        }),
      ),
    ),
    {
      key: 'stop',
      label: 'Stop',
      description: '',
      parts: { platform: 'button', command_topic: topics.stop, icon: 'mdi:stop-circle-outline' },
    },
  ];
}

function named(objectId: string, prefix: string, drafts: readonly Draft[]): Record<string, Component> {
  const names = distinctNames(drafts);
  return Object.fromEntries(
    drafts.map(({ key, label, parts }, place) => {
      const name = names[place] ?? label;
      const ids = {
        name,
        unique_id: `${objectId}_${key}`,
        default_entity_id: `${parts.platform}.${prefix}_${slug(name)}`,
      };
      return [key, { ...parts, ...ids }];
    }),
  );
}
